// What each protocol says of itself: how its header is found, shown and built.
import type { Text } from "../text/index.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";

/** One value of a header, as `_pkt` and `_pkt_more` list them. */
export interface Item {
  readonly field: string;
  readonly value: ItemValue;
}

export type ItemValue = string | number | readonly string[];

/** Takes one value of `_pkt_more`. */
export type Add = (field: string, value: ItemValue) => void;

/** The IP header below a transport header, as checksums need it. */
export interface Network {
  /** Where the address of the source stands. */
  readonly source: number;
  /** Where the address of the destination stands: the last one, where the packet goes by others. */
  readonly destination: number;
  /** Bytes of an address: 4 or 16. */
  readonly addressBytes: number;
  /** Where its payload ends by its own length; padding may follow. */
  readonly end: number;
}

/** What `more` may know besides the header itself. */
export interface Place {
  /** Where the frame ends. */
  readonly end: number;
  /** The IP header that carries this header, if one does. */
  readonly network: Network | undefined;
}

/**
 * A protocol. Headers of a frame are found from the outermost to the innermost: `measure`, then `next`, until a protocol is not
 * known or its header is not all there. Nothing here throws when it reads.
 */
export interface Protocol {
  /** The protocol's name, for errors: "IPv4". */
  readonly name: string;
  /** Nothing follows it but padding. */
  readonly closes?: boolean;
  /** Fields that it writes or reads, those of `_pkt` and of `_pkt_more`. */
  readonly fields: readonly string[];
  /**
   * Bytes of the header that starts at `o`: 0 when it is not all there before `end`, or is such that `write` and `more` cannot
   * say all of it; it stays payload then.
   */
  measure(b: Uint8Array, o: number, end: number): number;
  /** The protocol of what is behind the header b[o, stop); undefined when nobody knows it. */
  next(b: Uint8Array, o: number, stop: number, end: number): Protocol | undefined;
  /** Writes the header's fields for `_pkt`, each with a comma before it. */
  write(b: Uint8Array, o: number, stop: number, w: Text): void;
  /** Writes fields that stand behind those of all headers. */
  writeLast?(b: Uint8Array, o: number, stop: number, w: Text): void;
  /** Tells what else stands in the header where it is not what `build` would write by itself. */
  more(b: Uint8Array, o: number, stop: number, place: Place, add: Add): void;
  /**
   * Where what the header b[o, stop) carries ends, by the length in it: the padding behind that holds no headers. For IPv4 only: the
   * shortest frames leave an IPv6 header no more than 6 bytes of padding.
   */
  contentEnd?(b: Uint8Array, o: number, stop: number, end: number): number;
  /** What checksums of the headers inside need; IP only. */
  network?(b: Uint8Array, o: number, stop: number, end: number): Network;
  /**
   * Whether fields were given that need this header.
   * @param chosen  a number in the header below says that this one follows, so that fields of several protocols are its own
   */
  wanted(fields: Fields, chosen: boolean): boolean;
  /** Appends the header, and those behind it. Throws EncodeError for values that it cannot hold. */
  build(fields: Fields, frame: FrameBuilder): void;
}

/** `--pkt-decode`, `--pkt-filter` and `--pkt-write-file`: what is done with the frames of PACKET_IN and PACKET_OUT. */
import { carriesPacket, type Envelope, frameTypeName, type PacketPrinter } from "../codec/decode.js";
import type { PacketFilter } from "../packet/index.js";
import { writePcapHeader, writePcapRecord } from "../pcap/index.js";
import { Writer } from "../wire/index.js";
import { type Output, writeOutput } from "./output.js";

/** Bytes of frames that are collected before they are written. */
const MOST_BYTES = 1 << 18;
/** Two messages and their headers more than that. */
const LIMIT = MOST_BYTES + (1 << 18);

/** What shall be done with frames; each may be left out. */
export interface PacketWishes {
  /** Prints what they hold. */
  readonly print: PacketPrinter | undefined;
  /** Tells whose messages are wanted. */
  readonly filter: PacketFilter | undefined;
  /** An open file for those that are wanted. */
  readonly capture: Output | undefined;
}

/** Looks at the frame of each message while it is decoded. */
export class PacketTap {
  /** To be given to the decoder. */
  readonly printer: PacketPrinter;
  readonly #filter: PacketFilter | undefined;
  readonly #capture: Output | undefined;
  readonly #out = new Writer(LIMIT);
  /** The frame of the message that was decoded last. */
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #wanted = true;

  constructor({ print, filter, capture }: PacketWishes) {
    this.#filter = filter;
    this.#capture = capture;
    this.printer = {
      detail: print?.detail ?? "fields",
      writeFields: (b, o, end, w) => {
        this.#bytes = b;
        this.#start = o;
        this.#end = end;
        this.#wanted = filter === undefined || filter.matches(b, o, end);
        if (this.#wanted) print?.writeFields(b, o, end, w);
      },
      writeOthers: (b, o, end, w, detail) => {
        if (this.#wanted) print?.writeOthers(b, o, end, w, detail);
      },
    };
    if (capture !== undefined) writePcapHeader(this.#out);
  }

  /**
   * Whether the message in b[o, end), which was decoded just now, is wanted. Only those that have a frame may be unwanted: a
   * message in another one does not count. Its frame goes to the file.
   */
  takes(b: Buffer, o: number, end: number, envelope: Envelope): boolean {
    if (this.#filter === undefined && this.#capture === undefined) return true;
    const type = frameTypeName(b, o, end);
    if (type === undefined || !carriesPacket(type)) return true;
    if (!this.#wanted) return false;
    if (this.#capture !== undefined && this.#end > this.#start) {
      const [sec, nsec] = envelope.sec < 0 ? [0, 0] : [envelope.sec, envelope.nsec];
      writePcapRecord(this.#out, this.#bytes, this.#start, this.#end, sec, nsec);
      if (this.#out.p > MOST_BYTES) this.flush();
    }
    return true;
  }

  /** Writes the frames that are collected. Throws OutputGone or OutputFailed. */
  flush(): void {
    if (this.#capture === undefined || this.#out.p === 0) return;
    writeOutput(this.#capture, this.#out.view());
    this.#out.reset();
  }
}

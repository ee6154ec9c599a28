// The classic format of tcpdump (pcap-savefile(5)), with its lowest or its highest bytes first.
//
//      0          4        6        8           16         20         24
//     +----------+--------+--------+-----------+----------+----------+
//     | magic    | 2      | 4      | zeros     | snaplen  | linktype |      once
//     +----------+--------+--------+-----------+----------+----------+
//     | seconds  | fraction        | captured  | length   | packet            each packet
//     +----------+-----------------+-----------+----------+----------
//     magic: A1B2C3D4 the fraction is microseconds, A1B23C4D nanoseconds; A1B2CD34 microseconds, and 8 bytes before the packet
//     linktype: the upper 16 bits say other things
import { type FileEvents, type FileReader, MAX_PACKET, makePacket } from "./packet.js";
import { PartReader } from "./part-reader.js";

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** What each magic number, read with its lowest byte first, means. */
const KINDS: ReadonlyMap<number, { readonly big: boolean; readonly nanos: boolean; readonly more: number }> =
  new Map([
    [0xa1b2c3d4, { big: false, nanos: false, more: 0 }],
    [0xd4c3b2a1, { big: true, nanos: false, more: 0 }],
    [0xa1b23c4d, { big: false, nanos: true, more: 0 }],
    [0x4d3cb2a1, { big: true, nanos: true, more: 0 }],
    // Linux, with patches of the 1990s.
    [0xa1b2cd34, { big: false, nanos: false, more: 8 }],
    [0x34cdb2a1, { big: true, nanos: false, more: 8 }],
  ]);

/** Reads a file of this format, from its first byte on. */
export class PcapReader implements FileReader {
  readonly #events: FileEvents;
  readonly #parts: PartReader;
  readonly #packet = makePacket();
  #big = false;
  #nanos = false;
  #recordHeader = RECORD_HEADER;
  /** What the next part is. */
  #next: "file header" | "record header" | "packet" = "file header";

  constructor(events: FileEvents) {
    this.#events = events;
    this.#parts = new PartReader(FILE_HEADER, (b, o, end) => this.#read(b, o, end));
  }

  push(chunk: Buffer): void {
    this.#parts.push(chunk);
  }

  end(): void {
    const whole = !this.#parts.torn && this.#next === "record header";
    if (!whole && !this.#parts.closed) this.#damage(`the file ends within a ${this.#next}`);
  }

  #read(b: Buffer, o: number, end: number): number {
    switch (this.#next) {
      case "file header":
        return this.#readFileHeader(b, o);
      case "record header":
        return this.#readRecordHeader(b, o);
      case "packet":
        return this.#readPacket(b, o, end);
    }
  }

  #readFileHeader(b: Buffer, o: number): number {
    const kind = KINDS.get(b.readUInt32LE(o));
    if (kind === undefined) return this.#damage("no header of a pcap file");
    this.#big = kind.big;
    this.#nanos = kind.nanos;
    this.#recordHeader = RECORD_HEADER + kind.more;
    this.#packet.linkType = this.#u32(b, o + 20) & 0xffff;
    this.#events.onLinkType(this.#packet.linkType);
    this.#next = "record header";
    return this.#recordHeader;
  }

  #readRecordHeader(b: Buffer, o: number): number {
    const captured = this.#u32(b, o + 8);
    if (captured > MAX_PACKET)
      return this.#damage(`a packet says that it has ${captured} bytes, more than ${MAX_PACKET}`);
    const fraction = this.#u32(b, o + 4);
    this.#packet.sec = this.#u32(b, o);
    // What exceeds a second is an error of who wrote it, and not worth a word.
    this.#packet.nsec = Math.min(this.#nanos ? fraction : fraction * 1000, 999_999_999);
    this.#next = "packet";
    return captured;
  }

  #readPacket(b: Buffer, o: number, end: number): number {
    this.#packet.b = b;
    this.#packet.o = o;
    this.#packet.end = end;
    this.#events.onPacket(this.#packet);
    this.#next = "record header";
    return this.#recordHeader;
  }

  #damage(detail: string): number {
    this.#events.onDamage(`byte ${this.#parts.offset}: ${detail}`);
    this.#parts.close();
    return 0;
  }

  #u32(b: Buffer, o: number): number {
    return this.#big ? b.readUInt32BE(o) : b.readUInt32LE(o);
  }
}

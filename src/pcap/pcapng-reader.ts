// The format of Wireshark, pcapng (draft-ietf-opsawg-pcapng). A file is sections, each in its own byte order; a section is blocks.
//
//      0          4          8                              length-4     length
//     +----------+----------+------------------------------+------------+
//     | type     | length   | body                         | length     |
//     +----------+----------+------------------------------+------------+
//     section    byte order mark, versions, options
//     interface  linktype 2, zeros 2, snaplen 4, options
//     enhanced   interface 4, time 8, captured 4, length 4, packet, padding, options
//     old        interface 2, drops 2, and as enhanced
//     simple     length 4, packet, padding
//     secrets    kind 4, length 4, secrets, padding, options
import { type FileEvents, type FileReader, MAX_PACKET, makePacket } from "./packet.js";
import { PartReader } from "./part-reader.js";
import { type Clock, makeClock, setTime } from "./timestamp.js";

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const OLD_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const SECRETS = 10;

const BYTE_ORDER_MARK = 0x1a2b3c4d;
const HEADER = 8;
const TRAILER = 4;
/** Bytes of a block's body before its packet. */
const PACKET_HEAD = 20;
const SIMPLE_HEAD = 4;
/** Longest description of an interface that is read: names, addresses, a filter. */
const MAX_INTERFACE = 65_536;
/** Interfaces of one section. */
const MAX_INTERFACES = 65_536;
/** The secrets of TLS as browsers write them, in SECRETS. */
const TLS_KEY_LOG = 0x544c534b;

const OPTION_END = 0;
const OPTION_RESOLUTION = 9;
const OPTION_OFFSET = 14;
const MICROSECONDS = 6;

/** What a part of the file is. */
type Part = "block" | "byte order" | "interface" | "head" | "packet" | "secrets" | "trailer";

/** An interface that packets were captured from. */
interface CaptureInterface {
  readonly linkType: number;
  /** Bytes of each packet that are kept; 0 for all. */
  readonly snaplen: number;
  readonly clock: Clock;
}

/** Reads a file of this format, from its first byte on. */
export class PcapngReader implements FileReader {
  readonly #events: FileEvents;
  readonly #parts: PartReader;
  readonly #packet = makePacket();
  #big = false;
  #interfaces: CaptureInterface[] = [];
  /** Of the block: its type, and the bytes of it that have not been read. */
  #type = SECTION;
  #length = 0;
  #left = 0;
  #next: Part = "block";
  #announced = false;

  constructor(events: FileEvents) {
    this.#events = events;
    this.#parts = new PartReader(HEADER, (b, o, end) => this.#read(b, o, end));
  }

  push(chunk: Buffer): void {
    this.#parts.push(chunk);
  }

  end(): void {
    const whole = !this.#parts.torn && this.#next === "block";
    if (!whole && !this.#parts.closed) this.#damage("the file ends within a block");
  }

  #read(b: Buffer, o: number, end: number): number {
    this.#left -= end - o;
    switch (this.#next) {
      case "block":
        return this.#readHeader(b, o);
      case "byte order":
        return this.#readByteOrder(b, o);
      case "interface":
        return this.#readInterface(b, o, end);
      case "head":
        return this.#readHead(b, o);
      case "packet":
        return this.#readPacket(b, o, end);
      case "secrets":
        if (this.#u32(b, o) === TLS_KEY_LOG) this.#events.onSecrets();
        return this.#skipRest();
      case "trailer":
        return this.#readTrailer(b, o);
    }
  }

  #readHeader(b: Buffer, o: number): number {
    this.#type = this.#u32(b, o);
    this.#length = this.#u32(b, o + 4);
    if (this.#type === SECTION) {
      // Only the mark behind it tells in which byte order the length is.
      this.#length = b.readUInt32LE(o + 4);
      this.#left = 4;
      return this.#want("byte order", 4);
    }
    if (!this.#startBody()) return 0;
    switch (this.#type) {
      case INTERFACE:
        if (this.#left > MAX_INTERFACE)
          return this.#damage(`${this.#left} bytes describe an interface, more than ${MAX_INTERFACE}`);
        return this.#want("interface", this.#left);
      case ENHANCED_PACKET:
      case OLD_PACKET:
        return this.#want("head", PACKET_HEAD);
      case SIMPLE_PACKET:
        return this.#want("head", SIMPLE_HEAD);
      case SECRETS:
        return this.#want("secrets", 4);
      default:
        return this.#skipRest();
    }
  }

  #readByteOrder(b: Buffer, o: number): number {
    this.#big = b.readUInt32BE(o) === BYTE_ORDER_MARK;
    if (!this.#big && b.readUInt32LE(o) !== BYTE_ORDER_MARK)
      return this.#damage(`a section has the byte order mark ${b.toString("hex", o, o + 4)}`);
    if (this.#big) this.#length = swap(this.#length);
    this.#interfaces = [];
    if (!this.#startBody()) return 0;
    this.#left -= 4;
    return this.#left < 0 ? this.#badLength() : this.#skipRest();
  }

  #readInterface(b: Buffer, o: number, end: number): number {
    if (end - o < 8) return this.#badLength();
    if (this.#interfaces.length === MAX_INTERFACES)
      return this.#damage(`more than ${MAX_INTERFACES} interfaces`);
    const linkType = this.#u16(b, o);
    this.#interfaces.push({ linkType, snaplen: this.#u32(b, o + 4), clock: this.#readClock(b, o + 8, end) });
    if (!this.#announced) this.#events.onLinkType(linkType);
    this.#announced = true;
    return this.#skipRest();
  }

  #readClock(b: Buffer, o: number, end: number): Clock {
    let resolution = MICROSECONDS;
    let offset = 0n;
    for (let at = o; end - at >= 4; ) {
      const option = this.#u16(b, at);
      const length = this.#u16(b, at + 2);
      const value = at + 4;
      if (option === OPTION_END || length > end - value) break;
      if (option === OPTION_RESOLUTION && length === 1) resolution = b[value]!;
      if (option === OPTION_OFFSET && length === 8)
        offset = this.#big ? b.readBigInt64BE(value) : b.readBigInt64LE(value);
      at = value + ((length + 3) & ~3);
    }
    return makeClock(resolution, offset);
  }

  #readHead(b: Buffer, o: number): number {
    const simple = this.#type === SIMPLE_PACKET;
    const number = simple ? 0 : this.#type === OLD_PACKET ? this.#u16(b, o) : this.#u32(b, o);
    const from = this.#interfaces[number];
    if (from === undefined)
      return this.#damage(`a packet is of interface ${number}, and ${this.#interfaces.length} are described`);
    const packet = this.#packet;
    packet.linkType = from.linkType;
    if (!simple) setTime(packet, from.clock, this.#u32(b, o + 4), this.#u32(b, o + 8));
    else packet.sec = -1;
    // A simple block does not say how much was captured: it is what the interface keeps.
    const captured = simple ? Math.min(this.#u32(b, o), from.snaplen || Infinity) : this.#u32(b, o + 12);
    if (captured > MAX_PACKET)
      return this.#damage(`a packet says that it has ${captured} bytes, more than ${MAX_PACKET}`);
    if (captured > this.#left)
      return this.#damage(
        `a packet says that it has ${captured} bytes, and its block ends after ${this.#left}`,
      );
    return this.#want("packet", captured);
  }

  #readPacket(b: Buffer, o: number, end: number): number {
    this.#packet.b = b;
    this.#packet.o = o;
    this.#packet.end = end;
    this.#events.onPacket(this.#packet);
    return this.#skipRest();
  }

  #readTrailer(b: Buffer, o: number): number {
    const length = this.#u32(b, o);
    if (length !== this.#length)
      return this.#damage(`a block that started with length ${this.#length} ends with length ${length}`);
    this.#next = "block";
    return HEADER;
  }

  /** Checks the length of the block, and counts down from there. */
  #startBody(): boolean {
    this.#left = this.#length - HEADER - TRAILER;
    if (this.#length >= HEADER + TRAILER && this.#length % 4 === 0) return true;
    this.#badLength();
    return false;
  }

  #want(next: Part, bytes: number): number {
    if (bytes > this.#left) return this.#badLength();
    this.#next = next;
    return bytes;
  }

  /** Goes on to the end of the block. */
  #skipRest(): number {
    this.#parts.skip(this.#left);
    this.#next = "trailer";
    this.#left = TRAILER;
    return TRAILER;
  }

  #badLength(): number {
    return this.#damage(`a block of type ${this.#type} cannot have length ${this.#length}`);
  }

  #damage(detail: string): number {
    this.#events.onDamage(`byte ${this.#parts.offset}: ${detail}`);
    this.#parts.close();
    return 0;
  }

  #u16(b: Buffer, o: number): number {
    return this.#big ? b.readUInt16BE(o) : b.readUInt16LE(o);
  }

  #u32(b: Buffer, o: number): number {
    return this.#big ? b.readUInt32BE(o) : b.readUInt32LE(o);
  }
}

function swap(n: number): number {
  return ((n << 24) | ((n & 0xff00) << 8) | ((n >>> 8) & 0xff00) | (n >>> 24)) >>> 0;
}

/** pcapng files for tests. */
import { type Captured, ETHERNET, START } from "./traffic.js";

/** A section of a file. */
export interface Section {
  readonly packets: readonly Captured[];
  readonly big?: boolean;
  readonly linkType?: number;
  /** if_tsresol; microseconds without it. */
  readonly resolution?: number;
  /** if_tsoffset. */
  readonly offset?: bigint;
  readonly kind?: "enhanced" | "simple" | "old";
  /** Blocks and options that are to be passed over. */
  readonly extras?: boolean;
}

/** The bytes of a file. */
export function pcapngFile(sections: readonly Section[]): Buffer {
  return Buffer.concat(sections.map(section));
}

function section({ packets, big, linkType, resolution, offset, kind, extras }: Section): Buffer {
  const u16 = (value: number): Buffer => {
    const b = Buffer.alloc(2);
    if (big) b.writeUInt16BE(value);
    else b.writeUInt16LE(value);
    return b;
  };
  const u32 = (value: number): Buffer => {
    const b = Buffer.alloc(4);
    if (big) b.writeUInt32BE(value);
    else b.writeUInt32LE(value);
    return b;
  };
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const block = (type: number, ...body: Buffer[]): Buffer => {
    const length = u32(12 + body.reduce((sum, { length }) => sum + length, 0));
    return Buffer.concat([u32(type), length, ...body, length]);
  };
  const option = (code: number, bytes: Buffer): Buffer =>
    Buffer.concat([u16(code), u16(bytes.length), padded(bytes)]);
  const end = option(0, Buffer.alloc(0));
  const comment = extras ? [option(1, Buffer.from("a comment")), end] : [];

  const parts = [
    block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff), ...comment),
  ];
  const options = extras ? [option(2, Buffer.from("eth0"))] : [];
  if (resolution !== undefined) options.push(option(9, Buffer.from([resolution])));
  if (offset !== undefined) {
    const seconds = Buffer.alloc(8);
    if (big) seconds.writeBigInt64BE(offset);
    else seconds.writeBigInt64LE(offset);
    options.push(option(14, seconds));
  }
  parts.push(block(1, u16(linkType ?? ETHERNET), u16(0), u32(0), ...options, end));
  for (const { bytes, time } of packets) {
    if (extras) parts.push(block(0x12345678, Buffer.alloc(24, 7)), block(5, u32(0), u32(0), u32(0)));
    const [high, low] = ticks(time, resolution ?? 6).map(u32) as [Buffer, Buffer];
    const lengths = [u32(bytes.length), u32(bytes.length)];
    if (kind === "simple") parts.push(block(3, u32(bytes.length), padded(bytes)));
    else if (kind === "old") parts.push(block(2, u16(0), u16(0), high, low, ...lengths, padded(bytes)));
    else parts.push(block(6, u32(0), high, low, ...lengths, padded(bytes), ...comment));
  }
  return Buffer.concat(parts);
}

/** A time as the 64 bits of a block. */
function ticks(time: number, resolution: number): [number, number] {
  const perSecond = (resolution & 0x80) === 0 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution & 0x7f);
  const count = ((BigInt(START) * 1_000_000_000n + BigInt(time)) * perSecond) / 1_000_000_000n;
  return [Number(count >> 32n), Number(count & 0xffffffffn)];
}

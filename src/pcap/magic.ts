// How capture files start.

/** Bytes by which the formats are told apart. */
export const MAGIC_BYTES = 4;

/** What a file may be that is a capture, or holds one: then the name of the program that unpacks it. */
export type CaptureFormat = "pcap" | "pcapng" | "gzip" | "zstd" | "xz" | "bzip2";

/** Magic numbers of pcap, in both byte orders: microseconds, nanoseconds, and the kind of Linux in the 1990s. */
const PCAP = new Set([0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1]);
/** The type of the block that starts each section; it reads the same in both byte orders. */
const PCAPNG = 0x0a0d0d0a;

/** The first three bytes of files that are packed. Messages of OpenFlow start with a version, and none is so high. */
const PACKED: ReadonlyMap<number, CaptureFormat> = new Map([
  [0x28b52f, "zstd"],
  [0xfd377a, "xz"],
  [0x425a68, "bzip2"],
]);

/** The format of a file that starts with the bytes of `b`; undefined when it is none of them, or there are too few bytes. */
export function captureFormat(b: Uint8Array): CaptureFormat | undefined {
  if (b.length >= 2 && b[0] === 0x1f && b[1] === 0x8b) return "gzip";
  if (b.length < MAGIC_BYTES) return undefined;
  const magic = ((b[0]! << 24) | (b[1]! << 16) | (b[2]! << 8) | b[3]!) >>> 0;
  if (magic === PCAPNG) return "pcapng";
  return PCAP.has(magic) ? "pcap" : PACKED.get(magic >>> 8);
}

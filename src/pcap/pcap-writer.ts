// Capture files of Ethernet frames, with times in nanoseconds, as tcpdump and Wireshark read them (pcap-savefile(5)). All numbers
// have their lowest byte first.
//
//      0          4        6        8           16         20         24
//     +----------+--------+--------+-----------+----------+----------+
//     | A1B23C4D | 2      | 4      | zeros     | snaplen  | linktype |      once
//     +----------+--------+--------+-----------+----------+----------+
//     | seconds  | nanoseconds     | captured  | length   | frame            each frame
//     +----------+-----------------+-----------+----------+----------
import type { Writer } from "../wire/index.js";

/** Longest frame that a file says it may hold. */
const SNAPLEN = 262_144;
const LINKTYPE_ETHERNET = 1;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** Appends what a file starts with. */
export function writePcapHeader(out: Writer): void {
  const at = out.p;
  out.zeros(FILE_HEADER);
  out.b.writeUInt32LE(0xa1b23c4d, at);
  out.b.writeUInt16LE(2, at + 4);
  out.b.writeUInt16LE(4, at + 6);
  out.b.writeUInt32LE(SNAPLEN, at + 16);
  out.b.writeUInt32LE(LINKTYPE_ETHERNET, at + 20);
}

/** Appends the frame b[o, end). @param sec  seconds since 1970, 0..2^32-1; @param nsec  0..999999999 */
export function writePcapRecord(
  out: Writer,
  b: Uint8Array,
  o: number,
  end: number,
  sec: number,
  nsec: number,
): void {
  const at = out.p;
  out.zeros(RECORD_HEADER);
  out.b.writeUInt32LE(sec, at);
  out.b.writeUInt32LE(nsec, at + 4);
  out.b.writeUInt32LE(end - o, at + 8);
  out.b.writeUInt32LE(end - o, at + 12);
  out.bytes(b.subarray(o, end));
}

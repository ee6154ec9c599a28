// Capture files in the form that Wireshark writes (draft-ietf-opsawg-pcapng), of one interface, with times in nanoseconds. All
// numbers have their lowest byte first; blocks and their options are padded to four bytes.
//
//      0          4          8           12         16         20         24         28
//     +----------+----------+-----------+----------+----------+----------+--------------
//     | 0A0D0D0A | length   | 1A2B3C4D  | 1    0   | FFFFFFFF   FFFFFFFF | options, length      section: once
//     +----------+----------+-----------+----------+----------+----------+--------------
//     | 1        | length   | linktype  | snaplen  | options, length                           interface: once
//     +----------+----------+-----------+----------+----------+----------+--------------
//     | 6        | length   | interface | time, high half first | captured | length | frame, options, length
//     +----------+----------+-----------+----------+----------+----------+--------------
import type { Writer } from "../wire/index.js";

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;

/** Codes of options; 0 ends a list of them. */
const COMMENT = 1;
const USER_APPLICATION = 4;
const INTERFACE_NAME = 2;
const INTERFACE_DESCRIPTION = 3;
const TIME_RESOLUTION = 9;
const PACKET_FLAGS = 2;

/** 10^-9 seconds. */
const NANOSECONDS = 9;

/** What a file says of itself. */
export interface PcapngFacts {
  /** Name and version of the program that writes it. */
  readonly program: string;
  /** Name of the interface, and what it is. */
  readonly name: string;
  readonly description: string;
}

/** What is told of a packet besides its bytes. */
export interface PacketNotes {
  readonly direction: "inbound" | "outbound";
  /** For people. */
  readonly comment?: string | undefined;
}

/** Appends what a file starts with. */
export function writePcapngHeader(out: Writer, { program, name, description }: PcapngFacts): void {
  writeBlock(out, SECTION, () => {
    putLE32(out, BYTE_ORDER_MAGIC);
    putLE16(out, 1);
    putLE16(out, 0);
    // The length of the section is not known.
    putLE32(out, 0xffffffff);
    putLE32(out, 0xffffffff);
    writeOption(out, USER_APPLICATION, Buffer.from(program));
    endOptions(out);
  });
  writeBlock(out, INTERFACE, () => {
    putLE16(out, LINKTYPE_ETHERNET);
    putLE16(out, 0);
    putLE32(out, 0);
    writeOption(out, INTERFACE_NAME, Buffer.from(name));
    writeOption(out, INTERFACE_DESCRIPTION, Buffer.from(description));
    writeOption(out, TIME_RESOLUTION, Buffer.of(NANOSECONDS));
    endOptions(out);
  });
}

/** Appends an Ethernet frame. @param sec  seconds since 1970; @param nsec  0..999999999 */
export function writePcapngPacket(
  out: Writer,
  frame: Uint8Array,
  sec: number,
  nsec: number,
  { direction, comment }: PacketNotes,
): void {
  const time = BigInt(sec) * 1_000_000_000n + BigInt(nsec);
  writeBlock(out, ENHANCED_PACKET, () => {
    putLE32(out, 0);
    putLE32(out, Number(time >> 32n));
    putLE32(out, Number(time & 0xffffffffn));
    putLE32(out, frame.length);
    putLE32(out, frame.length);
    out.bytes(frame);
    out.align(0, 4);
    writeOption(out, PACKET_FLAGS, Buffer.of(direction === "inbound" ? 1 : 2, 0, 0, 0));
    if (comment !== undefined) writeOption(out, COMMENT, Buffer.from(comment));
    endOptions(out);
  });
}

/** The length of a block stands at both of its ends. All blocks start at a multiple of four, so that `align` may count from 0. */
function writeBlock(out: Writer, type: number, writeBody: () => void): void {
  const at = out.p;
  putLE32(out, type);
  out.zeros(4);
  writeBody();
  const length = out.p + 4 - at;
  putLE32(out, length);
  out.b.writeUInt32LE(length, at + 4);
}

function writeOption(out: Writer, code: number, value: Uint8Array): void {
  putLE16(out, code);
  putLE16(out, value.length);
  out.bytes(value);
  out.align(0, 4);
}

function endOptions(out: Writer): void {
  out.zeros(4);
}

function putLE16(out: Writer, value: number): void {
  out.room(2).writeUInt16LE(value, out.p);
  out.p += 2;
}

function putLE32(out: Writer, value: number): void {
  out.room(4).writeUInt32LE(value, out.p);
  out.p += 4;
}

// Frames to JSON text: finds the body's decoder by version and type and prints the keys around it.
import { DecodeError } from "../base/index.js";
import { type Text, writeDec, writeHex, writeTime } from "../text/index.js";
import { HEADER_LENGTH, short, u16, u32 } from "../wire/index.js";
import { context, type PacketPrinter, TEXT_BASE, TEXT_PER_BYTE } from "./context.js";
import { NoRoom } from "./decode-packet.js";
import { constant, writeConstant } from "./decode-support.js";
import type { DispatchEntry, ExperimenterTable } from "./dispatch.js";
import type { Envelope } from "./envelope.js";
import {
  experimenterMessages,
  experimenterReplies,
  experimenterRequests,
  innerMessages,
  messages,
  packetMessages,
  replies,
  requests,
} from "./gen/decode/index.js";

export type { PacketDetail, PacketPrinter } from "./context.js";
export { type Envelope, type EnvelopeKeys, makeEnvelope } from "./envelope.js";
export { type DecodedMessage, decodeToText, readMessage } from "./read-message.js";
export {
  hasMore,
  isLastPart,
  isReply,
  mayAnswer,
  onlyAnswers,
  type ReplyRule,
  replyRule,
} from "./replies.js";
export { type TunnelMapping, TunnelOptions } from "./tunnel-options.js";

const RAW_HEAD = constant('{"type":"_RAW_MESSAGE"');
const TIME = constant(',"time":');
const FLAGS_NONE = constant(',"flags":[]');
const FLAGS_MORE = constant(',"flags":["MORE"]');
const FLAGS = constant(',"flags":[');
const FLAGS_REPLIED = constant(',"flags":["REPLIED"]');
const XID = constant(',"xid":');
const VERSION = constant(',"version":');
const MSG = constant(',"msg":');
const MSG_OBJECT = constant(',"msg":{');
const RAW_TYPE = constant(',"msg":{"type":');
const RAW_DATA = constant(',"data":');

/**
 * Appends the JSON text of one frame to `out`.
 * @param frame     a whole frame: the length in its header is its length
 * @param envelope  time and connection, printed between the header's keys and `msg`
 * @param packets   prints what the data of PACKET_IN and PACKET_OUT holds; nobody does when it is not given
 * Throws DecodeError, and leaves `out` as it was, when the frame does not obey its own lengths or is of no version 1.0 to 1.5. A type
 * that its version does not have is no error: it is printed as `_RAW_MESSAGE`.
 */
export function decodeMessage(frame: Buffer, out: Text, envelope: Envelope, packets?: PacketPrinter): void {
  decodeFrame(frame, 0, frame.length, out, envelope, packets);
}

/** As decodeMessage, for the frame in b[o, end); the offsets of errors count from `o`. */
export function decodeFrame(
  b: Buffer,
  o: number,
  end: number,
  out: Text,
  envelope: Envelope,
  packets?: PacketPrinter,
): void {
  context.end = end;
  context.packets = packets;
  context.options = envelope.options;
  let room = (end - o) * TEXT_PER_BYTE + TEXT_BASE + envelope.tail.text.length;
  while (!decodeWithin(b, o, end, out, envelope, room)) room *= 2;
}

/** Decodes a frame into the free bytes of a text; false when its packets need more room. */
function decodeWithin(
  b: Buffer,
  o: number,
  end: number,
  out: Text,
  envelope: Envelope,
  room: number,
): boolean {
  out.room(room);
  const before = out.p;
  context.depth = 0;
  context.l4 = 0;
  try {
    writeMessage(b, o, end, out, envelope);
    return true;
  } catch (error) {
    out.discard(before);
    if (error instanceof NoRoom) return false;
    throw o > 0 && error instanceof DecodeError ? error.from(o) : error;
  }
}

/** Name of a frame's type as decodeMessage prints it; undefined when its version does not have it, or too little of it is there. */
export function messageTypeName(frame: Buffer): string | undefined {
  return hasType(frame, 0, frame.length) ? find(frame, 0, frame.length)?.name : undefined;
}

/**
 * Where the message begins that is part of another and has its transaction id (OF 1.4 §7.3.9.6); undefined for a frame that has none, or
 * less than its header.
 */
export function innerMessage(frame: Buffer): number | undefined {
  const name = messageTypeName(frame);
  const at = name === undefined ? undefined : innerMessages[frame[0]!]?.get(name);
  return at !== undefined && frame.length >= at + HEADER_LENGTH ? at : undefined;
}

/**
 * What decodeFrame prints as the type of the frame in b[o, end), if its body is as expected: `_RAW_MESSAGE`, too. Undefined for a frame that is not
 * of version 1.0 to 1.5, or too short to say its type.
 */
export function frameTypeName(b: Buffer, o: number, end: number): string | undefined {
  if (!hasType(b, o, end) || b[o]! < 1 || b[o]! > 6) return undefined;
  return find(b, o, end)?.name ?? "_RAW_MESSAGE";
}

/**
 * Name of a type number in a header: `FLOW_MOD`; `MULTIPART_REQUEST` and `MULTIPART_REPLY` in all versions, whatever
 * their parts are; `TYPE_77` for one that the version does not have. @param version  0 where none is agreed on yet
 */
export function headerTypeName(version: number, type: number): string {
  // These have one number in all versions.
  if (version === 0) return (type <= 6 ? messages[4]?.get(type)?.name : undefined) ?? `TYPE_${type}`;
  const request = multipartRequestType(version);
  if (type === request) return "MULTIPART_REQUEST";
  if (type === request + 1) return "MULTIPART_REPLY";
  return messages[version]?.get(type)?.name ?? `TYPE_${type}`;
}

/** Whether messages of a type hold a packet: PACKET_IN, PACKET_OUT, and what experimenters send in their place. */
export function carriesPacket(type: string): boolean {
  return packetMessages.has(type);
}

/** All that decodeFrame prints as types, those of all versions. */
export function messageTypeNames(): Set<string> {
  const names = new Set(["_RAW_MESSAGE"]);
  for (const tables of [messages, requests, replies]) {
    for (const table of tables) for (const { name } of table.values()) names.add(name);
  }
  for (const tables of [experimenterMessages, experimenterRequests, experimenterReplies]) {
    for (const table of tables) {
      for (const theirs of table.values()) for (const { name } of theirs.values()) names.add(name);
    }
  }
  return names;
}

/** Types of the messages that experimenters define, in all versions. */
const EXPERIMENTER = 4;
const MULTIPART_EXPERIMENTER = 0xffff;

function hasType(b: Buffer, o: number, end: number): boolean {
  return end - o >= HEADER_LENGTH && end - o >= HEADER_LENGTH + partBytes(b[o]!, b[o + 1]!);
}

/** Prints the message in b[o, end) as one object. Nested messages come here, too. Throws DecodeError. */
export function writeMessage(
  b: Buffer,
  o: number,
  end: number,
  w: Text,
  envelope: Envelope | undefined,
): void {
  checkHeader(b, o, end);
  const found = find(b, o, end);
  if (found === undefined) writeRawMessage(b, o, end, w, envelope);
  else if (found.path === 0) writeNamed(found, b, o, end, w, envelope);
  else writeExperimenters(found, b, o, end, w, envelope);
}

/**
 * Prints a message of an experimenter. There are several forms of some, and no specification that would tell who is right: one that is
 * not as expected is printed as an EXPERIMENTER message with hex.
 */
function writeExperimenters(
  found: DispatchEntry,
  b: Buffer,
  o: number,
  end: number,
  w: Text,
  envelope: Envelope | undefined,
): void {
  const before = w.p;
  const { depth, l4 } = context;
  try {
    writeNamed(found, b, o, end, w, envelope);
  } catch (error) {
    const plain = find(b, o, end, true);
    if (!(error instanceof DecodeError) || plain === undefined) throw error;
    w.p = before;
    context.depth = depth;
    context.l4 = l4;
    writeNamed(plain, b, o, end, w, envelope);
  }
}

function writeNamed(
  found: DispatchEntry,
  b: Buffer,
  o: number,
  end: number,
  w: Text,
  envelope: Envelope | undefined,
): void {
  const version = b[o]!;
  context.version = version;
  writeConstant(found.head, w);
  writeMoment(w, envelope);
  const body = o + HEADER_LENGTH + partBytes(version, b[o + 1]!);
  if (body !== o + HEADER_LENGTH) writeFlags(u16(b, o + 10), w);
  else if (envelope?.replied) writeConstant(FLAGS_REPLIED, w);
  writeHeader(b, o, version, w, envelope);
  try {
    writeBody(found, b, body + found.path, end, w);
  } catch (error) {
    throw error instanceof DecodeError ? error.within(found.name) : error;
  }
  w.o[w.p++] = 0x7d;
}

/** As writeMessage, for a message that is printed as its header and hex whatever its type. Throws DecodeError. */
export function writeRawMessage(
  b: Buffer,
  o: number,
  end: number,
  w: Text,
  envelope: Envelope | undefined,
): void {
  checkHeader(b, o, end);
  writeConstant(RAW_HEAD, w);
  writeMoment(w, envelope);
  writeHeader(b, o, b[o]!, w, envelope);
  writeConstant(RAW_TYPE, w);
  writeDec(b[o + 1]!, w);
  writeConstant(RAW_DATA, w);
  writeHex(b, o + HEADER_LENGTH, end, w);
  w.o[w.p++] = 0x7d;
  w.o[w.p++] = 0x7d;
}

function checkHeader(b: Buffer, o: number, end: number): void {
  if (end - o < HEADER_LENGTH) throw short("header", o, end, HEADER_LENGTH);
  const version = b[o]!;
  if (version < 1 || version > 6)
    throw new DecodeError("BAD_VERSION", "header", o, `version ${version} is not OpenFlow 1.0 to 1.5`);
  if (u16(b, o + 2) !== end - o) {
    throw new DecodeError(
      "BAD_LENGTH",
      "header",
      o + 2,
      `length ${u16(b, o + 2)}, but there are ${end - o} bytes`,
    );
  }
}

function writeMoment(w: Text, envelope: Envelope | undefined): void {
  if (envelope === undefined || envelope.sec < 0) return;
  writeConstant(TIME, w);
  writeTime(envelope.sec, envelope.nsec, w);
}

function writeHeader(b: Buffer, o: number, version: number, w: Text, envelope: Envelope | undefined): void {
  writeConstant(XID, w);
  writeDec(u32(b, o + 4), w);
  writeConstant(VERSION, w);
  w.o[w.p++] = 0x30 + version;
  if (envelope !== undefined) writeConstant(envelope.tail, w);
}

function writeBody(found: DispatchEntry, b: Buffer, o: number, end: number, w: Text): void {
  if (found.body === "list") {
    writeConstant(MSG, w);
    found.decode(b, o, end, w);
    return;
  }
  writeConstant(MSG_OBJECT, w);
  found.decode(b, o, end, w);
  w.o[w.p++] = 0x7d;
}

/** Flags of a multipart message; MORE is the only one that has a name (OF 1.3.5 §7.3.5). */
function writeFlags(flags: number, w: Text): void {
  if (flags === 0) writeConstant(FLAGS_NONE, w);
  else if (flags === 1) writeConstant(FLAGS_MORE, w);
  else {
    writeConstant(FLAGS, w);
    const rest = `"0x${(flags & 0xfffe).toString(16).toUpperCase().padStart(8, "0")}"]`;
    writeConstant(constant((flags & 1) === 1 ? `"MORE",${rest}` : rest), w);
  }
}

/** Type codes of multipart requests by wire version; replies have the next number. */
export function multipartRequestType(version: number): number {
  return version === 1 ? 16 : 18;
}

/** Bytes of the multipart header (type, flags, and padding since 1.1), 0 for other messages. */
function partBytes(version: number, type: number): number {
  const request = multipartRequestType(version);
  if (type !== request && type !== request + 1) return 0;
  return version === 1 ? 4 : 8;
}

/** @param plain  leave out what experimenters have defined */
function find(b: Buffer, o: number, end: number, plain = false): DispatchEntry | undefined {
  const version = b[o]!;
  const type = b[o + 1]!;
  const part = partBytes(version, type);
  if (part === 0) {
    if (type !== EXPERIMENTER || plain) return messages[version]?.get(type);
    return (
      findExperimenter(experimenterMessages, version, b, o + HEADER_LENGTH, end) ??
      messages[version]?.get(type)
    );
  }
  if (end - o < HEADER_LENGTH + part) throw short("multipart header", o + HEADER_LENGTH, end, part);
  const request = type === multipartRequestType(version);
  const partType = u16(b, o + HEADER_LENGTH);
  if (partType === MULTIPART_EXPERIMENTER && !plain) {
    const table = request ? experimenterRequests : experimenterReplies;
    const found = findExperimenter(table, version, b, o + HEADER_LENGTH + part, end);
    if (found !== undefined) return found;
  }
  return (request ? requests : replies)[version]?.get(partType);
}

/** The type of an experimenter that begins at `o`; undefined for those that have no name. */
function findExperimenter(
  table: ExperimenterTable,
  version: number,
  b: Buffer,
  o: number,
  end: number,
): DispatchEntry | undefined {
  if (end - o < 8) return undefined;
  const found = table[version]?.get(u32(b, o))?.get(u32(b, o + 4));
  return found !== undefined && end - o >= found.path ? found : undefined;
}

// JSON values to frames: reads the keys around `msg`, writes the header, and hands `msg` to the encoder of its type and version.
import { didYouMean, EncodeError, pathKey, type Version, versionName } from "../base/index.js";
import { parseJsonAnyDepth, parseJsonLossless } from "../text/index.js";
import type { EncodeEntry } from "./encode-dispatch.js";
import {
  asObject,
  countKeys,
  flagsOf,
  flagValues,
  hexOf,
  inside,
  type JsonObject,
  missing,
  notA,
  rawCode,
  show,
  uint,
  unknownKey,
} from "./encode-support.js";
import { bodies, typeNames } from "./gen/encode/index.js";
import type { MessageWriter } from "./message-writer.js";
import { helloVersion } from "./native/encode/hello.js";
import { onlyIn, toldOfVersion } from "./other-versions.js";
import type { TunnelOptions } from "./tunnel-options.js";

export { type FoundField, findField } from "./find-field.js";
export { typeNames } from "./gen/encode/index.js";
export { makeFrame } from "./make-frame.js";
export { MessageWriter } from "./message-writer.js";

export interface EncodeOptions {
  /** Wire version (1 is OpenFlow 1.0) of messages that have none. */
  readonly version?: number;
  /** Transaction id of messages that have none; 0 when not given. */
  readonly xid?: number;
  /** Write matches as given: no prerequisites are added or missed, values keep bits that their mask leaves out. */
  readonly unchecked?: boolean;
  /** What is known of the options of tunnels on the connection for which the message is. */
  readonly options?: TunnelOptions | undefined;
  /**
   * The message was read without loss: its integers of 16 digits and more are texts. Without this, one beyond 2^53 that
   * comes as a number sets `inexact` of the writer, and the message must be encoded once more.
   */
  readonly lossless?: boolean;
  /** Reads the text under the key `flow`, which stands for `msg` then; messages have no such key where this is not given. */
  readonly readFlow?: FlowReader;
}

/**
 * Reads a flow that is written in one line: its message, without the keys around it. Throws EncodeError with the key `flow`.
 * @param type  of the message, if that is said
 */
export type FlowReader = (
  flow: unknown,
  version: number,
  type: unknown,
) => { readonly type: string; readonly msg: JsonObject };

/** Keys that decoding prints around `msg` and that say nothing about the frame. */
const IGNORED: ReadonlySet<string> = new Set([
  "time",
  "src",
  "dst",
  "_file",
  "_pair",
  "conn_id",
  "datapath_id",
  "auxiliary_id",
]);
const READ: ReadonlySet<string> = new Set(["type", "xid", "version", "flags", "msg"]);

const MULTIPART_FLAGS = flagValues([
  ["MORE", 1, 1],
  // These concern the sending of the message and are not written.
  ["REPLIED", 0, 0],
  ["NO_ALERT", 0, 0],
  ["NO_FLUSH", 0, 0],
]);

/**
 * Appends the frame of one message to `w`.
 * @param message  an object as decodeMessage prints it; numbers may also be texts in any base
 * Throws EncodeError, and leaves `w` as it was, when the message cannot be expressed: `msg.match[2].value: "x" is not a MacAddress`.
 */
export function encodeMessage(message: unknown, w: MessageWriter, options: EncodeOptions): void {
  const start = w.p;
  w.unchecked = options.unchecked ?? false;
  w.options = options.options;
  w.inexact = false;
  w.lossless = options.lossless ?? false;
  w.depth = 0;
  try {
    const m = asObject(message, "");
    let hasFlow = false;
    for (const key in m) {
      if (READ.has(key) || IGNORED.has(key)) continue;
      if (key !== "flow" || options.readFlow === undefined) throw unknownBesideMsg(w, m, key, options);
      hasFlow = true;
    }
    if (hasFlow) writeFlow(w, m, options, options.readFlow!);
    else writeMessage(w, m, options);
  } catch (error) {
    w.p = start;
    throw toldOfPlace(error, options);
  }
}

/** The error for a key that stands beside `msg` and is none of those: it may be one of what the message says. */
function unknownBesideMsg(w: MessageWriter, m: JsonObject, key: string, options: EncodeOptions): EncodeError {
  const hint =
    didYouMean(key, READ) || (isKeyOfBody(w, m, key, options) ? ` (did you mean msg.${key}?)` : "");
  return new EncodeError(pathKey(key), `is not a known key${hint}`, { code: "UNKNOWN" });
}

/** Whether the message would understand a key in `msg`: it is tried. */
function isKeyOfBody(w: MessageWriter, m: JsonObject, key: string, options: EncodeOptions): boolean {
  const { type, version } = m;
  try {
    writeMessage(w, { type, version, msg: { [key]: m[key] } }, options);
    return true;
  } catch (error) {
    // Other keys are missing, or the value is wrong.
    if (!(error instanceof EncodeError) || !error.path.startsWith("msg.")) return false;
    return error.code !== "UNKNOWN" || error.path !== `msg.${key}`;
  }
}

/** An error that passes by, or, for a key that stands in `msg` and belongs beside it, one that says so. */
function toldOfPlace(error: unknown, { readFlow }: EncodeOptions): unknown {
  if (!(error instanceof EncodeError) || error.code !== "UNKNOWN" || !error.path.startsWith("msg."))
    return error;
  const key = error.path.slice("msg.".length);
  if (key === "flow" && readFlow !== undefined)
    return new EncodeError(error.path, "is not a known key here: it stands in the place of msg", {
      code: error.code,
    });
  if (!READ.has(key) && !IGNORED.has(key)) return error;
  return new EncodeError(error.path, "is not a known key here: it stands beside msg", { code: error.code });
}

/** As encodeMessage, for the JSON text of a message; integers of 64 bits are exact. Throws TextError when it is no JSON. */
export function encodeJsonText(text: string, w: MessageWriter, options: EncodeOptions): void {
  const start = w.p;
  const message = parseJsonAnyDepth(text);
  try {
    encodeMessage(message, w, options);
    if (!w.inexact) return;
  } catch (error) {
    // What is wrong may be a number that was rounded: `_match` then seems to say something else than `match`.
    if (!w.inexact) throw error;
  }
  w.p = start;
  encodeMessage(parseJsonLossless(text), w, { ...options, lossless: true });
}

/** Writes the message of a flow in one line. What is wrong with it is wrong with the line. */
function writeFlow(w: MessageWriter, m: JsonObject, options: EncodeOptions, readFlow: FlowReader): void {
  const { flow, ...rest } = m;
  if (m.msg !== undefined) throw new EncodeError("flow", "stands for msg: one of them is too many");
  const read = readFlow(flow, messageVersion(m, m.type, options), m.type);
  try {
    writeMessage(w, { ...rest, ...read }, options);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    throw new EncodeError("flow", error.message, { code: error.code, found: flow });
  }
}

/** Writes the message that `m` describes. Nested messages come here, too. Throws EncodeError. */
export function writeMessage(w: MessageWriter, m: JsonObject, options: EncodeOptions): void {
  const start = w.p;
  const type = m.type;
  if (type === undefined) throw missing("type");
  const version = messageVersion(m, type, options);
  const xid = m.xid === undefined ? (options.xid ?? 0) : uint(m.xid, 0xffffffff, "xid", "UInt32");
  const flags =
    m.flags === undefined ? 0 : flagsOf(MULTIPART_FLAGS, m.flags, 0xffffffff, "flags", "MessageFlags");
  w.version = version;
  w.l4 = 0;
  if (w.depth === 0) w.outerXid = xid;
  if (type === "_RAW_MESSAGE") {
    writeRaw(w, m, version, xid);
    return;
  }
  if (type === "MULTIPART_REQUEST" || type === "MULTIPART_REPLY") {
    writeLegacyMultipart(w, m, type, options);
    return;
  }
  const entry = findEntry(type, version);
  const request = version === 1 ? 16 : 18;
  const { part, experimenter } = entry;
  const plain = experimenter === undefined ? entry.type : EXPERIMENTER;
  const code = part === "none" ? plain : part === "request" ? request : request + 1;
  writeHeader(w, version, code, xid);
  if (part !== "none") {
    w.u16(experimenter === undefined ? entry.type : MULTIPART_EXPERIMENTER);
    w.u16(flags & 0xffff);
    if (version > 1) w.u32(0);
  }
  if (experimenter !== undefined) {
    w.u32(experimenter);
    w.u32(entry.type);
    if (part !== "none" && version === 1) w.u32(0);
  }
  try {
    entry.encode(w, m.msg);
  } catch (error) {
    throw toldOfVersion(error, version);
  }
  patchLength(w, start, String(type));
}

/** Types of the messages that experimenters define. */
const EXPERIMENTER = 4;
const MULTIPART_EXPERIMENTER = 0xffff;

function writeHeader(w: MessageWriter, version: number, type: number, xid: number): void {
  w.u32(((version << 24) | (type << 16)) >>> 0);
  w.u32(xid);
}

function patchLength(w: MessageWriter, start: number, type: string): void {
  const length = w.p - start;
  if (length > 0xffff)
    throw new EncodeError("msg", `${type} is ${length} bytes long, more than 65535`, { code: "TOO_LONG" });
  w.patch16(start + 2, length, "msg");
}

function messageVersion(m: JsonObject, type: unknown, options: EncodeOptions): number {
  const given = m.version === undefined ? 0 : uint(m.version, 255, "version", "UInt8");
  const assumed = type === "HELLO" && options.version === undefined ? versionOfHello(m.msg) : options.version;
  const version = given !== 0 ? given : assumed;
  if (version === undefined || version === 0) {
    throw new EncodeError("version", "unspecified protocol version: 1 is OpenFlow 1.0, 6 is 1.5", {
      code: "MISSING",
    });
  }
  if (version > 6)
    throw new EncodeError("version", `${version} is not a wire version: 1 is OpenFlow 1.0, 6 is 1.5`);
  return version;
}

function versionOfHello(msg: unknown): number {
  try {
    return helloVersion(msg);
  } catch (error) {
    throw inside(error, "msg");
  }
}

function findEntry(type: unknown, version: number): EncodeEntry {
  const table = bodies[version];
  const plain = typeof type === "string" ? table?.get(type) : undefined;
  if (plain !== undefined) return plain;
  const name = typeof type === "string" ? type.replace(/^(REQUEST|REPLY)\.(\w+)$/, "$2_$1") : type;
  const found = typeof name === "string" ? table?.get(name) : undefined;
  // The spelling with a dot is one of multiparts only.
  if (found !== undefined && found.part !== "none") return found;
  const code = rawCode(type, 0xff);
  if (code !== undefined) {
    for (const entry of table?.values() ?? []) {
      if (entry.part === "none" && entry.experimenter === undefined && entry.type === code) return entry;
    }
  }
  if (code !== undefined || (typeof name === "string" && typeNames.includes(name))) {
    const only = found === undefined && typeof name === "string" ? onlyIn("MessageType", name) : "";
    const detail = `${show(type)} does not exist in OpenFlow ${versionName(version as Version)}${only}`;
    throw new EncodeError("type", `invalid combination of version and type: ${detail}`, {
      code: "UNSUPPORTED",
    });
  }
  const hint = typeof name === "string" ? didYouMean(name, typeNames) : "";
  throw new EncodeError("type", `${show(type)} is not a message type${hint}`, {
    found: type,
    expected: "MessageType",
  });
}

/** A type that has no name: its number, and everything after the header. */
function writeRaw(w: MessageWriter, m: JsonObject, version: number, xid: number): void {
  const start = w.p;
  if (m.msg === undefined) throw missing("msg");
  try {
    const msg = asObject(m.msg, "");
    if (msg.type === undefined) throw missing("type");
    writeHeader(w, version, uint(msg.type, 0xff, "type", "UInt8"), xid);
    w.bytes(hexOf(msg.data ?? "", "data"));
    if (countKeys(msg) !== 1 + (msg.data === undefined ? 0 : 1)) throw unknownKey(msg, "type data");
  } catch (error) {
    throw inside(error, "msg");
  }
  patchLength(w, start, "_RAW_MESSAGE");
}

/** `type: MULTIPART_REQUEST, msg: {type: PORT_STATS, flags: [], body: …}`: an older spelling, still read. */
function writeLegacyMultipart(w: MessageWriter, m: JsonObject, type: string, options: EncodeOptions): void {
  if (m.msg === undefined) throw missing("msg");
  const inner = asObject(m.msg, "msg");
  if (inner.type === undefined) throw inside(missing("type"), "msg");
  for (const key in inner) {
    if (!["type", "flags", "body"].includes(key)) throw inside(unknownKey(inner, "type flags body"), "msg");
  }
  const part = type.slice("MULTIPART_".length);
  const name = typeof inner.type === "string" ? inner.type.replace(/^(?:REQUEST|REPLY)\./, "") : "";
  // No multipart is in another one.
  if (name === "" || name.startsWith("MULTIPART"))
    throw inside(notA("MultipartType", inner.type, "type"), "msg");
  const message = {
    ...m,
    type: name.endsWith(`_${part}`) ? name : `${name}_${part}`,
    flags: inner.flags ?? m.flags ?? [],
    msg: inner.body ?? {},
  };
  try {
    writeMessage(w, message, options);
  } catch (error) {
    throw error instanceof EncodeError ? error.relocate(legacyPath(error.path, inner)) : error;
  }
}

/** Where a message in the older spelling has what stands at `path` of the newer one. */
function legacyPath(path: string, inner: JsonObject): string {
  if (/^type\b/.test(path) || (/^flags\b/.test(path) && inner.flags !== undefined)) return `msg.${path}`;
  return path.replace(/^msg\b/, "msg.body");
}

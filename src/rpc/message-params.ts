// Messages among the parameters of requests: which channel each one is for, and its bytes.
import { EncodeError, type PathParts, parsePath } from "../base/index.js";
import type { Channel, Registry } from "../channel/index.js";
import { type EncodeOptions, encodeMessage, type MessageWriter } from "../codec/encode.js";
import { readFlow } from "../ovs/index.js";
import { missingKey, RequestError, RPC, show } from "./errors.js";
import { isMapping, type Mapping, member, param, readDatapathId, readSeconds, readUint } from "./params.js";
import { parseRequestLossless, type Request } from "./request.js";
import { isTypeName, nearestTypeName } from "./type-names.js";

/** A message that came as JSON or YAML. */
export interface MessageParam {
  readonly value: Mapping;
  /** The way to it. */
  readonly path: PathParts;
}

/** Largest conn_id. */
export const MAX_ID = Number.MAX_SAFE_INTEGER;

/** Checks that a value is an object with a type, or with a flow, which says it. Throws RequestError. */
export function readMessageParam(value: unknown, path: PathParts): MessageParam {
  if (!isMapping(value)) throw new RequestError(path, "not a mapping");
  if (value.type === undefined && value.flow === undefined) throw missingKey(path, "type");
  return { value, path };
}

/**
 * The channel that a message names. conn_id counts more than datapath_id; with the latter, auxiliary_id may name another than the main
 * connection. Throws RequestError: NOT_LOCATED, or what is wrong with these keys or with the type.
 */
export function findChannel(message: MessageParam, registry: Registry): Channel {
  const channel = seekChannel(message, registry);
  if (channel !== undefined) return channel;
  const { connId, datapathId, auxiliaryId } = readAddress(message, registry);
  if (connId !== 0) throw notLocated(message, `unable to locate conn_id ${connId}`);
  if (datapathId === "") throw notLocated(message, "unable to locate connection; no conn_id or datapath_id");
  const which = auxiliaryId === 0 ? "" : ` auxiliary_id ${auxiliaryId}`;
  throw notLocated(message, `unable to locate datapath_id ${datapathId}${which}`);
}

/** The same; undefined where there is no such channel. Throws RequestError for a key that is no id. */
export function seekChannel(message: MessageParam, registry: Registry): Channel | undefined {
  const { connId, datapathId, auxiliaryId } = readAddress(message, registry);
  if (connId === 0) return registry.datapath(datapathId, auxiliaryId);
  const channel = registry.channel(connId);
  return datapathId === "" || channel?.datapathId === datapathId ? channel : undefined;
}

/** The keys that say for which channel a message is; 0 and "" where they do not. */
interface Address {
  readonly connId: number;
  readonly datapathId: string;
  readonly auxiliaryId: number;
}

function readAddress(message: MessageParam, registry: Registry): Address {
  const { value, path } = message;
  const connId = readUint(member(value, path, "conn_id"), MAX_ID, 0);
  const datapathId = findDatapathId(message, registry);
  // Beside a conn_id it says nothing: events have both.
  const auxiliaryId = connId === 0 ? readUint(member(value, path, "auxiliary_id"), 255, 0) : 0;
  return { connId, datapathId, auxiliaryId };
}

/** Nearly always it is written as we write it ourselves, and a connected one. */
function findDatapathId({ value, path }: MessageParam, registry: Registry): string {
  const given = value.datapath_id;
  if (typeof given === "string" && registry.datapath(given) !== undefined) return given;
  return readDatapathId(member(value, path, "datapath_id"));
}

/** What is wrong with the message itself comes first: a wrong type, most of all. */
function notLocated({ value, path }: MessageParam, detail: string): RequestError {
  if (typeof value.type === "string" && !isTypeName(value.type)) return unknownType(value.type, path);
  return new RequestError(path, detail, { code: RPC.NOT_LOCATED, reason: "NOT_LOCATED" });
}

/** Refuses a part of a request: its answer belongs to the last one. Throws RequestError. */
export function refuseParts({ value, path }: MessageParam): void {
  if (!Array.isArray(value.flags) || !value.flags.includes("MORE")) return;
  const detail = "MORE: a request of several parts goes out by OFP.SEND, its parts with one xid";
  throw new RequestError([...path, "flags"], detail);
}

/** Seconds until a deadline: the usual ones, and the most. */
const TIMEOUT = { usual: 10, most: 3600 } as const;

/** Milliseconds until the deadline that parameters name as seconds. Throws RequestError. */
export function readTimeout(params: Mapping): number {
  return readSeconds(param(params, "timeout"), TIMEOUT.most, TIMEOUT.usual);
}

/**
 * What a message for a channel has that does not say so itself: its version above all. Throws RequestError when there is none. One
 * object of one shape: to copy it would cost each message.
 */
export function defaultsFor({ value, path }: MessageParam, channel: Channel): EncodeOptions {
  if (channel.version === 0 && value.version === undefined) {
    throw new RequestError(path, "invalid combination of version and type: no version is agreed on yet");
  }
  return { version: channel.version, xid: 0, options: channel.options, readFlow };
}

/** Appends the frame of a message. Throws RequestError, with the place. */
export function encodeParam(
  { value, path }: MessageParam,
  writer: MessageWriter,
  request: Request,
  defaults: EncodeOptions,
): void {
  const start = writer.p;
  try {
    encodeMessage(value, writer, defaults);
    if (!writer.inexact) return;
  } catch (error) {
    if (!writer.inexact) throw toRequestError(error, path);
  }
  // JSON.parse has rounded an integer beyond 2^53, which may also be what is wrong.
  writer.p = start;
  try {
    const exact = exactMembers(value, losslessAt(request, path));
    encodeMessage(exact, writer, { ...defaults, lossless: true });
  } catch (error) {
    throw toRequestError(error, path);
  }
}

/** The members of `value`, which may be fewer than those of the request, as they stand in the request. */
function exactMembers(value: Mapping, exact: unknown): Mapping {
  const all = exact as Mapping;
  return Object.fromEntries(Object.keys(value).map((key) => [key, all[key] ?? value[key]]));
}

/** A value of the request without loss: its integers of 16 digits and more are texts. @param path  leads to a value that is there */
export function losslessAt(request: Request, path: PathParts): unknown {
  let exact = exactRequests.get(request);
  if (exact === undefined) {
    exact = parseRequestLossless(request.source);
    exactRequests.set(request, exact);
  }
  return path.reduce<unknown>((at, step) => (at as Readonly<Record<string | number, unknown>>)[step], exact);
}

/** Requests that were read once more: one may hold a thousand messages, which are read one by one. */
const exactRequests = new WeakMap<Request, Mapping>();

function toRequestError(error: unknown, path: PathParts): unknown {
  const isType = error instanceof EncodeError && error.path === "type" && typeof error.found === "string";
  return isType ? unknownType(error.found as string, path) : atPath(error, path);
}

/** What the codec refuses, as an error of the request; other errors as they are. @param path  of the value that the codec was given */
export function atPath(error: unknown, path: PathParts): unknown {
  if (!(error instanceof EncodeError)) return error;
  const target = error.code === "UNKNOWN" ? "key" : "value";
  const facts = { reason: error.code, target, sentence: error.detail } as const;
  return new RequestError([...path, ...parsePath(error.path)], error.message, facts);
}

/** Clients know these words; there is always a proposal in them. */
function unknownType(type: string, path: PathParts): RequestError {
  const detail = `unknown value ${show(type)} Did you mean "${nearestTypeName(type)}"?`;
  return new RequestError([...path, "type"], detail, { reason: "UNKNOWN" });
}

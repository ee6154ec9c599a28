// A frame from fields.
import { didYouMean, EncodeError } from "../base/index.js";
import { parseHex } from "../text/index.js";
import { ethernet } from "./ethernet.js";
import { Fields, type FieldText } from "./fields.js";
import { FrameBuilder, MAX_FRAME, MIN_FRAME } from "./frame-builder.js";
import { KNOWN_FIELDS } from "./known-fields.js";
import { packetDifference } from "./packet-difference.js";
import { buildPayload, ipNumberOf } from "./payload/index.js";
import type { Protocol } from "./protocol.js";
import { type FrameInput, readFields, type ValueNames } from "./read-fields.js";
import { MAX_TUNNELS, readFrame } from "./write-packet.js";

const KEYS = ["_pkt", "pkt", "_pkt_more"] as const;
const PAYLOAD_KEYS = ["_pkt_data", "_pkt_payload"] as const;
const INNER_KEYS: readonly string[] = [...KEYS, ...PAYLOAD_KEYS];

/**
 * Builds an Ethernet frame from `_pkt` (or `pkt`), `_pkt_more` and the payload, which is `_pkt_data` or `_pkt_payload`. Each is
 * optional; nothing at all is the empty frame. Headers are built for the fields that are given; lengths, checksums and numbers
 * of protocols are computed unless given; the frame is padded with zeros to FRAME_LENGTH, or 60 bytes. Throws EncodeError with
 * the place, such as `_pkt[2].value`, for what cannot be used.
 * @param names  of values, in either case
 */
export function buildFrame(input: FrameInput, names: ValueNames = NO_NAMES): Uint8Array {
  return buildFrom(ethernet, input, { path: "", depth: 0, names });
}

const NO_NAMES: ValueNames = new Map();

/** Where a frame stands, and what is known there. */
interface Surroundings {
  /** Place of the keys of the frame in the message, with a dot behind it. */
  readonly path: string;
  /** Tunnels around the frame. */
  readonly depth: number;
  readonly names: ValueNames;
}

function buildFrom(start: Protocol, input: FrameInput, where: Surroundings): Uint8Array {
  const given = KEYS.flatMap((key) => readFields(input[key], where.path + key, where.names));
  const payload = readPayload(input, given, where);
  if (given.length === 0) return payload;
  const fields = new Fields(given);
  const at = fields.number("X_PKT_POS", 16);
  const frame = new FrameBuilder();
  const lengthPath = fields.path("FRAME_LENGTH");
  const length = fields.number("FRAME_LENGTH", 16, start === ethernet || at === 0 ? MIN_FRAME : 0);
  // What was read as "nothing is known of this frame" is its payload alone.
  if (at !== 0) start.build(fields, frame);
  fields.refuseLeftOver(KNOWN_FIELDS, frame.built.join(", "));
  const built = frame.finish(payload, length);
  if (lengthPath !== undefined && built.length > length) {
    throw new EncodeError(lengthPath, `FRAME_LENGTH ${length} is too short: there are ${built.length} bytes`);
  }
  return built;
}

/** Builds a frame of a tunnel. Its bytes, `data`, may stand beside what they say. */
function buildInner(start: Protocol, value: unknown, where: Surroundings): Uint8Array {
  const { path, depth, names } = where;
  if (depth > MAX_TUNNELS) {
    throw new EncodeError(path, `is within more than ${MAX_TUNNELS} tunnels: give its bytes as data`, {
      code: "TOO_DEEP",
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new EncodeError(path, "is not an object with a frame", { found: value });
  }
  const { data, ...others } = value as Record<string, unknown>;
  const unknown = Object.keys(others).find((key) => !INNER_KEYS.includes(key));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, ["data", ...INNER_KEYS]);
    throw new EncodeError(`${path}.${unknown}`, `is not a known key${hint}`, { code: "UNKNOWN" });
  }
  if (data === undefined || data === "") return buildFrom(start, others, { ...where, path: `${path}.` });
  const bytes = readBytes(data, `${path}.data`);
  const other = packetDifference(others, bytes, names, readFrame(start, bytes, 0, bytes.length, depth));
  if (other === undefined) return bytes;
  throw new EncodeError(`${path}.${other}`, "is not what data says: leave one of them out");
}

/** The payload: of `_pkt_data`, `_pkt_payload`, or the field `payload` among the others, which is taken away. */
function readPayload(input: FrameInput, given: FieldText[], where: Surroundings): Uint8Array {
  const { path, depth } = where;
  const found: FieldText[] = PAYLOAD_KEYS.filter(
    (key) => input[key] !== undefined && input[key] !== null,
  ).map((key) => ({ name: key, value: input[key], path: path + key }));
  for (let i = given.findIndex(isPayload); i >= 0; i = given.findIndex(isPayload)) {
    found.push(...given.splice(i, 1));
  }
  const [payload, second] = found;
  if (second !== undefined) throw new EncodeError(second.path, `there is a ${payload!.path}, too`);
  if (payload === undefined) return new Uint8Array(0);
  if (typeof payload.value !== "object" || payload.value === null)
    return readBytes(payload.value, payload.path);
  implyNumber(payload, given);
  return buildPayload(
    payload.value,
    payload.path,
    (start, b, o, end) => readFrame(start, b, o, end, depth + 1),
    (start, value, at) => buildInner(start, value, { ...where, path: at, depth: depth + 1 }),
  );
}

/** A payload that IP carries itself says what its number is, unless that is given. */
function implyNumber({ value, path }: FieldText, given: FieldText[]): void {
  const { protocol } = value as { protocol?: unknown };
  const number = typeof protocol === "string" ? ipNumberOf(protocol.toUpperCase()) : undefined;
  if (number === undefined || given.some(({ name }) => name === "IP_PROTO")) return;
  given.push({ name: "IP_PROTO", value: number, path: `${path}.protocol` });
}

function isPayload(field: FieldText): boolean {
  return field.name === "PAYLOAD";
}

function readBytes(value: unknown, path: string): Uint8Array {
  const bytes = value === null ? new Uint8Array(0) : typeof value === "string" ? parseHex(value) : undefined;
  if (bytes === undefined) throw new EncodeError(path, "is not hexadecimal text", { found: value });
  if (bytes.length > MAX_FRAME) {
    throw new EncodeError(path, `has more than ${MAX_FRAME} bytes`, { code: "TOO_LONG" });
  }
  return bytes;
}

// A frame from fields.
import { EncodeError } from "../base/index.js";
import { parseHex } from "../text/index.js";
import { ethernet } from "./ethernet.js";
import { Fields, type FieldText } from "./fields.js";
import { FrameBuilder, MAX_FRAME, MIN_FRAME } from "./frame-builder.js";
import { KNOWN_FIELDS } from "./known-fields.js";

/** What a frame can be built from, as it stands in a message. */
export interface FrameInput {
  readonly _pkt?: unknown;
  readonly pkt?: unknown;
  readonly _pkt_more?: unknown;
  readonly _pkt_data?: unknown;
  readonly _pkt_payload?: unknown;
}

/** Fields whose value is a list. */
const LISTS = ["IPV4_FLAGS", "IPV6_EXT_HEADERS"];
const KEYS = ["_pkt", "pkt", "_pkt_more"] as const;

/**
 * Builds an Ethernet frame from `_pkt` (or `pkt`), `_pkt_more` and the payload `_pkt_data`. Each is optional; nothing at all is the
 * empty frame. Headers are built for the fields that are given; lengths, checksums and numbers of protocols are computed unless
 * given; the frame is padded with zeros to FRAME_LENGTH, or 60 bytes. Throws EncodeError with the place, such as
 * `_pkt[2].value`, for what cannot be used.
 */
export function buildFrame(input: FrameInput): Uint8Array {
  const given = KEYS.flatMap((key) => readFields(input[key], key));
  let payload = input._pkt_data === undefined ? undefined : readPayload(input._pkt_data, "_pkt_data");
  const ownPayload = given.findIndex((field) => field.name === "PAYLOAD");
  if (ownPayload >= 0) {
    const [field] = given.splice(ownPayload, 1) as [FieldText];
    if (payload !== undefined) throw new EncodeError(field.path, "there is a _pkt_data, too");
    payload = readPayload(field.value, field.path);
  }
  if (given.length === 0) return payload ?? new Uint8Array(0);
  const fields = new Fields(given);
  const at = fields.number("X_PKT_POS", 16);
  const frame = new FrameBuilder();
  const lengthPath = fields.path("FRAME_LENGTH");
  const length = fields.number("FRAME_LENGTH", 16, MIN_FRAME);
  // What was read as "nothing is known of this frame" is its payload alone.
  if (at !== 0) ethernet.build(fields, frame);
  fields.refuseLeftOver(KNOWN_FIELDS, frame.built.join(", "));
  const built = frame.finish(payload ?? new Uint8Array(0), length);
  if (lengthPath !== undefined && built.length > length) {
    throw new EncodeError(lengthPath, `FRAME_LENGTH ${length} is too short: there are ${built.length} bytes`);
  }
  return built;
}

/** The fields of a list of {field, value}, or of an object; names in upper case. */
export function readFields(value: unknown, key: string): FieldText[] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return (value as unknown[]).map((item, i) => readItem(item, `${key}[${i}]`));
  if (typeof value !== "object") throw new EncodeError(key, "is not a list of fields", { found: value });
  return Object.entries(value).flatMap(([name, given]) => {
    const path = `${key}.${name}`;
    const upper = name.toUpperCase();
    // Several tags or labels; some fields have a list as their value.
    if (Array.isArray(given) && !LISTS.includes(upper)) {
      return (given as unknown[]).map((one, i) => ({ name: upper, value: one, path: `${path}[${i}]` }));
    }
    return [{ name: upper, value: given, path }];
  });
}

function readItem(item: unknown, path: string): FieldText {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new EncodeError(path, "is not an object with field and value", { found: item });
  }
  const { field, value, ...others } = item as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other === "mask") throw new EncodeError(`${path}.mask`, "a packet has no masked fields");
  if (other !== undefined)
    throw new EncodeError(`${path}.${other}`, "is not a known key", { code: "UNKNOWN" });
  if (typeof field !== "string") throw new EncodeError(`${path}.field`, "is missing", { code: "MISSING" });
  if (value === undefined) throw new EncodeError(`${path}.value`, "is missing", { code: "MISSING" });
  return { name: field.toUpperCase(), value, path: `${path}.value` };
}

function readPayload(value: unknown, path: string): Uint8Array {
  const bytes = value === null ? new Uint8Array(0) : typeof value === "string" ? parseHex(value) : undefined;
  if (bytes === undefined) throw new EncodeError(path, "is not hexadecimal text", { found: value });
  if (bytes.length > MAX_FRAME) {
    throw new EncodeError(path, `has more than ${MAX_FRAME} bytes`, { code: "TOO_LONG" });
  }
  return bytes;
}

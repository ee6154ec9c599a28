// Whether the fields that stand beside a frame say what is in it.
import { formatHex, parseHex, parseInteger } from "../text/index.js";
import { type FrameInput, readFields } from "./build-frame.js";
import type { FieldText } from "./fields.js";
import { readPacket } from "./read-packet.js";

/** What stands behind the headers, among fields. */
const PAYLOAD = "PAYLOAD";

/**
 * The place of the first thing that an object says of a frame and that reading the frame does not say: `_pkt[2].value`. Undefined
 * when it says what is there, or nothing. Numbers may be texts in any base, and names in either case. Throws EncodeError for what
 * is no form of a packet.
 */
export function packetDifference(input: FrameInput, frame: Uint8Array): string | undefined {
  const read = readPacket(frame);
  const payload = formatHex(frame, payloadStart(read._pkt, frame.length), frame.length);
  const { _pkt_data: data } = input;
  return (
    fieldsDifference(input, "_pkt", read._pkt, payload) ??
    fieldsDifference(input, "pkt", read._pkt, payload) ??
    fieldsDifference(input, "_pkt_more", read._pkt_more ?? [], payload) ??
    (data === undefined || isSame(data ?? "", payload) ? undefined : "_pkt_data") ??
    payloadDifference(input._pkt_payload, read._pkt_payload)
  );
}

function payloadStart(fields: readonly Value[], length: number): number {
  const at = fields.find((item) => item.field === "X_PKT_POS")?.value;
  return typeof at === "number" ? at : length;
}

interface Value {
  readonly field: string;
  readonly value: unknown;
}

/** Compares the values of each field: objects do not tell in which order fields stand. */
function fieldsDifference(
  input: FrameInput,
  key: "_pkt" | "pkt" | "_pkt_more",
  read: readonly Value[],
  payload: string,
): string | undefined {
  if (input[key] === undefined) return undefined;
  const left = new Map<string, unknown[]>();
  for (const { field, value } of read) left.set(field, [...(left.get(field) ?? []), value]);
  const strange = readFields(input[key], key).find((field) => !takeSame(field, left, payload));
  if (strange !== undefined) return strange.path;
  return [...left.values()].some((values) => values.length > 0) ? key : undefined;
}

function takeSame(given: FieldText, left: ReadonlyMap<string, unknown[]>, payload: string): boolean {
  if (given.name === PAYLOAD) return typeof given.value === "object" || isSame(given.value, payload);
  const values = left.get(given.name);
  return values !== undefined && values.length > 0 && isSame(given.value, values.shift());
}

function payloadDifference(given: unknown, read: unknown): string | undefined {
  return given === undefined || isSame(given, read) ? undefined : "_pkt_payload";
}

/** Whether two values mean the same; texts of digits are numbers, and the case of hexadecimal digits does not count. */
function isSame(given: unknown, read: unknown): boolean {
  if (typeof read === "number") {
    return given === read || (typeof given === "string" && parseInteger(given) === read);
  }
  if (typeof read === "string" && typeof given === "string") {
    return given.toLowerCase() === read.toLowerCase() || isSameHex(given, read);
  }
  if (typeof read !== "object" || read === null || typeof given !== "object" || given === null) {
    return given === read;
  }
  const [a, b] = [Object.entries(given), read as Readonly<Record<string, unknown>>];
  return (
    Array.isArray(given) === Array.isArray(read) &&
    a.length === Object.keys(b).length &&
    a.every(([key, value]) => Object.hasOwn(b, key) && isSame(value, b[key]))
  );
}

/** Hexadecimal data may have blanks between its bytes. */
function isSameHex(given: string, read: string): boolean {
  const [a, b] = [parseHex(given), parseHex(read)];
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

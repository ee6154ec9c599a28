// Whether the fields that stand beside a frame say what is in it.
import { formatHex } from "../text/index.js";
import type { FieldText } from "./fields.js";
import { findDifference } from "./payload/index.js";
import { type FrameInput, readFields, type ValueNames } from "./read-fields.js";
import { readPacket } from "./read-packet.js";

/** The payload among fields. */
const PAYLOAD = "PAYLOAD";

/**
 * The place of the first thing that an object says of a frame and that reading the frame does not say: `_pkt[2].value`. Undefined
 * when it says what is there, or nothing. Numbers may be texts in any base, and names in either case. Throws EncodeError for what
 * is no form of a packet.
 * @param names  of values, in either case
 * @param read  what reading the frame says
 */
export function packetDifference(
  input: FrameInput,
  frame: Uint8Array,
  names: ValueNames,
  read: FrameInput = readPacket(frame),
): string | undefined {
  const [fields, more] = [read._pkt, read._pkt_more ?? []] as [readonly Value[], readonly Value[]];
  const hex = formatHex(frame, payloadStart(fields, frame.length), frame.length);
  const payload = { hex, object: read._pkt_payload };
  const { _pkt_data: data } = input;
  return (
    fieldsDifference(input, "_pkt", fields, payload, names) ??
    fieldsDifference(input, "pkt", fields, payload, names) ??
    fieldsDifference(input, "_pkt_more", more, payload, names) ??
    (data === undefined || isSame(data ?? "", hex) ? undefined : "_pkt_data") ??
    payloadDifference(input._pkt_payload, read._pkt_payload)
  );
}

function payloadStart(fields: readonly Value[], length: number): number {
  const at = fields.find((item) => item.field === "X_PKT_POS")?.value;
  return typeof at === "number" ? at : length;
}

/** What stands behind the headers, in both forms that it can be given in. */
interface Payload {
  readonly hex: string;
  readonly object: unknown;
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
  payload: Payload,
  names: ValueNames,
): string | undefined {
  if (input[key] === undefined) return undefined;
  const left = new Map<string, unknown[]>();
  for (const { field, value } of read) left.set(field, [...(left.get(field) ?? []), value]);
  const strange = readFields(input[key], key, names).find((field) => !takeSame(field, left, payload));
  if (strange !== undefined) return strange.path;
  return [...left.values()].some((values) => values.length > 0) ? key : undefined;
}

function takeSame(given: FieldText, left: ReadonlyMap<string, unknown[]>, payload: Payload): boolean {
  if (given.name === PAYLOAD) {
    return isSame(given.value, typeof given.value === "object" ? payload.object : payload.hex);
  }
  const values = left.get(given.name);
  return values !== undefined && values.length > 0 && isSame(given.value, values.shift());
}

function payloadDifference(given: unknown, read: unknown): string | undefined {
  const where = given === undefined ? undefined : findDifference(given, read);
  return where === undefined ? undefined : `_pkt_payload${where}`;
}

function isSame(given: unknown, read: unknown): boolean {
  return findDifference(given, read) === undefined;
}

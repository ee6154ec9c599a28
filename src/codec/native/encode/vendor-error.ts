// An ERROR that is named in the encoding of an experimenter, as its type, code and data; see ../vendor-errors.ts.
import { hexOf, type JsonObject, notA } from "../../encode-support.js";
import type { MessageWriter } from "../../message-writer.js";
import {
  EXPERIMENTER,
  FIRST_WITH_TYPE,
  NICIRA,
  vendorErrorNamed,
  vendorErrorNames,
} from "../vendor-errors.js";

/**
 * The body of an ERROR in numbers, when its type is EXPERIMENTER and its code a name: `data` then has what follows the
 * experimenter's id. Any other body as it is. Throws EncodeError.
 */
export function encodeVendorError(w: MessageWriter, m: JsonObject): JsonObject {
  const { type, code, data } = m;
  if (type !== "EXPERIMENTER" || typeof code !== "string" || /^\d/.test(code) || data === undefined) return m;
  const error = vendorErrorNamed(w.version, code);
  if (error === undefined || !("vendor" in error))
    throw notA(error?.type ?? "NxError", code, "code", vendorErrorNames());
  const later = w.version >= FIRST_WITH_TYPE;
  const head = Buffer.alloc(later ? 4 : 8);
  head.writeUInt32BE(error.vendor);
  if (!later) head.writeUInt32BE(error.number, 4);
  return {
    ...m,
    type: later ? EXPERIMENTER : NICIRA,
    code: later ? error.number : 0,
    data: head.toString("hex") + Buffer.from(hexOf(data, "data")).toString("hex"),
  };
}

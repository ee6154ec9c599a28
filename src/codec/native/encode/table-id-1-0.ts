// The first byte of the command word of a 1.0 FLOW_MOD, see ../decode/table-id-1-0.ts.
import { EncodeError } from "../../../base/index.js";
import { parseInteger } from "../../../text/index.js";
import type { MessageWriter } from "../../message-writer.js";

const ALL = 0xff;

/**
 * Writes one byte: the table number; ALL as 0, since 1.0 knows one table, unless `residue` is "FF".
 * Throws EncodeError when `value` is not a table number.
 */
export function encodeTableId_1_0(w: MessageWriter, value: unknown, residue: unknown, key: string): void {
  const table = tableNumber(value, key);
  w.u8(table !== ALL ? table : residue === "FF" ? ALL : 0);
}

function tableNumber(value: unknown, key: string): number {
  if (value === "ALL") return ALL;
  const n = typeof value === "string" ? parseInteger(value) : value;
  if (typeof n === "number" && Number.isInteger(n) && n >= 0 && n <= ALL) return n;
  throw new EncodeError(key, `${JSON.stringify(value) ?? "undefined"} is not a TableNumber`, {
    found: value,
    expected: "TableNumber",
  });
}

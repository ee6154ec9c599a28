// The first byte of the command word of a 1.0 FLOW_MOD, see ../decode/table-id-1-0.ts.
import { uint } from "../../encode-support.js";
import type { MessageWriter } from "../../message-writer.js";

const ALL = 0xff;

/**
 * Writes one byte: the table number; ALL as 0, since 1.0 knows one table, unless `residue` is "FF".
 * Throws EncodeError when `value` is not a table number.
 */
export function encodeTableId_1_0(w: MessageWriter, value: unknown, residue: unknown, key: string): void {
  const table = value === "ALL" ? ALL : uint(value, ALL, key, "TableNumber");
  w.u8(table !== ALL ? table : residue === "FF" ? ALL : 0);
}

// The first byte of the command word of a 1.0 FLOW_MOD: 0 in OpenFlow 1.0; with Nicira's table-id extension switched
// on, the number of the table.
import { type Text, writeAscii, writeDec } from "../../../text/index.js";

/** Prints the table number at `o`. */
export function decodeTableId_1_0(b: Buffer, o: number, _end: number, w: Text): void {
  if (b[o] === 0xff) writeAscii('"ALL"', w);
  else writeDec(b[o]!, w);
}

/** Whether the printed number gives another byte: ALL is written as 0, which says the same to a switch without the extension. */
export function residueTableId_1_0(b: Buffer, o: number, _end: number): boolean {
  return b[o] === 0xff;
}

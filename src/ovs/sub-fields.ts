/** Bits of a field: `reg0[0..15]`, `NXM_NX_REG0[]` in lines, `NX_REG0[0:16]` in messages. */

import {
  FIELD_NAMES,
  fieldInMessages,
  fieldOrHeadNamed,
  firstHead,
  headIn,
  type OvsField,
} from "./fields.js";
import { FlowError } from "./flow-error.js";
import type { Piece } from "./lexer.js";
import { closest } from "./names.js";

/** Bits `from` to `to` of a field, without `to`. */
export interface SubField {
  readonly field: OvsField;
  readonly from: number;
  readonly to: number;
}

const FORM = /^(\w+)(?:\[(?:(\d+)(?:\.\.(\d+))?)?\])?$/;

/** Reads bits of a field. Throws FlowError. */
export function readSubField(piece: Piece): SubField {
  const { text, at } = piece;
  const found = FORM.exec(text);
  if (found === null)
    throw new FlowError(
      "SYNTAX",
      at,
      `found "${text}", expected a field: reg0, reg0[], reg0[5] or reg0[0..15]`,
    );
  const [, name = "", first, last = first] = found;
  const field = fieldOrHeadNamed(name);
  if (field === undefined || field.heads.length === 0)
    throw new FlowError("UNKNOWN", at, `unknown field "${name}"${closest(name, FIELD_NAMES)}`);
  if (first === undefined) return { field, from: 0, to: field.bits };
  const from = Number(first);
  const to = Number(last) + 1;
  if (to <= from) throw new FlowError("INVALID", at, `${text}: bit ${from} is after bit ${last}`);
  if (to > field.bits) throw new FlowError("INVALID", at, `${text}: ${name} has ${field.bits} bits`);
  return { field, from, to };
}

/** One bit of a field. Throws FlowError. */
export function readBit(piece: Piece): SubField {
  const bit = readSubField(piece);
  if (bit.to - bit.from !== 1)
    throw new FlowError("INVALID", piece.at, `${piece.text}: expected one bit: reg0[5]`);
  return bit;
}

/** Refuses to copy bits to more or fewer of them. @param to  what names the destination. Throws FlowError. */
export function checkWidths(src: SubField, dst: SubField, to: Piece): void {
  const [a, b] = [src.to - src.from, dst.to - dst.from];
  if (a !== b) throw new FlowError("INVALID", to.at, `${a} bits are copied to ${b} bits`);
}

/** Bits of a field in the messages of a version. @param version  1 for the headers that actions of Nicira have */
export function jsonSubField({ field, from, to }: SubField, version: number): string {
  return `${headIn(field, version).ours}[${from}:${to}]`;
}

/** Bits that a message names, as a line has them; what is of no known field as it is. */
export function formatSubField(value: unknown): string {
  const found = subFieldInMessage(value);
  if (found === undefined) return String(value);
  const { field, from, to } = found;
  return `${firstHead(field).theirs}${formatRange(field, from, to)}`;
}

/** `[]` for all of a field, else its bits. */
function formatRange(field: OvsField, from: number, to: number): string {
  if (from === 0 && to === field.bits) return "[]";
  return to === from + 1 ? `[${from}]` : `[${from}..${to - 1}]`;
}

/** Bits that a message names; undefined for those of a field that has no name in lines. */
export function subFieldInMessage(value: unknown): SubField | undefined {
  const found = /^(\w+)(?:\(\d+\))?\[(\d+):(\d+)\]$/.exec(String(value));
  const field = found === null ? undefined : fieldInMessages(found[1]!);
  return field === undefined ? undefined : { field, from: Number(found![2]), to: Number(found![3]) };
}

// Bit ranges of match fields out of text: `NX_REG0[0:16]`, see ../decode/sub-field.ts.
import { EncodeError } from "../../../base/index.js";
import { putU16, putU32 } from "../../../wire/index.js";
import { fieldBytes, notA, show, uint } from "../../encode-support.js";
import type { FieldKind } from "../../field-kind.js";
import { kindNamed } from "../../field-names.js";
import { fieldIndex, fieldKinds, fieldPrefixes } from "../../gen/encode/oxm.js";
import type { MessageWriter } from "../../message-writer.js";

/** A bit range of a match field. */
export interface SubField {
  /** The OXM header as it goes to the wire: 4 bytes, 8 in the class 0xffff. */
  readonly header: Uint8Array;
  /** First bit, counted from the lowest; at most 65535. */
  readonly ofs: number;
  /** How many bits, 0 to 65535. */
  readonly nBits: number;
}

/** A name or the hex digits of a header, and a range: [begin:end], [first..last], [bit], [] or nothing. */
const FORM =
  /^([A-Z][A-Z0-9_]*(?:\(\d{1,3}\))?|[0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{8})?)(?:\[(?:(\d{1,5})(?:(:|\.\.)(\d{1,6}))?)?\])?$/;
const HEX = /^[0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{8})?$/;

/** Digits of a number; those of a header in hex have a range behind them. */
const INTEGER = /^[0-9][0-9A-Za-z]*$/;

/** Offsets and counts of bits are words of 16 bits at most. */
const MAX_BIT = 0xffff;

/** Headers that were asked for, by the index of their field. */
const headers: (Uint8Array | undefined)[] = [];

/**
 * Reads a bit range. Without numbers it is the whole field.
 * @param alone  a header in hex may lack the experimenter word that its class has
 * @param unchecked  a range may go beyond the bits that the field has, or have none, as far as the words of the wire can say it
 * Throws EncodeError.
 */
export function parseSubField(value: unknown, key: string, unchecked = true, alone = false): SubField {
  const m = typeof value === "string" ? FORM.exec(value) : null;
  if (m === null) throw notA("SubField like NX_REG0[0:16]", value, key);
  const { header, bits } = headerOf(m[1]!, value, key, alone);
  const ofs = m[2] === undefined ? 0 : Number(m[2]);
  const end = endOf(m, ofs, bits);
  const empty = unchecked && end === ofs && m[4] !== undefined;
  if (end <= ofs && !empty) throw refuse(value, key, "has no bits");
  if (ofs > MAX_BIT || end - ofs > MAX_BIT || (end > MAX_BIT && !unchecked))
    throw refuse(value, key, `is beyond bit ${MAX_BIT}`);
  if (!unchecked && end > bits) throw refuse(value, key, `is beyond the ${bits} bits of ${m[1]}`);
  return { header, ofs, nBits: end - ofs };
}

/** The bit after the last one. */
function endOf(m: RegExpExecArray, ofs: number, bits: number): number {
  if (m[2] === undefined) return bits;
  if (m[4] === undefined) return ofs + 1;
  return Number(m[4]) + (m[3] === ":" ? 0 : 1);
}

function headerOf(
  name: string,
  value: unknown,
  key: string,
  alone: boolean,
): { header: Uint8Array; bits: number } {
  const indexOf = (one: string): number | undefined => kindNamed(fieldIndex, fieldPrefixes, one);
  const field = fieldBytes(name, (one) => fieldKinds[indexOf(one) ?? -1]?.size);
  if (field !== undefined) {
    const index = indexOf(field.name)!;
    const kind = fieldKinds[index]!;
    if (field.name !== name) return { header: makeHeader(kind, field.bytes), bits: 8 * field.bytes };
    headers[index] ??= makeHeader(kind, field.bytes);
    return { header: headers[index], bits: 8 * field.bytes };
  }
  if (!HEX.test(name)) throw notA("Field", name, key, fieldIndex.keys());
  const header = Buffer.from(name, "hex");
  const own = header.readUInt16BE(0) === 0xffff ? 4 : 0;
  if (header.length !== 4 + own && !(own > 0 && alone))
    throw refuse(value, key, `does not have the ${8 + 2 * own} digits of its OXM header`);
  const payload = Math.max(0, header[3]! - own);
  return { header, bits: (header[2]! & 1) === 1 ? 4 * payload : 8 * payload };
}

function makeHeader({ header, experimenter }: FieldKind, size: number): Uint8Array {
  const own = experimenter === 0 ? 0 : 4;
  const bytes = Buffer.alloc(4 + own);
  putU32(bytes, 0, header | (size + own));
  if (own !== 0) putU32(bytes, 4, experimenter);
  return bytes;
}

function refuse(value: unknown, key: string, detail: string): EncodeError {
  return new EncodeError(key, `${show(value)} ${detail}`, { found: value, expected: "SubField" });
}

/**
 * The bit range in one word: offset in the upper 10 bits, count less one in the lower 6. Throws EncodeError when it
 * does not fit: more than 64 bits, or an offset above 1023.
 */
export function packBits(field: SubField, key: string): number {
  const { ofs, nBits } = field;
  if (nBits === 0) throw new EncodeError(key, "has no bits", { expected: "SubField" });
  if (nBits > 64) throw new EncodeError(key, `${nBits} bits, more than 64`, { expected: "SubField" });
  if (ofs > 1023) throw new EncodeError(key, `begins at bit ${ofs}, above 1023`, { expected: "SubField" });
  return (ofs << 6) | (nBits - 1);
}

/** Writes the OXM header of a sub-field. */
export function writeSubFieldHeader(w: MessageWriter, field: SubField): void {
  w.bytes(field.header);
}

/**
 * Stores a number of `bytes` bytes behind four zeros, or the OXM header of a sub-field and its bits, at `p`.
 * Throws EncodeError.
 */
export function putFieldOrNumber(
  w: MessageWriter,
  b: Buffer,
  p: number,
  value: unknown,
  key: string,
  bytes: number,
): void {
  b.fill(0, p, p + 4 + bytes);
  if (typeof value !== "string" || INTEGER.test(value)) {
    const number = uint(value, bytes === 2 ? 0xffff : 0xffffffff, key, "number");
    if (bytes === 2) putU16(b, p + 4, number);
    else putU32(b, p + 4, number);
    return;
  }
  const field = parseSubField(value, key, w.unchecked, true);
  if (field.header.length !== 4)
    throw refuse(value, key, "has a header of 8 bytes, for which there is no room");
  b.set(field.header, p);
  putU16(b, p + 4, packBits(field, key));
}

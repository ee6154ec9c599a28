// Bit ranges of match fields out of text: `NX_REG0[0:16]`, see ../decode/sub-field.ts.
import { EncodeError } from "../../../base/index.js";
import { notA, show } from "../../encode-support.js";
import { fieldKinds } from "../../gen/encode/oxm.js";
import type { MessageWriter } from "../../message-writer.js";

/** A bit range of a match field. */
export interface SubField {
  /** OXM header without mask bit, with length. */
  readonly header: number;
  /** Second word of the header, in class 0xffff. */
  readonly experimenter: number;
  /** First bit, counted from the lowest. */
  readonly ofs: number;
  /** How many bits, 1 or more. */
  readonly nBits: number;
}

/** A name or the hex digits of a header, and a range: [begin:end], [first..last], [bit], [] or nothing. */
const FORM =
  /^([A-Z][A-Z0-9_]*|[0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{8})?)(?:\[(?:(\d{1,5})(?:(:|\.\.)(\d{1,5}))?)?\])?$/;
const HEX = /^[0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{8})?$/;

const byName = new Map(fieldKinds.map((kind) => [kind.name, kind]));

/**
 * Reads a bit range. Without numbers it is the whole field.
 * @param unchecked  a range may go beyond the bits that the field has
 * Throws EncodeError.
 */
export function parseSubField(value: unknown, key: string, unchecked = false): SubField {
  const m = typeof value === "string" ? FORM.exec(value) : null;
  if (m === null) throw notA("SubField, as NX_REG0[0:16]", value, key);
  const name = m[1]!;
  const { header, experimenter, bits } = fieldOf(name, value, key);
  const ofs = m[2] === undefined ? 0 : Number(m[2]);
  const end = endOf(m, ofs, bits);
  if (end <= ofs) throw refuse(value, key, "has no bits");
  if (!unchecked && bits > 0 && end > bits) throw refuse(value, key, `is beyond the ${bits} bits of ${name}`);
  return { header, experimenter, ofs, nBits: end - ofs };
}

/** The bit after the last one. */
function endOf(m: RegExpExecArray, ofs: number, bits: number): number {
  if (m[2] === undefined) return bits;
  if (m[4] === undefined) return ofs + 1;
  return Number(m[4]) + (m[3] === ":" ? 0 : 1);
}

function fieldOf(
  name: string,
  value: unknown,
  key: string,
): { header: number; experimenter: number; bits: number } {
  const kind = byName.get(name);
  if (kind !== undefined) {
    const { experimenter } = kind;
    const own = experimenter === 0 ? 0 : 4;
    return { header: (kind.header | (kind.size + own)) >>> 0, experimenter, bits: 8 * kind.size };
  }
  if (!HEX.test(name)) throw notA("Field", name, key, byName.keys());
  const header = Number.parseInt(name.slice(0, 8), 16);
  const vendor = header >>> 16 === 0xffff;
  if (vendor !== (name.length === 16)) throw refuse(value, key, "does not have the digits of an OXM header");
  const length = (header & 0xff) - (vendor ? 4 : 0);
  const masked = (header & 0x100) !== 0;
  return {
    header,
    experimenter: vendor ? Number.parseInt(name.slice(8), 16) : 0,
    bits: Math.max(0, masked ? 4 * length : 8 * length),
  };
}

function refuse(value: unknown, key: string, detail: string): EncodeError {
  return new EncodeError(key, `${show(value)} ${detail}`, {
    found: value,
    expected: "SubField",
  });
}

/** Writes the OXM header of a sub-field: 4 bytes, 8 in the class 0xffff. */
export function writeSubFieldHeader(w: MessageWriter, field: SubField): void {
  w.u32(field.header);
  if (field.header >>> 16 === 0xffff) w.u32(field.experimenter);
}

// Statements that refuse sizes and lengths. The error is made by a function of wire/ from what is at hand, so that a check costs
// one comparison where all is well.
import { type DecodeTarget, WIRE } from "./decode-target.js";
import { quote } from "./naming.js";
import type { SourceModule } from "./printer.js";

/** Statement that refuses a frame which has less than `need` bytes at `at`. */
export function throwShort(t: DecodeTarget, at: string, need: number): string {
  return `throw ${t.module.use("short", WIRE)}(${quote(t.unit.label)}, ${at}, end, ${need});`;
}

/**
 * Statement that refuses what has another size, end or head than it should. `error` is a function of wire/ that makes the error, `part`
 * names what is wrong ("" is the unit itself), `args` are sources of what the function takes besides.
 */
export function throwWrong(
  t: DecodeTarget,
  error: "wrongSize" | "wrongEnd" | "badHead",
  part: string,
  ...args: readonly string[]
): string {
  return `throw ${t.module.use(error, WIRE)}(${[labelOf(t, part), ...args].join(", ")});`;
}

/** A length on the wire: sources of the place where it stands, of itself, of the bytes that are there, and the least that it may be. */
export interface LengthSource {
  readonly at: string;
  readonly length: string;
  readonly least: number;
  readonly left: string;
}

/** Statement that refuses a length. `part` names what has that length; "" is the unit itself. */
export function throwLength(
  t: DecodeTarget,
  part: string,
  { at, length, least, left }: LengthSource,
): string {
  return `throw ${t.module.use("badLength", WIRE)}(${labelOf(t, part)}, ${at}, ${length}, ${least}, ${left});`;
}

function labelOf(t: DecodeTarget, part: string): string {
  return quote(part === "" ? t.unit.label : `${t.unit.label}.${part}`);
}

/** Statement that refuses the TLV at `q` of a list that ends at `end` when its payload is longer than the list. */
export function tlvCheck(t: DecodeTarget, part: string, end: string): string {
  const wrong = { at: "q + 3", length: "b[q + 3]!", least: 0, left: `${end} - q - 4` };
  return `if (q + 4 + b[q + 3]! > ${end}) ${throwLength(t, part, wrong)}`;
}

/** Statement that refuses the `length` of the element at `q` of a list that ends at `end`. `at` is where it stands. */
export function elementCheck(
  module: SourceModule,
  name: string,
  at: string,
  least: number,
  multiple: number,
): string {
  const test = multiple > 1 ? ` || length % ${multiple} !== 0` : "";
  const more = multiple > 1 ? `, ${multiple}` : "";
  const bad = module.use("badLength", WIRE);
  return `if (length < ${least} || length > end - q${test}) throw ${bad}(${quote(name)}, ${at}, length, ${least}, end - q${more});`;
}

/** Source of the distance from `at` to `end`. */
export function distance(end: string, at: string): string {
  return /[ ]/.test(at) ? `${end} - (${at})` : `${end} - ${at}`;
}

// Sub-fields (`NXM_NX_REG0[0..15]`), and the words before them that tell their bits or whether they are there.
import { emitGuard, givenOrDefault } from "./encode-given.js";
import { type EncodeTarget, type FieldRow, localOf, typedField, useSupport } from "./encode-target.js";
import { numberSource } from "./encode-values.js";
import { camel, quote } from "./naming.js";

const NATIVE = "codec/native/encode/sub-field";

/** The local that holds a parsed sub-field. */
export function subFieldLocal(name: string): string {
  return `${camel(name)}Bits`;
}

/** Emits what parses all sub-fields. They come first: words before them need their bit ranges. */
export function emitSubFields(t: EncodeTarget): void {
  /** The first sub-field that uses a count of bits; both sides of a move have one count. */
  const counted = new Map<string, string>();
  for (const row of t.rows) {
    if (row.kind !== "field" || row.width.kind !== "oxm_id" || row.width.vars.length === 0) continue;
    const local = subFieldLocal(row.name);
    const key = quote(row.name);
    emitParse(t, row);
    const count = row.width.vars[1];
    if (count === undefined) continue;
    const error = t.module.use("EncodeError", "base/index");
    if (/^\d/.test(count)) {
      const there = row.when ? `${local} !== undefined && ` : "";
      const text = `\`\${${local}.nBits} bits, not ${count}\``;
      t.out.add(`if (${there}${local}.nBits !== ${count}) throw new ${error}(${key}, ${text});`);
      continue;
    }
    const first = counted.get(count);
    if (first === undefined) {
      counted.set(count, local);
      continue;
    }
    const text = `\`\${${local}.nBits} bits, the other side has \${${first}.nBits}\``;
    t.out.add(`if (${local}.nBits !== ${first}.nBits && !w.unchecked) throw new ${error}(${key}, ${text});`);
  }
}

/** Emits the local of one sub-field; undefined where the row is not there. */
function emitParse(t: EncodeTarget, row: FieldRow): void {
  const f = typedField(t, row.name);
  const parse = t.module.use("parseSubField", NATIVE);
  const read = (source: string): string => `${parse}(${source}, ${quote(row.name)}, w.unchecked)`;
  const value = localOf(row.name);
  if (row.when === undefined) emitGuard(t, f);
  const source = row.when
    ? `${value} === undefined ? undefined : ${read(value)}`
    : read(givenOrDefault(t, f));
  t.out.add(`const ${subFieldLocal(row.name)} = ${source};`);
}

/** Source of a wire variable: from the first sub-field that cites it, or the bits of the conditional rows that are there. */
export function variableSource(t: EncodeTarget, name: string): string {
  for (const row of t.rows) {
    if (row.kind !== "field" || row.width.kind !== "oxm_id") continue;
    const local = subFieldLocal(row.name);
    const index = row.width.vars.indexOf(name);
    if (index < 0) continue;
    if (row.width.packed) return `${t.module.use("packBits", NATIVE)}(${local}, ${quote(row.name)})`;
    const source = index === 0 ? `${local}.ofs` : `${local}.nBits`;
    return row.when ? `${local} === undefined ? 0 : ${source}` : source;
  }
  const bits = conditionBits(t, name);
  if (bits !== "") return bits;
  // A word that the case's tag spells (`EXPERIMENTER.0x00002320`) was put on the writer by the union's encoder.
  if (t.unit.id.includes(".") && name === "$experimenter") return "w.tagNumber";
  throw new Error(`${t.unit.id}: nothing says what ${name} is`);
}

/** Source of the bits of the conditional rows that are there; "" when none depends on that word. */
function conditionBits(t: EncodeTarget, name: string): string {
  return conditionalRows(t, name)
    .map(({ row, bits }) => `(${localOf(row.name)} === undefined ? 0 : ${bits})`)
    .join(" | ");
}

function conditionalRows(t: EncodeTarget, name: string): { row: FieldRow; bits: number }[] {
  return t.rows.flatMap((row) =>
    row.kind === "field" && row.when?.kind === "bits" && row.when.variable === name
      ? [{ row, bits: row.when.bits }]
      : [],
  );
}

/**
 * Source of flags some bits of which say that later rows are there: those bits are set when the keys are given, and refused when
 * they are not. Undefined for flags on which no row depends.
 */
export function conditionFlags(t: EncodeTarget, name: string): string | undefined {
  const conditional = conditionalRows(t, name);
  const row = t.rows.find((one): one is FieldRow => one.kind === "field" && one.name === name);
  if (conditional.length === 0 || row === undefined) return undefined;
  const { g, module, version } = t;
  const f = typedField(t, name);
  const given = { type: f.type, width: row.width, key: quote(name), version, by: undefined };
  const local = `${camel(name)}Bits`;
  t.out.add(`const ${local} = ${numberSource(g, module, { ...given, value: givenOrDefault(t, f) })};`);
  for (const { row: later, bits } of conditional) {
    const absent = `${localOf(later.name)} === undefined && (${local} & ${bits}) !== 0`;
    t.out.add(`if (${absent}) throw ${useSupport(t, "missing")}(${quote(later.name)});`);
  }
  return `${local} | ${conditionBits(t, name)}`;
}

// Sub-fields (`NXM_NX_REG0[0..15]`) and the words before them that tell their bits.
import { emitGuard, givenOrDefault } from "./encode-given.js";
import { type EncodeTarget, localOf, typedField } from "./encode-target.js";
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
    if (row.kind !== "field" || row.width.kind !== "oxm_id") continue;
    const f = typedField(t, row.name);
    const local = subFieldLocal(row.name);
    const key = quote(row.name);
    emitGuard(t, f);
    const parse = t.module.use("parseSubField", NATIVE);
    t.out.add(`const ${local} = ${parse}(${givenOrDefault(t, f)}, ${key}, w.unchecked);`);
    const count = row.width.vars[1];
    if (count === undefined) continue;
    const first = counted.get(count);
    if (first === undefined) {
      counted.set(count, local);
      continue;
    }
    const error = t.module.use("EncodeError", "base/index");
    const text = `\`\${${local}.nBits} bits, the other side has \${${first}.nBits}\``;
    t.out.add(`if (${local}.nBits !== ${first}.nBits && !w.unchecked) throw new ${error}(${key}, ${text});`);
  }
}

/** Source of a wire variable: from the first sub-field that cites it, or the bits of the conditional rows that are there. */
export function variableSource(t: EncodeTarget, name: string): string {
  for (const row of t.rows) {
    if (row.kind !== "field" || row.width.kind !== "oxm_id") continue;
    const local = subFieldLocal(row.name);
    const index = row.width.vars.indexOf(name);
    if (index < 0) continue;
    if (row.width.packed) return `${t.module.use("packBits", NATIVE)}(${local}, ${quote(row.name)})`;
    return index === 0 ? `${local}.ofs` : `${local}.nBits`;
  }
  const bits = t.rows.flatMap((row) =>
    row.kind === "field" && row.when?.kind === "bits" && row.when.variable === name
      ? [`(${localOf(row.name)} === undefined ? 0 : ${row.when.bits})`]
      : [],
  );
  if (bits.length > 0) return bits.join(" | ");
  // A word that the case's tag spells (`EXPERIMENTER.0x00002320`) was put on the writer by the union's encoder.
  if (t.unit.id.includes(".") && name === "$experimenter") return "w.tagNumber";
  throw new Error(`${t.unit.id}: nothing says what ${name} is`);
}

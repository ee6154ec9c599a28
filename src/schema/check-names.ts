// Rules about names of values: enums, codes, flags, numbers.
import type { Report, Rule } from "./check-report.js";
import type { ByVersion, Definition, FlagsDefinition, NumberDefinition, Scalar } from "./model.js";
import { WIRE_VERSIONS } from "./model.js";
import type { Place } from "./tree.js";

type Values = ReadonlyMap<string, ByVersion<number>>;

/** A number has one name in a version; other spellings stand under `also`. */
export const valuesUnique: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    if (d.kind === "enum") unique(d.name, d.values, d.at, report);
    if (d.kind === "code")
      for (const [type, table] of d.values) unique(`${d.name} ${type}`, table, d.at, report);
    if (d.kind === "number") {
      const inAll = (n: number): ByVersion<number> => [undefined, ...WIRE_VERSIONS.map(() => n)];
      unique(d.name, new Map([...d.names].map(([name, n]) => [name, inAll(n)])), d.at, report);
    }
  }
};

function unique(label: string, values: Values, at: Place, report: Report): void {
  for (const v of WIRE_VERSIONS) {
    const known = new Map<number, string>();
    for (const [name, by] of values) {
      const n = by[v];
      if (n === undefined) continue;
      if (n > 0xffffffff) report.say(at, `${label}: ${name} is larger than 32 bits`);
      const other = known.get(n);
      if (other) report.sayFor(v, at, `${label}: ${other} and ${name} are both ${n} in {versions}`);
      known.set(n, name);
    }
  }
}

/** Bits have one name in a version, unless they are a field whose values all have the same mask. */
export const bitsUnique: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    if (d.kind !== "flags") continue;
    for (const v of WIRE_VERSIONS) {
      const known: { name: string; value: number; mask: number }[] = [];
      for (const [name, by] of d.bits) {
        const bits = by[v];
        if (bits === undefined) continue;
        for (const other of known) {
          const apart = (other.mask & bits.mask) === 0;
          const sameField = other.mask === bits.mask && other.value !== bits.value;
          if (!apart && !sameField)
            report.sayFor(v, d.at, `${d.name}: ${other.name} and ${name} overlap in {versions}`);
        }
        known.push({ name, ...bits });
      }
    }
  }
};

/** Names of numbers fit their words: those of 32 bits, and the upper end of what is sign-extended from 16. */
export const numbersFit: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    if (d.kind === "scalar") scalarNamesFit(d, report);
    if (d.kind !== "number") continue;
    for (const [bytes, how] of d.widths) {
      if (how === "sign_extend" && bytes !== 2) report.say(d.at, `${d.name}: sign_extend is for u16`);
      for (const [name, n] of d.names)
        if (!fits(d, n, bytes)) report.say(d.at, `${d.name}: ${name} does not fit u${8 * bytes}`);
    }
  }
};

/** Only numbers have names, and these fit the narrowest word. */
function scalarNamesFit(d: Scalar, report: Report): void {
  if (d.also.size > 0 && d.form !== "uint")
    report.say(d.at, `${d.name}: only values of form uint have names`);
  for (const width of d.widths)
    for (const [name, n] of d.also)
      if (width.kind === "int" && n >= 2 ** Math.min(d.bits ?? 64, 8 * width.bytes))
        report.say(d.at, `${d.name}: ${name} does not fit ${d.bits ?? 8 * width.bytes} bits`);
}

function fits(d: NumberDefinition, n: number, bytes: number): boolean {
  if (d.widths.get(bytes) === "sign_extend") return n < 0xff00 || (n >= 0xffffff00 && n <= 0xffffffff);
  return n < 2 ** (8 * bytes);
}

/** `also` and `docs` are about names that are there; an alias is no name itself. */
export const aliasesFit: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    const names = namesOf(d);
    if (names === undefined || !("docs" in d)) continue;
    for (const [alias, of] of d.also) {
      if (!names.has(of)) report.say(d.at, `${d.name}: ${alias} stands for ${of}, which is not there`);
      if (names.has(alias)) report.say(d.at, `${d.name}: ${alias} is a name already and cannot be an alias`);
    }
    for (const name of d.docs.keys())
      if (!names.has(name)) report.say(d.at, `${d.name}: docs has ${name}, which is not there`);
  }
};

/** The names that a definition gives to values. */
function namesOf(d: Definition): ReadonlySet<string> | undefined {
  if (d.kind === "enum") return new Set(d.values.keys());
  if (d.kind === "number") return new Set(d.names.keys());
  if (d.kind === "flags") return new Set((d satisfies FlagsDefinition).bits.keys());
  return d.kind === "code"
    ? new Set([...d.values.values()].flatMap((table) => [...table.keys()]))
    : undefined;
}

/** The tables of a code are named by values of the enum that selects them. */
export const codeTablesExist: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    const selector = d.kind === "code" ? model.definitions.get(d.by) : undefined;
    if (d.kind !== "code" || selector?.kind !== "enum") continue;
    for (const name of d.values.keys())
      if (!selector.values.has(name)) report.say(d.at, `${d.name}: ${selector.name} has no value ${name}`);
  }
};

/** What the schemas say of keys and names in texts, against a table of what clients rely on, both ways. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { Constant, Definition, FlagBits, JsonField } from "../../src/schema/index.js";
import { readSchemas } from "../../src/schema/index.js";

type Words = Readonly<Record<string, string>>;
type Section = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** `texts.yaml`; the comments there say what each section means. */
interface Texts {
  readonly defaults: Section;
  readonly absent: Section;
  readonly omitted: Section;
  readonly dropped: Readonly<Record<string, readonly string[]>>;
  readonly replies: Words;
  readonly short: readonly string[];
  readonly frames: readonly string[];
  readonly sizes: Words;
  readonly flows: readonly string[];
  readonly numbered: Words;
  readonly synonyms: Readonly<Record<string, Words>>;
  readonly signs: Readonly<Record<string, Words>>;
  readonly words: Readonly<Record<string, Words>>;
  readonly meets: Words;
  readonly numbers: Readonly<Record<string, readonly string[]>>;
}

const texts = parse(readFileSync(join(import.meta.dirname, "texts.yaml"), "utf8"), {
  schema: "failsafe",
}) as Texts;
const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));
const definitions = [...model.definitions.values()];

it("encode takes the defaults of the table for missing keys, and no others", () => {
  expect(keysWith((key) => key.default && constant(key.default))).toEqual(texts.defaults);
});

it("decode prints the values of the table where there is nothing", () => {
  expect(keysWith((key) => key.absent && constant(key.absent))).toEqual(texts.absent);
});

it("decode leaves out the keys of the table", () => {
  expect(keysWith(({ omit }) => (typeof omit === "object" ? `=${omit.sameAs}` : omit))).toEqual(
    texts.omitted,
  );
});

it("encode drops no other keys than those of the table", () => {
  const dropped = keysWith((key) => (key.ignorable ? "yes" : undefined));
  expect(mapped(dropped, Object.keys)).toEqual(texts.dropped);
});

it("messages are answered by those of the table", () => {
  const replies = definitions.flatMap((one) => {
    if (one.kind !== "message" || one.reply === undefined) return [];
    return [[one.name, `${one.reply.maybe ? "maybe " : ""}${one.reply.name}`]];
  });
  expect(Object.fromEntries(replies)).toEqual(texts.replies);
});

it("the messages of the table need no msg", () => {
  const short = definitions.filter((one) => "optionalBody" in one && one.optionalBody);
  expect(short.map((one) => one.name).sort()).toEqual([...texts.short].sort());
});

it("the keys of the table hold frames and their sizes", () => {
  const keys = definitions
    .flatMap(bodiesOf)
    .flatMap(([owner, own]) => own.map((key) => [`${owner}.${key.name}`, key] as const));
  const frames = keys.flatMap(([name, { packet }]) => (packet ? [name] : []));
  const sizes = keys.flatMap(([name, { sizeOf }]) => (sizeOf === undefined ? [] : [[name, sizeOf]]));
  expect(frames.sort()).toEqual([...texts.frames].sort());
  expect(Object.fromEntries(sizes)).toEqual(texts.sizes);
});

it("the messages of the table take flows", () => {
  const flows = definitions.filter((one) => one.kind === "message" && one.flow);
  expect(flows.map((one) => one.name).sort()).toEqual([...texts.flows].sort());
});

it("the lists of the table number their elements", () => {
  const numbered = definitions.flatMap((one) =>
    one.kind === "struct" && one.numbered ? [[one.name, one.numbered]] : [],
  );
  expect(Object.fromEntries(numbered)).toEqual(texts.numbered);
});

it("texts may use the synonyms of the table, and no others", () => {
  const found: [string, Names][] = definitions.flatMap((one) => {
    const synonyms = one.kind === "tlv_table" ? one.aliases : "also" in one ? one.also : undefined;
    return synonyms?.size ? [[one.name, Object.fromEntries<string | number>(synonyms)]] : [];
  });
  const theirs = mapped(texts.synonyms, (names) => mapped(names, (of) => (/^\d/.test(of) ? Number(of) : of)));
  expect(Object.fromEntries(found)).toEqual(theirs);
});

it("values of match fields may use the signs and words of the table", () => {
  const signs = namesOf((one) => one.kind === "scalar" && one.signs);
  expect(signs).toEqual(mapped(texts.signs, (names) => mapped(names, Number)));
  const words = namesOf((one) => one.kind === "scalar" && one.words);
  expect(words).toEqual(mapped(texts.words, (names) => mapped(names, underMask)));
});

it("fields of the table meet the needs for others", () => {
  const meets = definitions.flatMap((table) => {
    if (table.kind !== "tlv_table") return [];
    return table.cases.flatMap(({ name, says }) => (says ? [[name, [says.field, says.plus]]] : []));
  });
  const theirs = mapped(texts.meets, (text) => {
    const [field, plus = 0] = text.split("+");
    return [field, Number(plus)];
  });
  expect(Object.fromEntries(meets)).toEqual(theirs);
});

it("the keys and fields of the table have numbers of its types", () => {
  const typed = [
    ...definitions.flatMap(bodiesOf),
    ...definitions.flatMap((one) => (one.kind === "tlv_table" ? [[one.name, one.cases] as const] : [])),
  ];
  const found: [string, string][] = typed.flatMap(([owner, keys]) =>
    keys.flatMap(({ name, type }): [string, string][] =>
      type && isSpecialNumber(model.definitions.get(type.name)) ? [[`${owner}.${name}`, type.name]] : [],
    ),
  );
  const theirs = Object.entries(texts.numbers).flatMap(([type, keys]) => keys.map((key) => [key, type]));
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(theirs));
});

it("numbers whose names count bits have so many", () => {
  for (const one of definitions) {
    const bits = /^[SU]Int(\d+)$/.exec(one.name)?.[1];
    if (one.kind !== "scalar" || bits === undefined) continue;
    const bytes = one.widths.flatMap((width) => (width.kind === "int" ? [width.bytes] : []));
    expect([one.name, one.bits ?? 8 * Math.max(...bytes)]).toEqual([one.name, Number(bits)]);
  }
});

/** Whether it is more than a number that fills a word. */
function isSpecialNumber(one: Definition | undefined): boolean {
  if (one?.kind === "number") return true;
  return one?.kind === "scalar" && /^[us]int$/.test(one.form) && !/^UInt(8|16|32|64)$/.test(one.name);
}

type Names = Readonly<Record<string, unknown>>;

/** What `pick` finds in keys, by definition or case of a union, and by key. */
function keysWith(pick: (key: JsonField) => unknown): Record<string, Names> {
  const found: Record<string, Names> = {};
  for (const [name, keys] of definitions.flatMap(bodiesOf)) {
    const picked = keys.flatMap((key) => {
      const value = pick(key);
      return value === undefined ? [] : [[key.name, value] as const];
    });
    if (picked.length > 0) found[name] = Object.fromEntries(picked);
  }
  return found;
}

/** The keys of a definition; those that a case takes from a struct stand there. */
function bodiesOf(one: Definition): [string, readonly JsonField[]][] {
  if (one.kind !== "union") return "json" in one ? [[one.name, one.json]] : [];
  const own = one.cases.filter((each) => each.struct === undefined);
  const cases = own.map(({ name, json }): [string, readonly JsonField[]] => [`${one.name}.${name}`, json]);
  return [[`${one.name}.$common`, one.common?.json ?? []], ...cases];
}

function constant(value: Constant): string | readonly string[] {
  if (value.kind === "empty") return [];
  return value.kind === "key" ? `=${value.key}` : value.text;
}

function namesOf<T>(pick: (one: Definition) => ReadonlyMap<string, T> | false): Record<string, Names> {
  const found = definitions.map((one) => [one.name, pick(one)] as const);
  return Object.fromEntries(
    found.flatMap(([name, names]) => (names && names.size > 0 ? [[name, Object.fromEntries<T>(names)]] : [])),
  );
}

function underMask(text: string): FlagBits {
  const [value = Number.NaN, mask = Number.NaN] = text.split("/").map(Number);
  return { value, mask };
}

function mapped<A, B>(from: Readonly<Record<string, A>>, to: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value)]));
}

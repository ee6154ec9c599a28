// JSON Schema of values that have names: numbers, enumerations, flags, and lists of what a switch can do.
import { ALL_VERSIONS, formatVersionRange } from "../base/index.js";
import type {
  ByVersion,
  CodeDefinition,
  EnumDefinition,
  FlagsDefinition,
  NumberDefinition,
} from "../schema/index.js";
import { integerText } from "./json-schema-digits.js";
import type { JsonSchema } from "./json-schema-forms.js";
import { numberRef, type SchemaContext } from "./json-schema-objects.js";
import { idNames, vendorEnums, versionsOf } from "./shape.js";

/** One value, or one element of a set of flags: a name, or a number that fills the word. */
export function namesSchema(
  context: SchemaContext,
  d: NumberDefinition | EnumDefinition | CodeDefinition | FlagsDefinition,
): JsonSchema {
  const number = numberRef(context.widest(d));
  const vendors =
    d.kind === "code" ? vendorEnums(context.model).flatMap((one) => [...one.values.keys()]) : [];
  return { anyOf: [...nameSchemas(namesOf(d)), ...alsoSchemas([...d.also.keys(), ...vendors]), number] };
}

/** The names of values with what there is to say of each. */
function namesOf(
  d: NumberDefinition | EnumDefinition | CodeDefinition | FlagsDefinition,
): ReadonlyMap<string, string> {
  const doc = (name: string, ...more: string[]): string =>
    [d.docs.get(name) ?? "", ...more].filter((text) => text !== "").join(" ");
  switch (d.kind) {
    case "number":
      return new Map([...d.names.keys()].map((name) => [name, doc(name)]));
    case "enum":
      return new Map([...d.values].map(([name, by]) => [name, doc(name, versionNote(by))]));
    case "flags":
      return new Map([...d.bits].map(([name, by]) => [name, doc(name, versionNote(by))]));
    case "code":
      return new Map(
        [...d.values].flatMap(([group, values]) =>
          [...values].map(([name, by]) => [name, doc(name, `Code of ${group}.`, versionNote(by))] as const),
        ),
      );
  }
}

/** `OpenFlow 1.4+.`; nothing where all versions have it. */
function versionNote(by: ByVersion<unknown>): string {
  const versions = versionsOf(by);
  return versions.length === ALL_VERSIONS.length ? "" : `OpenFlow ${formatVersionRange(versions)}.`;
}

/** Alternatives for names with their documentation; one if there is none. */
export function nameSchemas(names: ReadonlyMap<string, string>): JsonSchema[] {
  if ([...names.values()].every((doc) => doc === "")) return [{ enum: [...names.keys()] }];
  return [...names].map(([name, doc]) => ({ const: name, ...(doc === "" ? {} : { description: doc }) }));
}

/** Other spellings that are read: a pattern, as editors propose what stands in an `enum`. */
export function alsoSchemas(names: readonly string[]): JsonSchema[] {
  return names.length === 0 ? [] : [oneOfNames(names)];
}

/** One of some texts, which editors do not list. */
export function oneOfNames(names: readonly string[]): JsonSchema {
  return { type: "string", pattern: `^(${names.join("|").replaceAll(".", "\\.")})$` };
}

/** An element of a list of codes: what a switch can handle. */
export function idSchema(context: SchemaContext, name: string): JsonSchema {
  const d = context.model.definitions.get(name);
  const word = integerText(2n ** 32n - 1n);
  if (d?.kind === "tlv_table") {
    const names = d.cases.map((c) => c.name);
    const all = [...names, ...d.aliases.keys()];
    return {
      title: `Id of a ${name}`,
      description: `The name of a ${name}; NAME/ when it may have a mask, ~NAME when its length is 0, or its header in hex.`,
      anyOf: [
        { enum: names },
        {
          type: ["string", "number"],
          minimum: 0,
          maximum: 2 ** 32 - 1,
          pattern: `^~?(${word}(\\.${word})?|(${all.join("|")})/?)$`,
        },
      ],
    };
  }
  const names = d?.kind === "union" ? idNames(d) : [];
  const code = integerText(0xffffn);
  return {
    title: `Id of a ${name}`,
    description: `The name of one kind of ${name}, or its code in hex; after a dot the bytes that follow the code, in hex.`,
    anyOf: [
      { enum: names },
      {
        type: ["string", "integer"],
        minimum: 0,
        maximum: 0xffff,
        pattern: `^(${names.join("|")}|EXPERIMENTER|${code})(\\.(0[xX])?([0-9A-Fa-f]{2})*)?$`,
      },
    ],
  };
}

/** Header of a field that has no name, with the id of its experimenter after a dot. */
export function rawHeaderSchema(): JsonSchema {
  const word = integerText(2n ** 32n - 1n);
  return {
    type: ["string", "integer"],
    minimum: 0,
    maximum: 2 ** 32 - 1,
    pattern: `^${word}(\\.${word})?$`,
  };
}

/** Tag of a case that names its experimenter: EXPERIMENTER.0x00002320. */
export function experimenterTag(prefix: string): JsonSchema {
  return { type: "string", pattern: `^${prefix.replaceAll(".", "\\.")}${integerText(2n ** 32n - 1n)}$` };
}

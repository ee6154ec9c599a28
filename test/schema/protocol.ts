/** The table `protocol.yaml` as a test reads it: all names with their numbers, by definition and wire version. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { parseVersionRange, type Version } from "../../src/base/index.js";

/** Name to value. */
export type Names<T> = ReadonlyMap<string, T>;
/** By wire version; a version is absent when the definition has nothing in it. */
export type ByVersion<T> = ReadonlyMap<Version, Names<T>>;

/** What the specifications define; see the comments in `protocol.yaml` for the words of each tuple. */
export interface Protocol {
  readonly messages: ByVersion<readonly number[]>;
  readonly multiparts: ByVersion<readonly number[]>;
  readonly unions: Names<ByVersion<readonly number[]>>;
  /** Definitions whose elements are padded to 8 bytes: their length counts the padding, or leaves it out. */
  readonly padding: Readonly<Record<"counted" | "added", readonly string[]>>;
  readonly fields: ByVersion<readonly number[]>;
  readonly statistics: ByVersion<readonly number[]>;
  readonly numbers: Names<ByVersion<number>>;
  readonly enums: Names<ByVersion<number>>;
  readonly flags: Names<ByVersion<number>>;
  readonly errors: Names<ByVersion<number>>;
  /** Definition to the names that it has in versions, or at all, by a decision of ours: `NAME: versions`. */
  readonly beyond: Names<Names<readonly Version[]>>;
}

type Text = string | readonly string[];
type Ranges = Readonly<Record<string, Readonly<Record<string, Text>>>>;
type Groups = Readonly<Record<string, Ranges>>;

/** Reads the table next to this file. */
export function readProtocol(): Protocol {
  const file = join(import.meta.dirname, "protocol.yaml");
  const text = parse(readFileSync(file, "utf8"), { schema: "failsafe" }) as {
    readonly [key in "messages" | "multiparts" | "fields" | "statistics"]: Ranges;
  } & { readonly [key in "unions" | "numbers" | "enums" | "flags" | "errors"]: Groups } & {
    readonly padding: Protocol["padding"];
    readonly beyond: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
  return {
    messages: byVersion(text.messages, tuple),
    multiparts: byVersion(text.multiparts, tuple),
    unions: groups(text.unions, tuple),
    padding: text.padding,
    fields: byVersion(text.fields, tuple),
    statistics: byVersion(text.statistics, tuple),
    numbers: groups(text.numbers, number),
    enums: groups(text.enums, number),
    flags: groups(text.flags, number),
    errors: groups(text.errors, number),
    beyond: new Map(
      Object.entries(text.beyond).map(([name, names]) => [
        name,
        new Map(Object.entries(names).map(([key, range]) => [key, versionsOf(range)])),
      ]),
    ),
  };
}

function groups<T>(group: Groups, read: (text: Text) => T): Names<ByVersion<T>> {
  return new Map(Object.entries(group).map(([name, ranges]) => [name, byVersion(ranges, read)]));
}

function byVersion<T>(ranges: Ranges, read: (text: Text) => T): ByVersion<T> {
  const found = new Map<Version, Map<string, T>>();
  for (const [range, names] of Object.entries(ranges)) {
    for (const version of versionsOf(range)) {
      const all = found.get(version) ?? new Map<string, T>();
      found.set(version, all);
      for (const [name, text] of Object.entries(names)) {
        if (all.has(name))
          throw new Error(`protocol.yaml: ${name} is there twice in wire version ${version}`);
        all.set(name, read(text));
      }
    }
  }
  return found;
}

function versionsOf(range: string): readonly Version[] {
  const versions = parseVersionRange(range);
  if (versions === undefined) throw new Error(`protocol.yaml: ${range} is no range of versions`);
  return versions;
}

function tuple(text: Text): readonly number[] {
  if (typeof text === "string") throw new Error(`protocol.yaml: ${text} is no list`);
  return text.map(number);
}

function number(text: Text): number {
  if (text === "yes") return 1;
  if (text === "no") return 0;
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Error(`protocol.yaml: ${String(text)} is no number`);
  return value;
}

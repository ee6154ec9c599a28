/** The rules of test/known-differences.yaml: where golden rows are wrong, or say less, and how that is known. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Difference } from "./differences.js";

/** What a row is about, as far as rules ask for it. */
export interface Subject {
  readonly kind: "message" | "packet" | "encode" | "malformed";
  /** Wire version; 0 where a text names none. */
  readonly version: number;
  readonly type: string;
  readonly source: string;
  /** Names of what is in the message, in the words of whoever compares. */
  readonly parts?: () => readonly string[];
}

/** One rule. A difference that matches it in everything it says counts as passed. */
export interface Rule {
  readonly id: string;
  readonly kind: Subject["kind"];
  /** Wire versions, 1 is OpenFlow 1.0; all when absent. */
  readonly versions?: readonly number[];
  /** Names of messages, `*` stands for any text; all when absent. */
  readonly types?: readonly string[];
  /** Globs of parts, one of which the message must have. */
  readonly parts?: readonly string[];
  /** Glob of the row's origin. */
  readonly source?: string;
  /** Globs of the paths of differences.ts, or words of judge.ts. */
  readonly path: string | readonly string[];
  /** Regular expressions that must be found in what the golden row says, and in what we say. */
  readonly want?: string;
  readonly got?: string;
  /** Proofs, one of which the difference must have. */
  readonly proof?: readonly string[];
  /** Why the difference is right: a sentence with the section of the specification that says so. */
  readonly because: string;
}

const KEYS = new Set([
  "id",
  "kind",
  "versions",
  "types",
  "parts",
  "source",
  "path",
  "want",
  "got",
  "proof",
  "because",
]);

/** The rules, and how often each one was needed. */
export class KnownDifferences {
  readonly #rules: {
    rule: Rule;
    matches: (subject: Subject, difference: Difference) => boolean;
    rows: Set<string>;
  }[];

  constructor(rules: readonly Rule[]) {
    this.#rules = rules.map((rule) => ({ rule, matches: compile(rule), rows: new Set() }));
  }

  /** Reads a file of rules. Throws when a rule has unknown keys, no reason, or the id of another one. */
  static read(file: string): KnownDifferences {
    const rules = parse(readFileSync(file, "utf8")) as Rule[];
    const ids = new Set<string>();
    for (const rule of rules) {
      const strange = Object.keys(rule).find((key) => !KEYS.has(key));
      if (strange !== undefined) throw new Error(`rule ${rule.id} has the unknown key ${strange}`);
      if (typeof rule.because !== "string" || rule.because.length < 20)
        throw new Error(`rule ${rule.id} gives no reason`);
      if (ids.has(rule.id)) throw new Error(`two rules have the id ${rule.id}`);
      ids.add(rule.id);
    }
    return new KnownDifferences(rules);
  }

  /** The differences of a row that no rule covers. */
  unexplained(id: string, subject: Subject, differences: readonly Difference[]): Difference[] {
    return differences.filter((difference) => {
      const covering = this.#rules.filter(({ matches }) => matches(subject, difference));
      for (const { rows } of covering) rows.add(id);
      return covering.length === 0;
    });
  }

  /** Rows per rule, most frequent first. */
  counts(): [id: string, rows: number][] {
    return this.#rules
      .map(({ rule, rows }): [string, number] => [rule.id, rows.size])
      .sort((a, b) => b[1] - a[1]);
  }
}

function compile(rule: Rule): (subject: Subject, difference: Difference) => boolean {
  const types = rule.types?.map(glob);
  const parts = rule.parts?.map(glob);
  const source = rule.source === undefined ? undefined : glob(rule.source);
  const paths = [rule.path].flat().map(glob);
  const want = new RegExp(rule.want ?? "");
  const got = new RegExp(rule.got ?? "");
  return (subject, difference) =>
    subject.kind === rule.kind &&
    (rule.versions?.includes(subject.version) ?? true) &&
    (types?.some((type) => type.test(subject.type)) ?? true) &&
    (source?.test(subject.source) ?? true) &&
    paths.some((path) => path.test(difference.path)) &&
    want.test(difference.want) &&
    got.test(difference.got) &&
    (rule.proof?.some((one) => difference.proof?.includes(one)) ?? true) &&
    (parts === undefined || (subject.parts?.() ?? []).some((name) => parts.some((part) => part.test(name))));
}

function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "s");
}

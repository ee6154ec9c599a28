/**
 * The JSON Schema beside the encoder: what encodes is valid, and what is wrong by its shape is not. What a schema cannot see has a
 * name in REASONS; anything else that the encoder refuses must be refused by the schema, too.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ValidateFunction } from "ajv/dist/2020.js";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { EncodeError } from "../../src/base/index.js";
import { loadJsonSchema } from "../../src/codec/catalog.js";
import { parseYaml } from "../../src/text/index.js";
import { newAjv } from "../ajv.js";
import { messageKinds, messageOf } from "../codec/arbitrary.js";
import { encodeJson, encodeValue, printExact } from "../codec/support.js";
import { actionFixtures, fixtures } from "../fixtures/fixtures.js";
import { decode, encodeText } from "./codec.js";
import { mutated } from "./mutated.js";
import { type EncodeRow, type HexRow, type MessageRow, readRows } from "./rows.js";

let validate: ValidateFunction;
let definitions: Record<string, unknown>;
beforeAll(async () => {
  const schema = (await loadJsonSchema()) as { $defs: Record<string, unknown> };
  validate = newAjv({ allowUnionTypes: true }).compile(schema);
  definitions = schema.$defs;
});

const isValid = (message: unknown): boolean => validate(withoutBigints(message)) as boolean;

/** Ajv knows no bigint. */
function withoutBigints(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(withoutBigints);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutBigints(inner)]));
}

/** What a function throws, undefined when it throws nothing. */
function refusal(encode: () => unknown): Error | undefined {
  try {
    encode();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

type Reason = RegExp | ((error: Error) => boolean);

/** Errors of the encoder that a schema cannot see, and why. */
const REASONS: readonly (readonly [string, Reason])[] = [
  ["what a match needs besides", /\bneeds?\b.*\bmatch\b|prerequisites/i],
  ["one field twice with two values", /and not with the same value/],
  ["more than this version can say", /cannot be expressed in OpenFlow|share one place in OpenFlow/],
  ["a name of another version", isNameOfOtherVersion],
  ["a type that this version does not have", /^type: .*does not exist in OpenFlow/],
  ["no version in the document, nor on the command line", /unspecified protocol version/],
  ["a key of bytes or of an order that this version does not have", /\._\w+: is not a known key/],
  ["a key that a part needs in this version only", /\.(ports|buckets)\[\d+\]\.\w+: is missing$/],
  ["a key that is missing when another has bytes that would be taken for it", /\bexp_type: is missing$/],
  // Decoding shows what stands on the wire, and the schema takes what decoding shows.
  ["a number that its word holds, but its meaning does not", /the largest (UInt([1-7]|9|12|20)|VlanNumber)$/],
  ["a word that is narrower in this message than in others", /the largest (MeterFlags|FieldBits)$/],
  ["bits that the field does not have", /beyond the \d+ bits|bits, the other side has/],
  [
    "more or fewer bytes than the header says",
    /bytes, but the header \w+ announces|is not a mask of \d+ bytes/,
  ],
  ["bytes that are written as a number", /^\S+: [\d.e+]+ is not a HexData|\d+ bytes, \d+ were expected/],
  ["what the fields of a packet can hold, and whether they make one packet", /^msg\._?pkt\w*[.[]/],
  [
    "an element that is told by number and has another size in this version",
    /bytes in this version, not \d+$/,
  ],
  ["forms of the learn action", /is not a NxLearnKind|bytes; \d+ bits need \d+$/],
];

function isNameOfOtherVersion(error: Error): boolean {
  if (!(error instanceof EncodeError) || typeof error.found !== "string") return false;
  const d = definitions[error.expected ?? ""];
  return JSON.stringify(d ?? "").includes(JSON.stringify(error.found));
}

function reasonOf(error: Error): string | undefined {
  const holds = (reason: Reason): boolean =>
    reason instanceof RegExp ? reason.test(error.message) : reason(error);
  return REASONS.find(([, reason]) => holds(reason))?.[0];
}

describe("our own messages are valid", () => {
  it("the fixtures", () => {
    expect(fixtures.length).toBeGreaterThan(200);
    expect(fixtures.filter(({ json }) => !isValid(json)).map(({ title }) => title)).toEqual([]);
  });

  it("the fixtures of actions", () => {
    const inMessage = (action: unknown): object => ({
      type: "PACKET_OUT",
      version: 4,
      msg: { buffer_id: "NO_BUFFER", in_port: 1, actions: [action], data: "" },
    });
    expect(actionFixtures.length).toBeGreaterThan(40);
    expect(actionFixtures.filter(({ json }) => !isValid(inMessage(json))).map(({ title }) => title)).toEqual(
      [],
    );
  });

  it("arbitrary ones, also with a change, exactly if they encode or a reason is known", {
    timeout: 120_000,
  }, () => {
    let encoded = 0;
    for (const kind of messageKinds) {
      fc.assert(
        fc.property(messageOf(kind), fc.infiniteStream(fc.nat()), (message, choices) => {
          expect([message, isValid(message), validate.errors]).toEqual([message, true, null]);
          const other = mutated(message, choices);
          const error = refusal(() => encodeJson(printExact(other), { unchecked: true }));
          const valid = isValid(other);
          if (error === undefined) encoded++;
          if (error !== undefined && valid)
            expect([other, error.message, reasonOf(error)]).toEqual([
              other,
              error.message,
              expect.any(String),
            ]);
          if (error === undefined && !valid && !saysNothing(other))
            expect([other, validate.errors]).toEqual([other, null]);
        }),
        { numRuns: process.env.OFTR_FUZZ === "1" ? 400 : 4 },
      );
    }
    expect(encoded).toBeGreaterThan(200);
  });
});

/** Whether the bytes are the same without what the schema refuses, or with an empty list for it: this version does not look at it. */
function saysNothing(message: unknown): boolean {
  const path = (validate.errors?.[0]?.instancePath ?? "").split("/").slice(1);
  const encode = (value: unknown): string => encodeJson(printExact(value), { unchecked: true });
  const bytes = encode(message);
  const isSame = (value: unknown): boolean => refusal(() => expect(encode(value)).toBe(bytes)) === undefined;
  return path.some((_, i) => {
    const at = path.slice(0, i + 1);
    return isSame(changed(message, at, undefined)) || isSame(changed(message, at, []));
  });
}

interface Change {
  /** Which of the documents. */
  readonly in: string;
  /** Where: `msg.match[0].value`. */
  readonly at: string;
  /** What makes it wrong; without this, that nothing is there. */
  readonly wrong?: unknown;
  /** What is right beside it; without this, that nothing is there. */
  readonly right?: unknown;
}

describe("documents with one mistake are refused, and those that just miss it are not", () => {
  const file = join(import.meta.dirname, "wrong-documents.yaml");
  const { documents, changes } = parse(readFileSync(file, "utf8")) as {
    documents: Record<string, object>;
    changes: Change[];
  };

  it.each(
    changes.map((change) => [`${change.in}: ${change.at} ${JSON.stringify(change.wrong)}`, change] as const),
  )("%s", (_, change) => {
    const base = documents[change.in];
    const right = changed(base, parts(change.at), change.right);
    const wrong = changed(base, parts(change.at), change.wrong);
    expect([isValid(right), validate.errors]).toEqual([true, null]);
    expect(refusal(() => encodeValue(right))).toBeUndefined();
    expect(isValid(wrong)).toBe(false);
    expect(refusal(() => encodeValue(wrong))).toBeDefined();
  });

  it("are of all versions, many of them", () => {
    const versions = Object.values(documents).map((document) => (document as { version: number }).version);
    expect([...new Set(versions)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(changes.length).toBeGreaterThan(60);
  });
});

/** `msg.match[0].value` as its parts. */
function parts(at: string): string[] {
  return at.split(/[.[\]]+/).filter((part) => part !== "");
}

/** A copy of a document with another value at a place; undefined takes the key away. */
function changed(document: unknown, path: readonly string[], value: unknown): unknown {
  const copy: unknown = structuredClone(document);
  const last = path.at(-1) ?? "";
  let inner = copy as Record<string, unknown>;
  for (const part of path.slice(0, -1)) inner = inner[part] as Record<string, unknown>;
  if (value !== undefined) inner[last] = value;
  else if (!Array.isArray(inner)) delete inner[last];
  return copy;
}

const folder = process.env.OFTR_VECTORS ?? "";

describe.skipIf(folder === "")("golden rows", () => {
  /** Forms of the C++ oftr that lose what was on the wire; it does not read them itself. */
  const LOSSY = /"UNKNOWN":0|\{"instruction":"0x\w+"\}/;
  /** Shorter than a header: what it prints of them is no message. */
  const isCut = (hex: string): boolean => Number.parseInt(hex.slice(4, 8), 16) < 8;

  it("are valid as the C++ oftr prints them", { timeout: 60_000 }, () => {
    const all = readRows<MessageRow>(folder, "oftr-messages");
    const left = all.filter(({ json, hex }) => !LOSSY.test(json) && !isCut(hex));
    process.stdout.write(
      `oftr-messages: ${left.length} of ${all.length} rows, ${all.length - left.length} lossy\n`,
    );
    expect(left.length).toBeGreaterThan(4000);
    expect(left.filter(({ json }) => !isValid(JSON.parse(json))).map(({ id }) => id)).toEqual([]);
  });

  it.each(["oftr-messages", "nicira", "oftr-undecodable"])(
    "are valid as decoding prints %s",
    { timeout: 60_000 },
    (name) => {
      const rows = readRows<HexRow>(folder, name);
      let count = 0;
      const wrong = rows.filter(({ hex }) => {
        let text = "";
        if (refusal(() => (text = decode(Buffer.from(hex, "hex")))) !== undefined) return false;
        count++;
        return !isValid(JSON.parse(text));
      });
      expect(count).toBeGreaterThan(rows.length * 0.9);
      expect(wrong.map(({ id }) => id)).toEqual([]);
    },
  );

  it("of encode are valid where they encode, else refused or beyond a schema", { timeout: 60_000 }, () => {
    const counts = new Map<string, number>();
    const found: string[] = [];
    const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
    for (const row of readRows<EncodeRow>(folder, "encode")) {
      const error = refusal(() => encodeText(row.yaml, row.args));
      let value: unknown;
      const read = refusal(() => {
        value = row.args.includes("-j") ? JSON.parse(row.yaml) : parseYaml(row.yaml).value;
      });
      if (read !== undefined) {
        count("no JSON, or no YAML");
        continue;
      }
      const valid = isValid(value);
      if (error === undefined) {
        count("encodes, valid");
        if (!valid) found.push(`${row.id} encodes, but ${JSON.stringify(validate.errors?.[0])}`);
      } else if (!valid) count("refused by both");
      else {
        const reason = reasonOf(error);
        if (reason === undefined) found.push(`${row.id} is valid, but ${error.message}`);
        else count(reason);
      }
    }
    const lines = [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([what, n]) => `${String(n).padStart(6)} rows  ${what}`);
    process.stdout.write(`${lines.join("\n")}\n`);
    expect(found).toEqual([]);
  });
});

/** Puts any part of a message, by the name of its entry in the catalog, into a whole message of a version. */
import type { Version } from "../../src/base/index.js";
import type { Catalog, CatalogBody, CatalogEntry } from "../../src/codec/catalog.js";
import { decodeMessage, makeEnvelope } from "../../src/codec/decode.js";
import { encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { Text } from "../../src/text/index.js";

type Json = Record<string, unknown>;

/** Makes a message around a value of an entry: an object, or a name. */
export type Wrap = (value: unknown) => Json;

const writer = new MessageWriter();
const text = new Text();

/** The frame of a message in hex; throws what encoding throws. */
export function encoded(message: object): string {
  writer.reset();
  encodeMessage(message, writer, {});
  return writer.view().toString("hex");
}

/** The JSON text of a frame. */
export function decodedText(hex: string): string {
  decodeMessage(Buffer.from(hex, "hex"), text, makeEnvelope({}));
  return text.takeString();
}

/** Ways into messages, for one version: the shortest for each entry. */
export class Placing {
  readonly #byName: ReadonlyMap<string, CatalogEntry>;
  readonly #wraps = new Map<string, Wrap>();

  readonly version: Version;

  constructor(catalog: Catalog, version: Version) {
    this.version = version;
    this.#byName = new Map(catalog.entries.map((e) => [e.name, e]));
    const queue: CatalogEntry[] = [];
    const found = (name: string, wrap: Wrap): void => {
      const entry = this.#byName.get(name);
      if (entry === undefined || this.#wraps.has(name)) return;
      this.#wraps.set(name, wrap);
      queue.push(entry);
    };
    for (const e of catalog.entries) {
      if (e.kind !== "message" || !e.body.versions.includes(version)) continue;
      found(e.name, (msg) => ({ ...(e.example as Json), version, msg }));
    }
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      const wrap = this.#wraps.get(entry.name) as Wrap;
      for (const { body, example } of this.#objects(entry)) this.#within(body, example, wrap, found);
      if (entry.kind !== "table") continue;
      const { tag, cases } = entry;
      for (const c of cases) {
        const isObject = c.since <= version && this.#byName.get(c.type)?.kind === "struct";
        if (isObject) found(c.type, (value) => wrap({ [tag]: c.name, value }));
      }
    }
  }

  /** A way to put a value of the entry into a message; undefined when no message of this version has one. */
  wrapOf(name: string): Wrap | undefined {
    return this.#wraps.get(name);
  }

  /** The objects that an entry may be in this version, with an example of each. */
  #objects(entry: CatalogEntry): { body: CatalogBody; example: unknown }[] {
    if (entry.kind === "message") return [{ body: entry.body, example: (entry.example as Json).msg }];
    if (entry.kind === "struct") return [entry];
    const cases = entry.kind === "union" ? entry.cases : [];
    return cases.filter((c) => c.body.versions.includes(this.version));
  }

  #within(body: CatalogBody, example: unknown, wrap: Wrap, found: (name: string, wrap: Wrap) => void): void {
    if (!body.versions.includes(this.version)) return;
    if (body.list !== undefined) found(body.list, (value) => wrap([value]));
    if (body.inline !== undefined)
      found(body.inline, (value) => wrap({ ...(example as Json), ...(value as Json) }));
    for (const f of body.fields) {
      if (f.derived || (f.carried !== undefined && !f.carried.includes(this.version))) continue;
      const name = f.type.replace(/[[\]]/g, "");
      const isList = f.type !== name;
      found(name, (value) => wrap({ ...(example as Json), [f.name]: isList ? [value] : value }));
    }
  }

  /** A value of a type that is not one of `not`; undefined when there is none in this version. */
  sample(type: string, not: readonly string[]): unknown {
    const name = type.replace(/[[\]]/g, "");
    const one = this.#sampleOf(name, not);
    return one === undefined || type === name ? one : [one];
  }

  #sampleOf(name: string, not: readonly string[]): unknown {
    const entry = this.#byName.get(name);
    switch (entry?.kind) {
      case "struct":
        return entry.example;
      case "union":
        return entry.cases.find((c) => c.body.versions.includes(this.version))?.example;
      case "table":
        return entry.cases.find((c) => c.name === "METADATA" || c.name === "IDLE_TIME")?.example.at(-1);
      case "enum":
      case "flags":
        return entry.values.findLast(
          (v) => v.versions.includes(this.version) && !not.includes(v.name) && v.value !== "0x0",
        )?.name;
      case "number":
        return 7;
      default:
        return SCALARS[name] ?? 7;
    }
  }
}

const SCALARS: Readonly<Record<string, unknown>> = {
  HexData: "00000007",
  MacAddress: "0a:00:00:00:00:09",
  DurationSec: "7.5",
  Str16: "other",
  Str32: "other",
  ActionId: "OUTPUT",
  InstructionId: "APPLY_ACTIONS",
  FieldId: "IN_PORT",
};

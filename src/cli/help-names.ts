/**
 * Finds entries of the catalog by names as people remember them: in any case, with or without `_`, without REQUEST or
 * REPLY, and as the C++ `oftr` called them.
 */
import { suggest } from "../base/index.js";
import type {
  Catalog,
  CatalogCase,
  CatalogEntry,
  CatalogTable,
  CatalogTlv,
  CatalogUnion,
  CatalogValue,
} from "../codec/catalog.js";

/** Something that has a page. */
export type Topic =
  | { readonly kind: "entry"; readonly entry: CatalogEntry }
  | { readonly kind: "case"; readonly union: CatalogUnion; readonly one: CatalogCase }
  | { readonly kind: "tlv"; readonly table: CatalogTable; readonly one: CatalogTlv };

/** What a name leads to. */
export interface Found {
  readonly topics: readonly Topic[];
  /** Full names of further cases that are called the same. */
  readonly others: readonly string[];
}

/** Names of the C++ `oftr` that ours are not like. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  ActionTypeFlags: "ActionFlags",
  BundleCtrlType: "BundleControlType",
  ConfigFlags: "SwitchConfigFlags",
  FlowRemovedFlags: "FlowRemovedReasonFlags",
  GroupCapabilityFlags: "GroupCapabilitiesFlags",
  MeterBandFlags: "MeterBandTypeFlags",
  MeterConfigFlags: "MeterFlags",
  MultipartFlags: "MessageFlags",
  OpticalPortFeaturesFlags: "OpticalFlags",
  PacketInFlags: "PacketInReasonFlags",
  PortStatusFlags: "PortReasonFlags",
  PortStatusReason: "PortReason",
  RegisterBits: "SubField",
  "Reply.Aggregate": "AGGREGATE_STATS_REPLY",
  RequestForwardFlags: "RequestForwardReasonFlags",
  RoleStatusFlags: "RoleReasonFlags",
  RoleStatusReason: "RoleReason",
  TableStatusFlags: "TableReasonFlags",
  TableStatusReason: "TableReason",
};

/** Cases of these come up under their short name only when nothing else is called so: there are many with the same. */
const isProperty = (union: CatalogUnion): boolean => union.tag === "property";

/** `FlowMod` and `flow_mod` become one. */
function normal(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

/** The full name of a topic: `FLOW_MOD`, `Action.OUTPUT`. */
export function topicName(topic: Topic): string {
  if (topic.kind === "entry") return topic.entry.name;
  return topic.kind === "case" ? `${topic.union.name}.${topic.one.name}` : topic.one.name;
}

/** Messages first, then other entries, then parts of them; each once. */
function inOrder(topics: readonly Topic[]): Topic[] {
  const rank = (topic: Topic): number =>
    topic.kind !== "entry" ? 2 : topic.entry.kind === "message" ? 0 : 1;
  return [...new Set(topics)].sort((a, b) => rank(a) - rank(b));
}

/** All topics of a catalog by normal names. */
export class TopicIndex {
  readonly #byName = new Map<string, Topic[]>();
  readonly #properties = new Map<string, Topic[]>();
  readonly #names: string[] = [];

  constructor(catalog: Catalog) {
    for (const entry of catalog.entries) {
      this.#add(entry.name, { kind: "entry", entry });
      if (entry.kind === "union") for (const one of entry.cases) this.#addCase(entry, one);
      if (entry.kind === "table") for (const one of entry.cases) this.#addTlv(entry, one);
    }
    for (const [old, name] of Object.entries(OLD_NAMES)) {
      const topics = this.#byName.get(normal(name)) ?? [];
      if (!this.#byName.has(normal(old))) for (const topic of topics) this.#put(this.#byName, old, topic);
    }
  }

  /** Names to choose from, as they are printed. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** What a name leads to; undefined when it leads nowhere. */
  find(name: string): Found | undefined {
    // The C++ oftr writes Message/FlowMod and Request.PortStats.
    const bare = name.replace(/^\w+\//, "");
    const key = normal(bare.replace(/^(request|reply)[._](\w+)$/i, "$2_$1"));
    const topics = [key, `${key}REQUEST`, `${key}REPLY`].flatMap((k) => this.#byName.get(k) ?? []);
    topics.push(...(this.#byName.get(normal(bare)) ?? []));
    const properties = this.#properties.get(key) ?? [];
    if (topics.length > 0) return { topics: inOrder(topics), others: properties.map(topicName) };
    return properties.length > 0 ? { topics: properties, others: [] } : undefined;
  }

  /** The name that was probably meant. */
  suggest(name: string): string | undefined {
    const names = this.#names.flatMap((full) => [full, full.replace(/_(REQUEST|REPLY)$/, "")]);
    return suggest(name, names) ?? suggest(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2"), names);
  }

  #addCase(union: CatalogUnion, one: CatalogCase): void {
    const topic: Topic = { kind: "case", union, one };
    this.#put(this.#byName, topicName(topic), topic);
    this.#names.push(isProperty(union) ? topicName(topic) : one.name);
    this.#put(isProperty(union) ? this.#properties : this.#byName, one.name, topic);
    for (const older of one.older ?? []) this.#add(older.name, topic);
  }

  #addTlv(table: CatalogTable, one: CatalogTlv): void {
    const topic: Topic = { kind: "tlv", table, one };
    for (const name of [one.name, ...one.also]) this.#add(name, topic);
  }

  #add(name: string, topic: Topic): void {
    this.#names.push(name);
    this.#put(this.#byName, name, topic);
  }

  #put(map: Map<string, Topic[]>, name: string, topic: Topic): void {
    const key = normal(name);
    map.set(key, [...(map.get(key) ?? []), topic]);
  }
}

/** Where a word stands that is no topic itself. */
export interface Mention {
  readonly kind: "value" | "key";
  readonly entry: CatalogEntry;
  /** `PortNumber`, `Action.OUTPUT`. */
  readonly place: string;
  /** The value; the type of a key and what it means. */
  readonly detail: string;
}

/** The places of a word: names of values, and keys. */
export function findMentions(catalog: Catalog, word: string): Mention[] {
  const key = normal(word);
  return catalog.entries.flatMap((entry) => [...valuesIn(entry, key), ...keysIn(entry, key)]);
}

function valuesIn(entry: CatalogEntry, key: string): Mention[] {
  const value = (place: string, detail: string): Mention => ({ kind: "value", entry, place, detail });
  const isIt = ({ name }: { readonly name: string }): boolean => normal(name) === key;
  const detail = (one: CatalogValue): string => (one.doc === "" ? one.value : `${one.value}. ${one.doc}`);
  switch (entry.kind) {
    case "number":
    case "enum":
    case "flags": {
      const aliases = Object.entries(entry.also).filter(([name]) => normal(name) === key);
      return [
        ...entry.values.filter(isIt).map((one) => value(entry.name, detail(one))),
        ...aliases.map(([, of]) => value(entry.name, `read as ${of}`)),
      ];
    }
    case "code":
      return Object.entries(entry.values).flatMap(([by, values]) =>
        values.filter(isIt).map((one) => value(`${entry.name} of ${by}`, detail(one))),
      );
    default:
      return [];
  }
}

function keysIn(entry: CatalogEntry, key: string): Mention[] {
  const bodies =
    entry.kind === "message" || entry.kind === "struct"
      ? [{ place: entry.name, fields: entry.body.fields }]
      : entry.kind === "union"
        ? entry.cases.map((c) => ({ place: `${entry.name}.${c.name}`, fields: c.body.fields }))
        : [];
  return bodies.flatMap(({ place, fields }) =>
    fields
      .filter(({ name }) => normal(name) === key)
      .map((f) => ({ kind: "key" as const, entry, place, detail: `${f.type}. ${f.doc}`.trim() })),
  );
}

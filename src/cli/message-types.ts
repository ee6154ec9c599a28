/** Of which type each value in a message is, as the catalog says it. */
import type {
  Catalog,
  CatalogBody,
  CatalogCase,
  CatalogEntry,
  CatalogMessage,
  CatalogTlv,
} from "../codec/catalog.js";

/** What is known of a value. */
export interface ValueType {
  /** Of the value, or of each element when it is a list; undefined for what the catalog does not know. */
  readonly entry: CatalogEntry | undefined;
  /** Bytes of an unsigned integer on the wire; 0 for other values. */
  readonly bytes: number;
}

/** The types of the values of an object, by key. */
export type KeyTypes = ReadonlyMap<string, ValueType>;

const UNKNOWN: KeyTypes = new Map();

/** Looks up types. Tables are made when they are first asked for. */
export class MessageTypes {
  readonly #entries: ReadonlyMap<string, CatalogEntry>;
  readonly #tables = new Map<object, KeyTypes>();

  constructor(catalog: Catalog) {
    this.#entries = new Map(catalog.entries.map((entry) => [entry.name, entry]));
  }

  /** Of a whole message. */
  message(value: Readonly<Record<string, unknown>>): KeyTypes {
    const entry = this.#entries.get("Message");
    const keys = entry?.kind === "struct" ? this.#keysOf(entry.body, value) : UNKNOWN;
    const body = this.#entries.get(String(value.type));
    return body?.kind === "message" ? new Map([...keys, ["msg", this.#bodyType(body)]]) : keys;
  }

  /** Of an object that is of this type. */
  object(type: ValueType | undefined, value: Readonly<Record<string, unknown>>): KeyTypes {
    const entry = type?.entry;
    switch (entry?.kind) {
      case "message":
        return this.#keysOf(entry.body, value);
      case "struct":
        return entry.name === "Message" ? this.message(value) : this.#keysOf(entry.body, value);
      case "union": {
        const found = entry.cases.find((c) => isSpelled(c, value[entry.tag]));
        return found === undefined ? UNKNOWN : this.#keysOf(found.body, value);
      }
      case "table": {
        const found = entry.cases.find(({ name }) => name === value[entry.tag]);
        return found === undefined ? UNKNOWN : this.#tlvKeys(found);
      }
      default:
        return UNKNOWN;
    }
  }

  #bodyType(message: CatalogMessage): ValueType {
    return message.body.list === undefined ? { entry: message, bytes: 0 } : this.#named(message.body.list);
  }

  #keysOf(body: CatalogBody, value: Readonly<Record<string, unknown>>): KeyTypes {
    let table = this.#tables.get(body);
    if (table === undefined) {
      table = new Map(body.fields.map(({ name, type }) => [name, this.#named(type)]));
      this.#tables.set(body, table);
    }
    if (body.inline === undefined) return table;
    return new Map([...table, ...this.object(this.#named(body.inline), value)]);
  }

  #tlvKeys(tlv: CatalogTlv): KeyTypes {
    let table = this.#tables.get(tlv);
    if (table === undefined) {
      const type = this.#named(tlv.type);
      table = new Map([
        ["value", type],
        ["mask", type],
      ]);
      this.#tables.set(tlv, table);
    }
    return table;
  }

  /** @param type  as the catalog has it: a list in brackets */
  #named(type: string): ValueType {
    const entry = this.#entries.get(type.replace(/^\[(.*)\]$/, "$1"));
    const isNumber = entry?.kind === "scalar" || entry?.kind === "number";
    return { entry, bytes: (isNumber ? entry.bytes : undefined) ?? 0 };
  }
}

function isSpelled({ name, spelling }: CatalogCase, tag: unknown): boolean {
  if (typeof tag !== "string") return false;
  if (tag === name) return true;
  return spelling !== undefined && tag.startsWith(spelling.slice(0, spelling.indexOf("<")));
}

/**
 * Arbitrary messages of each type and version, made from the schema: what a definition's JSON says may be there, as far as
 * the wire of the version can say it, in the form in which decoding prints it.
 */
import { join } from "node:path";
import fc from "fast-check";
import {
  type Body,
  type Constant,
  caseUnit,
  type Definition,
  type JsonField,
  LIST_ROW,
  type Message,
  type Multipart,
  type Row,
  readSchemas,
  type TlvCase,
  type TlvTable,
  type TypeRef,
  type Union,
  type UnionCase,
  type Width,
} from "../../src/schema/index.js";
import { matchOf } from "./arbitrary-match.js";
import {
  codeName,
  flagsOf,
  hexOf,
  hexText,
  plain,
  uintOf,
  type Value,
  valuesOf,
} from "./arbitrary-values.js";

export const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));

/** Lists of actions nest this deep. */
const DEPTH = 2;

/** A type of message in one version. */
export interface MessageKind {
  readonly name: string;
  readonly version: number;
}

/** All of them. */
export const messageKinds: readonly MessageKind[] = [...model.definitions.values()].flatMap((d) =>
  d.kind === "message" || d.kind === "multipart"
    ? [1, 2, 3, 4, 5, 6].flatMap((version) =>
        d.type[version] === undefined ? [] : [{ name: d.name, version }],
      )
    : [],
);

/** Messages of one type in one version. */
export function messageOf({ name, version }: MessageKind): fc.Arbitrary<unknown> {
  const d = model.definitions.get(name) as Message | Multipart;
  const flags = d.kind === "multipart" ? { flags: fc.constantFrom([], ["MORE"]) } : {};
  return fc.record({
    type: fc.constant(name),
    ...flags,
    xid: uintOf(32),
    version: fc.constant(version),
    msg: new Context(version, DEPTH).body(d),
  });
}

/** Values of one field of a match; they may have a mask where the field may. */
export function fieldOf(name: string, version: number): fc.Arbitrary<unknown> {
  return new Context(version, 0).field(name);
}

/** Actions of one name. */
export function actionOf(name: string, version: number): fc.Arbitrary<unknown> {
  return new Context(version, 1).action(name);
}

type Json = Record<string, unknown>;

/** What stands around a part of a message: its version, and how deep lists may still nest. */
class Context {
  readonly #version: number;
  readonly #depth: number;

  constructor(version: number, depth: number) {
    this.#version = version;
    this.#depth = depth;
  }

  /** The JSON of a message, struct or case. */
  body(body: Body): Value {
    if (body.jsonList) return this.#list(body.jsonList, rowOf(this.#rows(body), LIST_ROW)?.width);
    return fc
      .tuple(...this.#members(body))
      .map((members) => Object.assign({}, ...(members as object[])) as Json)
      .map((json) => this.#withFlags(body, this.#withCodes(body, json)));
  }

  /** Codes have the names that go with the key that decides. */
  #withCodes(body: Body, json: Json): Json {
    for (const { name, type } of body.json) {
      const codes = definitionOf(type?.name ?? "");
      if (codes?.kind !== "code" || json[name] === undefined) continue;
      const decides = body.json.find(
        (field) => definitionOf(field.type?.name ?? "")?.name === codes.by,
      )?.name;
      if (decides === undefined) throw new Error(`nothing decides about ${name}`);
      json[name] = codeName(codes, String(json[decides]), String(json[name]), this.#version);
    }
    return json;
  }

  /** Flags that tell whether other keys are there tell the truth. */
  #withFlags(body: Body, json: Json): unknown {
    for (const row of this.#rows(body)) {
      if (row.kind !== "field" || row.when?.kind !== "bits" || row.when.variable.startsWith("$")) continue;
      const { variable, bits } = row.when;
      const type = body.json.find((field) => field.name === variable)?.type;
      const flags = definitionOf(type?.name ?? "");
      if (flags?.kind !== "flags") throw new Error(`${variable} has no flags`);
      const given = (json[variable] ?? []) as readonly string[];
      const names = [...flags.bits.keys()].filter((name) =>
        flags.bits.get(name)?.[this.#version]?.value === bits
          ? json[row.name] !== undefined
          : given.includes(name),
      );
      json[variable] = [...names, ...given.filter((name) => name.startsWith("0x"))];
    }
    return json;
  }

  /** One field of a match. */
  field(name: string): Value {
    const table = definitionOf("Field") as TlvTable;
    const one = table.cases.find((c) => c.name === name);
    if (one === undefined) throw new Error(`no ${name}`);
    return this.#tlvOf(table, one);
  }

  /** One action. */
  action(name: string): Value {
    const union = definitionOf("Action") as Union;
    const one = union.cases.find((c) => c.name === name);
    if (one === undefined) throw new Error(`no ${name}`);
    return this.#caseOf(union, one);
  }

  /** Objects that make up the object of a body when they are put together. */
  #members(body: Body): Value[] {
    const rows = this.#rows(body);
    const hoisted = rows.flatMap((row) => (row.kind === "tlvs" ? this.#hoisted(row) : []));
    const own = body.json.flatMap((field) => {
      if (field.inline) return [this.#inline(field, rows)];
      const value = this.#member(field, rows);
      if (value === undefined) return [];
      const member = value.map((one) => ({ [field.name]: one }));
      if (typeof field.omit === "object") return [member];
      return [mayLack(field) ? fc.oneof({ weight: 3, arbitrary: member }, fc.constant({})) : member];
    });
    return [...own, ...hoisted];
  }

  /** Values of a key; undefined when the version has none, or when a property brings it. */
  #member(field: JsonField, rows: readonly Row[]): Value | undefined {
    if (field.derived || field.since > this.#version || field.type === undefined) return undefined;
    // Physical ports: none of the numbers that have names, which would be those of another port.
    if (typeof field.omit === "object" && rows.every((row) => row.kind !== "set" || row.name !== field.name))
      return uintOf(31);
    for (const row of rows) {
      if (row.kind === "native") return this.#typed(field.type, undefined);
      if (row.kind === "set" && row.name === field.name) return fc.constant(constantValue(row.value, field));
      if (row.kind === "tlvs" && row.rest === field.name) return this.#rest(row);
      if (row.kind !== "field") continue;
      if (row.name === field.name) return this.#typed(field.type, row.width, [...row.copy.keys()]);
      for (const [name, key] of [...row.copy, ...row.move]) {
        if (key === field.name) return this.#tlvValue(tlvTable(rows, row.name), name);
      }
    }
    return undefined;
  }

  #inline(field: JsonField, rows: readonly Row[]): Value {
    const type = definitionOf(field.type?.name ?? "");
    if (type?.kind === "struct") return this.body(type);
    if (type?.kind === "tlv_table") return this.#tlv(type, []);
    if (rows.length === 0) throw new Error("no rows");
    return this.#message();
  }

  /** A whole message inside another. */
  #message(): Value {
    const names = ["ECHO_REQUEST", "BARRIER_REQUEST", "GROUP_MOD", "PORT_MOD"].filter(
      (name) => (model.definitions.get(name) as Message).type[this.#version] !== undefined,
    );
    const inner = new Context(this.#version, 0);
    return fc.oneof(
      ...names.map((name) =>
        fc.record({
          type: fc.constant(name),
          xid: uintOf(32),
          version: fc.constant(this.#version),
          msg: inner.body(model.definitions.get(name) as Message),
        }),
      ),
    );
  }

  #typed(type: TypeRef, width: Width | undefined, except: readonly string[] = []): Value {
    if (type.name === "Message") return this.#message();
    if (width?.kind === "native") return matchOf(model, width.fn, this.#version);
    const definition = definitionOf(type.name);
    if (definition?.kind === "flags") return flagsOf(definition, this.#version, width ?? U32);
    if (type.list) return this.#list(type, width, except);
    if (definition?.kind === "struct") return this.body(definition);
    if (definition === undefined) throw new Error(`no ${type.name}`);
    return valuesOf(model, definition, this.#version, shifted(width));
  }

  #list(type: TypeRef, width: Width | undefined, except: readonly string[] = []): Value {
    const definition = definitionOf(type.name);
    if (definition === undefined) throw new Error(`no ${type.name}`);
    if (width?.kind === "ids") return fc.uniqueArray(this.#id(definition), { maxLength: 4 });
    if (width?.kind === "wrap") return this.#wrapped(width.case);
    if (definition.kind === "tlv_table") return this.#tlvs(definition, except);
    const item: Width =
      width?.kind === "list" && width.item !== 0 ? { kind: "int", bytes: width.item, shift: 0 } : U32;
    return fc.array(this.#element(definition, item), { maxLength: this.#depth === DEPTH ? 3 : 2 });
  }

  #element(definition: Definition, item: Width): Value {
    if (definition.kind === "struct") return this.body(definition);
    if (definition.kind === "union") return this.#case(definition, () => true);
    return valuesOf(model, definition, this.#version, item);
  }

  /** 1.0 has no instructions: its actions are shown in one. */
  #wrapped(name: string): Value {
    const actions = definitionOf("Action") as Union;
    const list = fc.array(
      this.#case(actions, () => true),
      { minLength: 1, maxLength: 3 },
    );
    return fc.oneof(
      fc.constant([]),
      list.map((some) => [{ instruction: name, actions: some }]),
    );
  }

  /** Elements of a property list that are not keys. */
  #rest(row: Row & { readonly kind: "tlvs" }): Value {
    const union = definitionOf(row.union) as Union;
    return fc.array(
      this.#case(union, (one) => !row.hoist.has(one.name)),
      { maxLength: 2 },
    );
  }

  /** Keys that properties bring. */
  #hoisted(row: Row & { readonly kind: "tlvs" }): Value[] {
    const union = definitionOf(row.union) as Union;
    return [...row.hoist].flatMap(([name, key]) => {
      const one = union.cases.find((c) => c.name === name);
      if (one?.type[this.#version] === undefined) return [];
      const body = this.body(caseUnit(model, union, one));
      const member = key === "." ? body : body.map((value) => ({ [key]: value }));
      return [row.always.includes(name) ? member : fc.oneof(member, fc.constant({}))];
    });
  }

  #case(union: Union, wanted: (one: UnionCase) => boolean): Value {
    const cases = union.cases.filter((one) => {
      const deep = one.json.some((f) => f.type?.list && definitionOf(f.type.name)?.kind === "union");
      return (
        one.type[this.#version] !== undefined && wanted(one) && !hasL4(one) && (this.#depth > 0 || !deep)
      );
    });
    const inner = new Context(this.#version, this.#depth - 1);
    const known = cases.map((one) => inner.#caseOf(union, one));
    return fc.oneof(...known, inner.#unknown(union));
  }

  #caseOf(union: Union, one: UnionCase): Value {
    const body = this.body(caseUnit(model, union, one));
    // Ids that no case has, so that the bytes behind them are nobody's.
    const ids = fc.constantFrom(0, 1, 0xabcdef, 0xffffffff).map((id) => `${one.name}.${hexText(id, 8)}`);
    const tag = one.tagForm ? ids : fc.constant(one.name);
    if (one.as.length === 0)
      return fc.tuple(tag, body).map(([name, value]) => ({ [union.tag]: name, ...(value as object) }));
    const names = Object.fromEntries(one.as.map(({ key, value }) => [key, value]));
    return body.map((value) => ({ ...names, ...(value as object) }));
  }

  /** An element of a type that nobody knows; the length that its data must have for no padding to be added. */
  #unknown(union: Union): Value {
    const bytes = union.header.reduce((sum, word) => sum + word.bytes, 0);
    const digits = 2 * (union.header.find(({ word }) => word === "type")?.bytes ?? 2);
    const n = union.multiple > 1 ? 8 - (bytes % 8) : 4;
    const common = (union.common?.json ?? []).map(({ name, type }) =>
      this.#typed(type as TypeRef, U32).map((value) => ({ [name]: value })),
    );
    return fc
      .tuple(
        fc.constant({ [union.tag]: hexText(0x70, digits) }),
        ...common,
        hexOf(n, n).map((data) => ({ data })),
      )
      .map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
  }

  /** A type id, as lists of what tables can do have them. */
  #id(definition: Definition): Value {
    if (definition.kind === "tlv_table") {
      const ids = definition.cases;
      const named = fc.tuple(fc.constantFrom("", "~"), fc.constantFrom(...ids), fc.boolean());
      const text = named.map(([bare, { name }, mask]) =>
        bare === "" && mask ? `${name}/` : `${bare}${name}`,
      );
      return fc.oneof(text, fc.constantFrom("0x12345678", "0xFFFF5406.0x4F4E4601"));
    }
    if (definition.kind !== "union") throw new Error(`no ids of ${definition.name}`);
    const plain = definition.cases.filter(
      (one) => one.type[this.#version]?.length === 1 && one.as.length === 0 && one.name !== "EXPERIMENTER",
    );
    return fc.constantFrom(...plain.map(({ name }) => name), "0x0070", "EXPERIMENTER.0x00ABCDEF");
  }

  #tlvs(table: TlvTable, except: readonly string[]): Value {
    const field = (one: unknown): unknown => (one as { field: unknown }).field;
    return fc.uniqueArray(this.#tlv(table, except), { maxLength: 4, selector: field });
  }

  #tlv(table: TlvTable, except: readonly string[]): Value {
    const cases = table.cases.filter(({ name }) => !except.includes(name));
    const known = fc.constantFrom(...cases).chain((one) => this.#tlvOf(table, one));
    const unknown = fc.oneof(
      hexOf(3, 3).map((value) => ({ field: "0x12340203", value })),
      hexOf(2, 2).map((value) => ({ field: "0xFFFF0006.0x000012AB", value })),
      fc.tuple(hexOf(1, 1), hexOf(1, 1)).map(([value, mask]) => ({ field: "0x12340302", value, mask })),
    );
    return fc.oneof({ weight: 8, arbitrary: known }, unknown);
  }

  #tlvOf(table: TlvTable, one: TlvCase): Value {
    const field = fc.constant(one.name);
    if (one.anyBytes) {
      return fc.integer({ min: 0, max: 8 }).chain((n) => maskable(one.mask, field, hexOf(n, n), hexOf(n, n)));
    }
    const value = this.#tlvValue(table, one.name);
    const definition = definitionOf(one.type.name);
    // Ports under a mask would be names with a meaning that is not theirs; nobody sends them.
    return maskable(one.mask && definition?.kind === "scalar", field, value, value);
  }

  #tlvValue(table: TlvTable, name: string): Value {
    const one = table.cases.find((c) => c.name === name);
    const definition = one && definitionOf(one.type.name);
    if (one === undefined || definition === undefined) throw new Error(`no ${name}`);
    if (definition.kind === "struct") return this.body(definition);
    const width = one.width ?? (definition.kind === "scalar" ? definition.widths[0] : U32);
    return valuesOf(model, definition, this.#version, width);
  }

  #rows(body: Body): readonly Row[] {
    return body.rows[this.#version] ?? [];
  }
}

const U32: Width = { kind: "int", bytes: 4, shift: 0 };

function definitionOf(name: string): Definition | undefined {
  return model.definitions.get(name);
}

function maskable(may: boolean, field: Value, value: Value, mask: Value): Value {
  const plain = fc.record({ field, value });
  return may ? fc.oneof(plain, fc.record({ field, value, mask })) : plain;
}

/** A shifted value has fewer bits than its word; its type says how many. */
function shifted(width: Width | undefined): Width | undefined {
  return width?.kind === "int" && width.shift > 0 ? { ...width, shift: 0 } : width;
}

function mayLack(field: JsonField): boolean {
  return field.default !== undefined || field.omit !== undefined;
}

function constantValue(constant: Constant, field: JsonField): unknown {
  if (constant.kind === "empty") return [];
  if (constant.kind === "key") throw new Error(`${field.name} is set to another key`);
  const { text } = constant;
  return /^\d+$|^0x/.test(text) && field.type?.name !== "DurationSec" ? plain(BigInt(text)) : text;
}

function rowOf(rows: readonly Row[], name: string): (Row & { readonly kind: "field" }) | undefined {
  return rows.find(
    (row): row is Row & { readonly kind: "field" } => row.kind === "field" && row.name === name,
  );
}

function hasL4(one: UnionCase): boolean {
  return one.as.some(({ value }) => typeof value !== "string");
}

/** The table that the TLVs of a row are of: matches are fields, the others statistics. */
function tlvTable(rows: readonly Row[], name: string): TlvTable {
  return definitionOf(rowOf(rows, name)?.width.kind === "oxs_stats" ? "Stat" : "Field") as TlvTable;
}

// What documents say of a body: its JSON keys with those of inlined structs among them, and in which versions each key counts.
import { ALL_VERSIONS, type Version } from "../base/index.js";
import {
  type Body,
  type BodyUnit,
  type ByVersion,
  bodyUnit,
  type Constant,
  caseUnit,
  type Definition,
  type EnumDefinition,
  type JsonField,
  type Message,
  type Model,
  type Multipart,
  PACKET_KEYS,
  type PacketForm,
  type PacketKey,
  type Row,
  type TlvTable,
  type TypeRef,
  type Union,
  type UnionCase,
} from "../schema/index.js";

/** One key of an object. */
export interface ShapeField {
  readonly name: string;
  /** Undefined for a derived text and for the keys of packets. */
  readonly type: TypeRef | undefined;
  /** What a key of packets holds; undefined for other keys. */
  readonly packet: PacketForm | undefined;
  /** Required of an object without any key of packets. */
  readonly orPacket: boolean;
  /** The list holds names of cases or fields, not the things themselves. */
  readonly ids: boolean;
  /** Versions whose encoder refuses an object without the key. */
  readonly required: readonly Version[];
  /** Versions whose frames carry the key. */
  readonly carried: readonly Version[];
  /** Versions that do not carry the key drop any value; otherwise they refuse what says something. */
  readonly ignorable: boolean;
  /** What a missing key means, if the schema says it. */
  readonly assumed: Constant | undefined;
  /** Decoding may leave the key out. */
  readonly omitted: boolean;
  /** The value in versions that do not carry the key. */
  readonly fixed: ReadonlyMap<Version, Constant>;
  readonly doc: string;
}

/** The JSON of a body. Either `list` is set, and the body is an array, or it is an object. */
export interface Shape {
  readonly versions: readonly Version[];
  readonly fields: readonly ShapeField[];
  readonly list: TypeRef | undefined;
  /** The keys of a match field stand among the others. */
  readonly table: TlvTable | undefined;
  /** The keys of a whole message stand among the others. */
  readonly message: boolean;
  /** Keys that keep in hex what the others cannot say. */
  readonly residues: readonly string[];
  /** There may be `_order`, the type codes of properties as they stood on the wire. */
  readonly ordered: boolean;
  /** The keys that `_order` may list instead: those that TLVs moved to, and the list of the other TLVs. Empty where none moved. */
  readonly moved: readonly string[];
}

/** Keys of functions of src/codec/native that the schema does not list: hex text. */
const NATIVE_RESIDUES: Readonly<Record<string, readonly string[]>> = { hello: ["_elements"] };

/** The versions for which a map has something. */
export function versionsOf(map: ByVersion<unknown>): Version[] {
  return ALL_VERSIONS.filter((v) => map[v] !== undefined);
}

/** The shape of a struct, message or multipart. */
export function definitionShape(model: Model, d: Extract<Definition, Body>): Shape {
  const shape = shapeOf(model, bodyUnit(d), "type" in d ? versionsOf(d.type) : versionsOf(d.rows));
  if (d.kind !== "struct" || d.numbered === undefined) return shape;
  // What is assumed for this key depends on the other elements of the list.
  const fields = shape.fields.map((f) => (f.name === d.numbered ? { ...f, assumed: undefined } : f));
  return { ...shape, fields };
}

/** The shape of a union case, without its tag. */
export function caseShape(model: Model, union: Union, c: UnionCase): Shape {
  return shapeOf(model, caseUnit(model, union, c), versionsOf(c.type));
}

function shapeOf(model: Model, unit: BodyUnit, versions: readonly Version[]): Shape {
  const rows = versions.flatMap((v) => unit.rows[v] ?? []);
  const inlined = unit.json.filter((f) => f.inline);
  const types = inlined.map((f) => (f.type ? model.definitions.get(f.type.name) : undefined));
  const inner = types.flatMap((d) => (d?.kind === "struct" ? [definitionShape(model, d)] : []));
  return {
    versions,
    fields: unit.json.flatMap((f) => fieldsOf(model, unit, f, versions)),
    list: unit.jsonList,
    table: types.find((d): d is TlvTable => d?.kind === "tlv_table"),
    message: inlined.some((f) => f.type?.name === "Message"),
    residues: [...new Set([...rows.flatMap(rowResidues), ...inner.flatMap((shape) => shape.residues)])],
    ordered: rows.some((row) => row.kind === "tlvs" && row.hoist.size > 0) || inner.some((s) => s.ordered),
    moved: [...new Set([...rows.flatMap(movedKeys), ...inner.flatMap((shape) => shape.moved)])],
  };
}

function rowResidues(row: Row): readonly string[] {
  if (row.kind === "native") return NATIVE_RESIDUES[row.fn] ?? [];
  return row.kind === "field" && row.residue !== undefined ? [row.residue] : [];
}

/** Keys that stand for the TLVs of one list, and the key of that list. */
function movedKeys(row: Row): readonly string[] {
  return row.kind === "field" && row.move.size > 0 ? [...row.move.values(), row.name] : [];
}

function fieldsOf(model: Model, unit: BodyUnit, f: JsonField, versions: readonly Version[]): ShapeField[] {
  if (f.inline) {
    const d = f.type && model.definitions.get(f.type.name);
    if (d?.kind !== "struct") return [];
    const within = (list: readonly Version[]): Version[] => list.filter((v) => versions.includes(v));
    return definitionShape(model, d).fields.map((field) => ({
      ...field,
      required: within(field.required),
      carried: within(field.carried),
    }));
  }
  const ways = new Map(versions.map((v) => [v, wayOf(model, unit, f, v)]));
  const fixed = versions.flatMap((v): (readonly [Version, Constant])[] => {
    const row = unit.rows[v]?.find((r) => r.kind === "set" && r.name === f.name);
    return row?.kind === "set" ? [[v, row.value]] : [];
  });
  const isPacket = f.packet || f.sizeOf !== undefined;
  return [
    {
      name: f.name,
      type: f.type,
      packet: undefined,
      orPacket: isPacket && versions.some((v) => isRequired(f, ways.get(v) ?? "none")),
      ids: versions.some((v) => hasIds(model, unit, f.name, v)),
      required: isPacket ? [] : versions.filter((v) => isRequired(f, ways.get(v) ?? "none")),
      carried: versions.filter((v) => ways.get(v) !== "none"),
      ignorable: f.ignorable,
      assumed: f.default ?? f.absent,
      omitted: f.omit !== undefined || [...ways.values()].includes("more"),
      fixed: new Map(fixed),
      doc: f.doc,
    },
    ...(f.packet ? PACKET_KEYS.map((key) => packetField(key, versions)) : []),
  ];
}

/** A key beside a frame; all versions have it, and none needs it. */
function packetField({ name, form, doc }: PacketKey, versions: readonly Version[]): ShapeField {
  return {
    name,
    type: undefined,
    packet: form,
    orPacket: false,
    ids: false,
    required: [],
    carried: versions,
    ignorable: false,
    assumed: undefined,
    omitted: true,
    fixed: new Map(),
    doc,
  };
}

/** How a version carries a key: in a row, in one that is there if enough bytes are left, in a property that is always or sometimes there or a TLV that may be, not at all. */
type Way = "row" | "more" | "always" | "property" | "none";

function wayOf(model: Model, unit: BodyUnit, f: JsonField, version: Version): Way {
  if (f.derived) return "row";
  // A struct without any rows is read and written by hand.
  if (unit.rows.every((rows) => rows === undefined || rows.length === 0) && unit.json.length > 0)
    return "row";
  for (const row of unit.rows[version] ?? []) {
    if (row.kind === "native") return "row";
    if (row.kind === "field") {
      if (row.name === f.name && row.when?.kind === "more") return "more";
      if (row.name === f.name || [...row.copy.values()].includes(f.name)) return "row";
      if ([...row.move.values()].includes(f.name)) return "property";
    }
    if (row.kind !== "tlvs") continue;
    if (row.rest === f.name) return "property";
    for (const [name, to] of row.hoist) {
      const hoisted = hoistedCase(model, row.union, name);
      if (hoisted?.c.type[version] === undefined) continue;
      const keys = to === "." ? caseUnit(model, hoisted.union, hoisted.c).json.map((g) => g.name) : [to];
      if (keys.includes(f.name)) return to === "." && row.always.includes(name) ? "always" : "property";
    }
  }
  return "none";
}

function hoistedCase(
  model: Model,
  unionName: string,
  name: string,
): { union: Union; c: UnionCase } | undefined {
  const union = model.definitions.get(unionName);
  const c = union?.kind === "union" ? union.cases.find((one) => one.name === name) : undefined;
  return union?.kind === "union" && c !== undefined ? { union, c } : undefined;
}

function isRequired(f: JsonField, way: Way): boolean {
  if (f.derived || f.default !== undefined || f.omit !== undefined) return false;
  if (way === "property" || way === "more") return false;
  // What a message must say does not depend on the version: `none` is as a row.
  return way !== "always" || f.absent === undefined;
}

/** Whether the list stands on the wire as codes alone, in a row or in a hoisted property. */
function hasIds(model: Model, unit: BodyUnit, name: string, version: Version): boolean {
  return (unit.rows[version] ?? []).some((row) => {
    if (row.kind === "field") return row.name === name && row.width.kind === "ids";
    if (row.kind !== "tlvs") return false;
    return [...row.hoist].some(([caseName, to]) => {
      const hoisted = to === "." ? hoistedCase(model, row.union, caseName) : undefined;
      return hoisted !== undefined && hasIds(model, caseUnit(model, hoisted.union, hoisted.c), name, version);
    });
  });
}

/** Cases of a union that JSON names: those that spell an old layout in newer JSON have no name of their own. */
export function namedCases(union: Union): UnionCase[] {
  return union.cases.filter((c) => c.as.length === 0);
}

/**
 * Versions in which a case can be written: those that have it, those that have an older layout for all of it, and those in which
 * it is the only one and stands for itself.
 */
export function caseVersions(model: Model, union: Union, c: UnionCase): Version[] {
  const older = union.cases.filter(
    (o) => o.as.length === 1 && o.as[0]?.key === union.tag && o.as[0].value === c.name,
  );
  const wrapped = ALL_VERSIONS.filter((v) => isWrapped(model, union, c, v));
  const all = new Set([...versionsOf(c.type), ...older.flatMap((o) => versionsOf(o.type)), ...wrapped]);
  return ALL_VERSIONS.filter((v) => all.has(v));
}

/** Whether frames of a version hold what the case has in it, without the case. */
function isWrapped(model: Model, union: Union, c: UnionCase, version: Version): boolean {
  return [...model.definitions.values()].some((d) => {
    if (d.kind !== "struct" && d.kind !== "message" && d.kind !== "multipart") return false;
    return (d.rows[version] ?? []).some(
      (row) =>
        row.kind === "field" &&
        row.width.kind === "wrap" &&
        row.width.case === c.name &&
        d.json.some((f) => f.name === row.name && f.type?.name === union.name),
    );
  });
}

/** Names that stand for codes of a union in lists of codes. */
export function idNames(union: Union): string[] {
  return namedCases(union)
    .filter((c) => c.type.some((code) => code?.length === 1))
    .map((c) => c.name);
}

/** The type that elements of a list of codes have: `ActionId` for `Action`. */
export function idType(name: string): string {
  return `${name}Id`;
}

/** Names of the types of which lists of codes exist, in order. */
export function typesWithIds(model: Model): string[] {
  const found = new Set<string>();
  const add = (shape: Shape): void => {
    for (const f of shape.fields) if (f.ids && f.type) found.add(f.type.name);
  };
  for (const d of model.definitions.values()) {
    if (d.kind === "struct" || d.kind === "message" || d.kind === "multipart") add(definitionShape(model, d));
    if (d.kind === "union") for (const c of d.cases) add(caseShape(model, d, c));
  }
  return [...model.definitions.keys()].filter((name) => found.has(name));
}

/** Whether `msg` may be missing: there is nothing in it, or the schema says so. */
export function isBodyOptional(d: Message | Multipart): boolean {
  return d.optionalBody || (d.jsonList === undefined && d.json.length === 0);
}

/** The keys that an object of a message must have beside its type. */
export function requiredBody(d: Message | Multipart): {
  required?: string[];
  anyOf?: { required: string[] }[];
} {
  if (isBodyOptional(d)) return {};
  if (d.kind === "message" && d.flow) return { anyOf: [{ required: ["msg"] }, { required: ["flow"] }] };
  return { required: ["msg"] };
}

/** Bits of the widest word that a number of this definition may have on the wire. */
export function widestBits(d: Definition): number {
  const widths =
    d.kind === "number"
      ? [...d.widths.keys()]
      : d.kind === "scalar"
        ? d.widths.map((w) => (w.kind === "int" ? w.bytes : 0))
        : [];
  return 8 * Math.max(...widths, 0) || 32;
}

/** The enumerations of errors in the encodings of experimenters. */
export function vendorEnums(model: Model): EnumDefinition[] {
  return [...model.definitions.values()]
    .filter((d) => d.kind === "enum")
    .filter((d) => d.vendor !== undefined);
}

/** All names of a code's values, each once. */
export function codeNames(d: Extract<Definition, { kind: "code" }>): string[] {
  return [...new Set([...[...d.values.values()].flatMap((table) => [...table.keys()]), ...d.also.keys()])];
}

/** The text of a constant as people write it. */
export function constantText(constant: Constant): string {
  switch (constant.kind) {
    case "text":
      return constant.text === "" ? "''" : constant.text;
    case "empty":
      return "[]";
    case "key":
      return `the value of ${constant.key}`;
  }
}

// The catalog behind `oftr help`: what the schemas say for people, without the layouts. Its form is src/codec/catalog-model.ts.
import type { Version } from "../base/index.js";
import {
  bodyUnit,
  caseUnit,
  type Definition,
  type EnumDefinition,
  type Message,
  type Model,
  type Multipart,
  type TlvCase,
  type TlvTable,
  tlvBytes,
  type Union,
  type UnionCase,
  type Width,
} from "../schema/index.js";
import { messageEnvelope, messageFlags } from "./catalog-envelope.js";
import { byVersionText, codeText, needText, sizeText, specText } from "./catalog-texts.js";
import { codeValues, flagEntry, numberEntry, numberText, valueEntries } from "./catalog-values.js";
import { experimenterPath } from "./dispatch.js";
import { ExampleMaker } from "./example.js";
import { SourceModule } from "./printer.js";
import {
  caseShape,
  caseVersions,
  constantText,
  definitionShape,
  idType,
  isBodyOptional,
  namedCases,
  type Shape,
  type ShapeField,
  typesWithIds,
  versionsOf,
} from "./shape.js";

/** A part of the catalog; the type of the generated constant says what it must have. */
type Entry = Record<string, unknown>;

/** Emits gen/catalog.ts. */
export function emitCatalog(model: Model): SourceModule {
  const module = new SourceModule("codec/gen/catalog", "*");
  const type = module.use("type Catalog", "codec/catalog-model");
  const maker = new ExampleMaker(model);
  const entries = [
    ...[...model.definitions.values()].map((d) => entry(model, maker, d)),
    ...typesWithIds(model).map((name) => idEntry(model, name)),
    ...packetEntries(model),
    messageEnvelope(),
    messageFlags(),
    // The keys around `msg` are texts, also of a schema that has none.
    ...(model.definitions.has("Text") ? [] : [{ kind: "scalar", name: "Text", doc: "Any text.", spec: "" }]),
  ];
  const lines = entries.map((one) => `    ${JSON.stringify(one)},`);
  module.add(
    `/** What the schemas say, in their order. */\nexport const catalog: ${type} = {\n  entries: [\n${lines.join("\n")}\n  ],\n};`,
  );
  return module;
}

function entry(model: Model, maker: ExampleMaker, d: Definition): Entry {
  const named = { name: d.name, doc: d.doc, spec: specText(d.spec) };
  switch (d.kind) {
    case "message":
    case "multipart":
      return { kind: "message", ...named, ...messageEntry(model, maker, d) };
    case "struct":
      return {
        kind: "struct",
        ...named,
        size: sizeText(model, bodyUnit(d), () => 0),
        body: bodyEntry(definitionShape(model, d)),
        example: maker.struct(d),
      };
    case "union":
      return {
        kind: "union",
        ...named,
        tag: d.tag,
        cases: namedCases(d).map((c) => caseEntry(model, maker, d, c)),
      };
    case "tlv_table":
      return { kind: "table", ...named, tag: d.tag, cases: d.cases.map((c) => tlvEntry(model, maker, d, c)) };
    case "number":
      return {
        kind: "number",
        ...named,
        bytes: [...d.widths.keys()][0],
        values: [...d.names].map(([name, n]) => numberEntry(name, n, d.docs)),
        also: Object.fromEntries(d.also),
      };
    case "enum":
      return {
        kind: "enum",
        ...named,
        values: valueEntries(d.values, docsOf(model, d)),
        also: Object.fromEntries(d.also),
      };
    case "flags":
      return {
        kind: "flags",
        ...named,
        values: [...d.bits].map(([name, bits]) => flagEntry(name, bits, d.docs)),
        also: Object.fromEntries(d.also),
      };
    case "code":
      return { kind: "code", ...named, by: d.by, values: codeValues(d), also: Object.fromEntries(d.also) };
    case "scalar":
      return {
        kind: "scalar",
        ...named,
        ...(d.form === "uint" ? { bytes: intBytes(d.widths[0]) } : {}),
        ...(d.also.size === 0
          ? {}
          : { also: Object.fromEntries([...d.also].map(([name, n]) => [name, numberText(n)])) }),
      };
  }
}

function intBytes(width: Width | undefined): number {
  return width?.kind === "int" ? width.bytes : 0;
}

/** What names mean; of those that a code has, too, what they mean there. */
function docsOf(model: Model, d: EnumDefinition): ReadonlyMap<string, string> {
  if (d.vendor === undefined) return d.docs;
  const codes = [...model.definitions.values()].flatMap((one) => (one.kind === "code" ? [...one.docs] : []));
  return new Map([...codes, ...d.docs]);
}

function messageEntry(model: Model, maker: ExampleMaker, d: Message | Multipart): Entry {
  const header = (v: Version): number =>
    (d.kind === "message" ? 8 : v === 1 ? 12 : 16) + experimenterPath(d, v);
  return {
    code: byVersionText(d.type, String),
    ...(d.experimenter === undefined
      ? {}
      : { experimenter: `0x${d.experimenter.toString(16).padStart(8, "0")}` }),
    size: sizeText(model, bodyUnit(d), header),
    ...(d.kind === "multipart" ? { part: d.part } : {}),
    body: bodyEntry(definitionShape(model, d)),
    optional: isBodyOptional(d),
    example: maker.message(d),
  };
}

function bodyEntry(shape: Shape): Entry {
  const inline = shape.table?.name ?? (shape.message ? "Message" : undefined);
  return {
    versions: shape.versions,
    fields: [
      ...shape.fields.map((f) => fieldEntry(f, shape)),
      ...shape.residues.map((name) => ({
        name,
        type: "HexData",
        doc: "Bytes that the other keys cannot say.",
      })),
      ...(shape.ordered
        ? [
            {
              name: "_order",
              type: "[UInt16]",
              doc: "Type codes of the properties, where their order is not the usual one.",
            },
          ]
        : []),
      ...(shape.moved.length > 0
        ? [
            {
              name: "_order",
              type: "[Text]",
              doc: "Keys of the statistics as they stand on the wire, where their order is not the usual one.",
            },
          ]
        : []),
    ],
    ...(shape.list ? { list: shape.list.name } : {}),
    ...(inline === undefined ? {} : { inline }),
  };
}

/** Names of the entries of what keys of packets hold. */
const PACKET_ENTRIES = { fields: "Packet", bytes: "HexData", payload: "PacketPayload" } as const;

function packetEntries(model: Model): Entry[] {
  const used = [...model.definitions.values()].some(
    (d) => (d.kind === "message" || d.kind === "multipart") && d.json.some((f) => f.packet),
  );
  if (!used) return [];
  const docs = {
    Packet:
      "Fields of a packet's headers: a list of {field, value}, or an object such as {ETH_TYPE: 0x0806, ARP_OP: 1} (`oftr help packet` lists them).",
    PacketPayload: "An object that says what the bytes behind the headers are: {protocol: DNS, ...}.",
  };
  return Object.entries(docs).map(([name, doc]) => ({ kind: "scalar", name, doc, spec: "" }));
}

function fieldEntry(f: ShapeField, shape: Shape): Entry {
  const name =
    f.packet !== undefined
      ? PACKET_ENTRIES[f.packet]
      : f.type === undefined
        ? "Text"
        : f.ids
          ? idType(f.type.name)
          : f.type.name;
  return {
    name: f.name,
    type: f.type?.list === true ? `[${name}]` : name,
    doc: f.doc,
    ...(f.required.length === 0 || f.type === undefined ? {} : { required: f.required }),
    ...(f.assumed === undefined ? {} : { assumed: constantText(f.assumed) }),
    ...(f.carried.length === shape.versions.length ? {} : { carried: f.carried }),
    ...(f.ignorable ? { ignorable: true } : {}),
    ...onlyEntry(f, shape),
    ...(f.orPacket ? { orPacket: true } : {}),
    ...(f.type === undefined && f.packet === undefined ? { derived: true } : {}),
  };
}

/** The values that versions without the key allow, each with its versions. */
function onlyEntry(f: ShapeField, shape: Shape): Entry {
  if (f.ignorable) return {};
  const groups = new Map<string, Version[]>();
  for (const v of shape.versions) {
    const constant = f.carried.includes(v) ? undefined : (f.fixed.get(v) ?? f.assumed);
    if (constant === undefined) continue;
    const text = constantText(constant);
    groups.set(text, [...(groups.get(text) ?? []), v]);
  }
  return groups.size === 0 ? {} : { only: [...groups].map(([value, versions]) => ({ value, versions })) };
}

function caseEntry(model: Model, maker: ExampleMaker, union: Union, c: UnionCase): Entry {
  const unit = caseUnit(model, union, c);
  const older = union.cases.flatMap((other) => olderLayout(other, union.tag, c.name));
  return {
    name: c.name,
    doc: c.doc,
    spec: specText(c.spec),
    code: byVersionText(c.type, codeText),
    size: sizeText(model, unit, (v) => unit.headerBytes(v), union.multiple),
    versions: caseVersions(model, union, c),
    ...(c.tagForm === undefined ? {} : { spelling: c.tagForm.replace(/\{(\w+).*\}/, "<$1>") }),
    body: bodyEntry(caseShape(model, union, c)),
    ...(older.length === 0 ? {} : { older }),
    example: maker.unionCase(union, c),
  };
}

/** A case that is spelled as the case `name`, perhaps only for some of its fields. */
function olderLayout(c: UnionCase, tag: string, name: string): Entry[] {
  if (c.as[0]?.key !== tag || c.as[0].value !== name) return [];
  const second = c.as[1]?.value;
  const field =
    second === undefined
      ? {}
      : { field: typeof second === "string" ? second : [...second.values()].join(", ") };
  return [{ name: c.name, versions: versionsOf(c.type), ...field }];
}

function tlvEntry(model: Model, maker: ExampleMaker, table: TlvTable, c: TlvCase): Entry {
  const own = c.experimenter === undefined ? "" : `.0x${c.experimenter.toString(16).padStart(8, "0")}`;
  return {
    name: c.name,
    doc: c.doc,
    spec: "",
    id: `0x${c.oxmClass.toString(16).padStart(4, "0")}.${c.field}${own}`,
    type: c.type.name,
    size: c.anyBytes ? "any" : String(tlvBytes(model, c)),
    mask: c.mask,
    ...(c.option === undefined ? {} : { option: c.option.type.name }),
    needs: c.needs.map(needText),
    since: c.since,
    also: [...table.aliases].filter(([, of]) => of === c.name).map(([alias]) => alias),
    example: maker.fieldList(table, c),
  };
}

// ---- lists of codes

function idEntry(model: Model, name: string): Entry {
  const d = model.definitions.get(name);
  const doc =
    d?.kind === "tlv_table"
      ? `The name of a ${name}; NAME/ when it may have a mask, ~NAME when its length is 0, or its header in hex.`
      : `The name of one kind of ${name}, or its code in hex; after a dot the bytes that follow the code, in hex.`;
  return { kind: "scalar", name: idType(name), doc, spec: "" };
}

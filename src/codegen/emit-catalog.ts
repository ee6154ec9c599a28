// The catalog behind `oftr help`: what the schemas say for people, without the layouts. Its form is src/codec/catalog-model.ts.
import { ALL_VERSIONS, formatVersionRange, type Version, versionName } from "../base/index.js";
import type {
  ByVersion,
  CodeDefinition,
  Definition,
  FlagBits,
  Message,
  Model,
  Multipart,
  Need,
  TlvCase,
  TlvTable,
  Union,
  UnionCase,
} from "../schema/index.js";
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
    messageEnvelope(),
    messageFlags(),
    { kind: "scalar", name: "Text", doc: "Any text.", spec: "" },
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
      return { kind: "struct", ...named, body: bodyEntry(definitionShape(model, d)) };
    case "union":
      return {
        kind: "union",
        ...named,
        tag: d.tag,
        cases: namedCases(d).map((c) => caseEntry(model, maker, d, c)),
      };
    case "tlv_table":
      return { kind: "table", ...named, tag: d.tag, cases: d.cases.map((c) => tlvEntry(maker, d, c)) };
    case "number":
      return {
        kind: "number",
        ...named,
        values: [...d.names].map(([name, n]) => numberEntry(name, n, d.docs)),
        also: plain(d.also),
      };
    case "enum":
      return { kind: "enum", ...named, values: valueEntries(d.values, d.docs), also: plain(d.also) };
    case "flags":
      return {
        kind: "flags",
        ...named,
        values: [...d.bits].map(([name, bits]) => flagEntry(name, bits, d.docs)),
        also: plain(d.also),
      };
    case "code":
      return { kind: "code", ...named, by: d.by, values: codeValues(d), also: plain(d.also) };
    case "scalar":
      return { kind: "scalar", ...named };
  }
}

/** The keys around `msg`, which the run time reads and writes. */
function messageEnvelope(): Entry {
  const printed = "Printed by decode, ignored by encode.";
  const field = (name: string, type: string, doc: string, more: Entry = {}): Entry => ({
    name,
    type,
    doc,
    ...more,
  });
  const fields = [
    field("type", "Text", "Name of the message: FLOW_MOD, PORT_STATS_REQUEST.", { required: ALL_VERSIONS }),
    field("time", "Text", `Seconds since 1970. ${printed}`),
    field("flags", "[MessageFlags]", "Only of multipart messages, and of how to send.", { assumed: "[]" }),
    field("xid", "UInt32", "Transaction id.", { assumed: "0" }),
    field(
      "version",
      "UInt8",
      "Wire version: 1 is OpenFlow 1.0, 6 is 1.5. Where it is missing, that of the connection or of --ofversion.",
    ),
    field("conn_id", "UInt64", "Which connection it came by or shall go out by."),
    field("src", "Text", `Sender: address and port. ${printed}`),
    field("dst", "Text", `Receiver: address and port. ${printed}`),
    field("datapath_id", "DatapathId", "Which switch it came from or shall go to."),
    field("auxiliary_id", "UInt8", "Which connection of that switch; 0 is the main one."),
    field("_file", "Text", `File that it stands in. ${printed}`),
    field("msg", "Text", "Keys of this type of message, or a list; see the message."),
  ];
  const doc =
    "A message: what kind it is, where it comes from, and its content. _RAW_MESSAGE is a type without a name: msg is {type: NUMBER, data: HEX}.";
  return { kind: "struct", name: "Message", doc, spec: "", body: { versions: ALL_VERSIONS, fields } };
}

function messageFlags(): Entry {
  const value = (name: string, bits: string, doc: string): Entry => ({
    name,
    value: bits,
    versions: ALL_VERSIONS,
    doc,
  });
  const values = [
    value("MORE", "0x1", "Further parts of a multipart message follow."),
    value("REPLIED", "0", "Never written: says that a request has been answered."),
    value("NO_ALERT", "0", "Never written: no alert when sending fails."),
    value("NO_FLUSH", "0", "Never written: may wait for further messages."),
  ];
  return {
    kind: "flags",
    name: "MessageFlags",
    doc: "Flags of multipart messages, and of how a message is sent.",
    spec: "",
    values,
    also: {},
  };
}

function messageEntry(model: Model, maker: ExampleMaker, d: Message | Multipart): Entry {
  return {
    code: byVersionText(d.type, String),
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

function fieldEntry(f: ShapeField, shape: Shape): Entry {
  const name = f.type === undefined ? "Text" : f.ids ? idType(f.type.name) : f.type.name;
  return {
    name: f.name,
    type: f.type?.list === true ? `[${name}]` : name,
    doc: f.doc,
    ...(f.required.length === 0 || f.type === undefined ? {} : { required: f.required }),
    ...(f.assumed === undefined ? {} : { assumed: constantText(f.assumed) }),
    ...(f.carried.length === shape.versions.length ? {} : { carried: f.carried }),
    ...(f.ignorable ? { ignorable: true } : {}),
    ...(f.type === undefined ? { derived: true } : {}),
  };
}

function caseEntry(model: Model, maker: ExampleMaker, union: Union, c: UnionCase): Entry {
  const older = union.cases.flatMap((other) => olderLayout(other, union.tag, c.name));
  return {
    name: c.name,
    doc: c.doc,
    spec: specText(c.spec),
    code: byVersionText(c.type, codeText),
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

/** `4`, `0xffff:0x2320:6` for cases of vendors. */
function codeText(code: readonly number[]): string {
  return code.length === 1 ? String(code[0]) : code.map((n) => `0x${n.toString(16)}`).join(":");
}

function tlvEntry(maker: ExampleMaker, table: TlvTable, c: TlvCase): Entry {
  const own = c.experimenter === undefined ? "" : `.0x${c.experimenter.toString(16).padStart(8, "0")}`;
  return {
    name: c.name,
    doc: c.doc,
    spec: "",
    id: `0x${c.oxmClass.toString(16).padStart(4, "0")}.${c.field}${own}`,
    type: c.type.name,
    mask: c.mask,
    needs: c.needs.map(needText),
    since: c.since,
    also: [...table.aliases].filter(([, of]) => of === c.name).map(([alias]) => alias),
    example: maker.fieldList(table, c),
  };
}

function needText(need: Need): string {
  const number = (n: number): string => (n < 256 ? String(n) : `0x${n.toString(16).padStart(4, "0")}`);
  if (need.values) return `${need.field}=${need.values.map(number).join("|")}`;
  return need.bits === undefined ? need.field : `${need.field}&${number(need.bits)}`;
}

// ---- names of values

type Docs = ReadonlyMap<string, string>;

function numberEntry(name: string, n: number, docs: Docs): Entry {
  const value = n < 256 ? String(n) : `0x${n.toString(16)}`;
  return { name, value, versions: ALL_VERSIONS, doc: docs.get(name) ?? "" };
}

function valueEntries(values: ReadonlyMap<string, ByVersion<number>>, docs: Docs): Entry[] {
  return [...values].map(([name, by]) => ({
    name,
    value: byVersionText(by, (n) => (n < 256 ? String(n) : `0x${n.toString(16)}`)),
    versions: versionsOf(by),
    doc: docs.get(name) ?? "",
  }));
}

function flagEntry(name: string, bits: ByVersion<FlagBits>, docs: Docs): Entry {
  const hex = (n: number): string => `0x${n.toString(16)}`;
  const text = ({ value, mask }: FlagBits): string =>
    value === mask ? hex(value) : `${hex(value)}/${hex(mask)}`;
  return { name, value: byVersionText(bits, text), versions: versionsOf(bits), doc: docs.get(name) ?? "" };
}

function codeValues(d: CodeDefinition): Entry {
  return Object.fromEntries([...d.values].map(([by, table]) => [by, valueEntries(table, d.docs)]));
}

function plain(map: ReadonlyMap<string, string>): Entry {
  return Object.fromEntries(map);
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

// ---- texts

/** One text when it holds for all versions of the map, else `15 (1.0), 16 (1.1+)`. */
function byVersionText<T>(map: ByVersion<T>, format: (value: T) => string): string {
  const groups = new Map<string, Version[]>();
  for (const v of ALL_VERSIONS) {
    const value = map[v];
    if (value === undefined) continue;
    const text = format(value);
    groups.set(text, [...(groups.get(text) ?? []), v]);
  }
  if (groups.size === 1) return [...groups.keys()].join();
  return [...groups].map(([text, versions]) => `${text} (${formatVersionRange(versions)})`).join(", ");
}

/** `OpenFlow 1.0 §5.3.3, 1.3 §7.3.4.1`; a text without versions as it is. */
function specText(spec: ByVersion<string>): string {
  const said = ALL_VERSIONS.flatMap((v) => (spec[v] === undefined ? [] : [[v, spec[v]] as const]));
  const first = said[0]?.[1];
  if (first === undefined) return "";
  if (said.length === ALL_VERSIONS.length && said.every(([, text]) => text === first)) {
    return /^\d/.test(first) ? `OpenFlow ${first}` : first;
  }
  return `OpenFlow ${said.map(([v, text]) => `${versionName(v)} ${text}`).join(", ")}`;
}

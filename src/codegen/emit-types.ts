// TypeScript types of messages as JSON: what encoders take, which is what decoders print plus shorter forms.
import { ALL_VERSIONS, formatVersionRange, type Version } from "../base/index.js";
import {
  type FlagsDefinition,
  isPair,
  type Model,
  type Scalar,
  type TlvOptions,
  type TlvTable,
  type TypeRef,
  tlvOptions,
  type Union,
} from "../schema/index.js";
import { type BodyDefinition, documentParts, type PartDefinition } from "./document-parts.js";
import { pascal, quote } from "./naming.js";
import { SourceModule } from "./printer.js";
import {
  caseShape,
  caseVersions,
  codeNames,
  constantText,
  definitionShape,
  idNames,
  idType,
  isBodyOptional,
  namedCases,
  type Shape,
  type ShapeField,
  vendorEnums,
  widestBits,
} from "./shape.js";

const PRELUDE = `/** A number as text: decimal, or hexadecimal after \`0x\`. Octal and binary texts are read too. */
export type NumberText = \`\${bigint}\` | \`0x\${string}\` | \`0o\${string}\` | \`0b\${string}\`;

/** A value that has no name, as hexadecimal text. */
export type HexText = \`0x\${string}\`;

/** The version byte of the header: 1 is OpenFlow 1.0, 6 is OpenFlow 1.5. */
export type WireVersion = 1 | 2 | 3 | 4 | 5 | 6;

/** Flags of multipart messages, and of how a message is sent; the latter never stand in a frame. */
export type MessageFlag = "MORE" | "REPLIED" | "NO_ALERT" | "NO_FLUSH" | HexText | number;

/** The keys around \`msg\` that all messages have. */
export interface MessageEnvelope {
  /** Transaction id; 0 when it is missing. */
  xid?: UInt32;
  /** Where it is missing, the version of the connection or of the command line counts. */
  version?: WireVersion;
  flags?: readonly MessageFlag[];
  /** Printed by decoding, ignored by encoding: seconds since 1970. */
  time?: number | string;
  /** Printed by decoding, ignored by encoding: sender, as address and port. */
  src?: string;
  /** Printed by decoding, ignored by encoding: receiver, as address and port. */
  dst?: string;
  /** Which connection a message came by or shall go out by. */
  conn_id?: UInt64;
  /** Which switch a message came from or shall go to. */
  datapath_id?: DatapathId;
  /** Which connection of that switch. */
  auxiliary_id?: UInt8;
  /** Printed by decoding, ignored by encoding: the file that the message stands in. */
  _file?: string;
  /** Printed by decoding, ignored by encoding: which request it answers, and how fast. */
  _pair?: object;
}

/** A message of a type that has no name: the number of the type, and what follows the header. */
export interface RawMessage extends MessageEnvelope {
  type: "_RAW_MESSAGE";
  msg: { type: UInt8; data?: HexData };
}

/** A body without keys. */
export type EmptyBody = { readonly [key: string]: never };`;

const PACKETS = `/** A value of a header of a packet: a number, an address or text, or names in a list. */
export type PacketValue = number | string | readonly string[];

/** Fields of a packet's headers: a list of them, or an object in which a field that stands there several times has a list. */
export type PacketFields =
  | readonly { field: string; value: PacketValue }[]
  | { readonly [field: string]: PacketValue | readonly PacketValue[] | PacketPayload };

/** What the bytes behind a packet's headers say; the other keys depend on the protocol. */
export interface PacketPayload {
  readonly protocol: string;
  readonly [key: string]: unknown;
}`;

/** Types of the keys of packets. */
const PACKET_TYPES = { fields: "PacketFields", bytes: "HexData", payload: "PacketPayload" } as const;

/** Type of the residue of a list of codes. */
const ORDER = "readonly (number | NumberText)[]";

/** An experimenter's code in a list of codes, with what follows it in hex. */
const EXPERIMENTER_ID = `\`EXPERIMENTER.\${string}\``;

/** Longest union that stays on one line. */
const MAX_LINE = 90;

/** What stands for a value without a name. */
const UNNAMED = ["HexText", "number"] as const;

/** Names that a module must not give to something of its own. */
const GLOBALS: ReadonlySet<string> = new Set(["Error"]);

/** Emits gen/types.ts. */
export function emitTypes(model: Model): SourceModule {
  const module = new SourceModule("codec/gen/types", "*");
  module.add(PRELUDE);
  const { parts, bodies, withIds } = documentParts(model);
  if (bodies.some((d) => d.json.some((f) => f.packet))) module.add(PACKETS);
  for (const d of parts) module.add(definitionSource(model, d));
  for (const name of withIds) module.add(idsSource(model, name));
  for (const d of bodies) module.add(messageSource(model, d));
  const rows = bodies.map((d) => `  ${d.name}: ${messageType(model, d)};`);
  module.add(
    [
      "/** Messages by the name of their type. */",
      "export interface MessageTypes {",
      ...rows,
      "  _RAW_MESSAGE: RawMessage;",
      "}",
      "",
      "/** The name of a type of message. */",
      "export type MessageType = keyof MessageTypes;",
      "",
      "/** A whole message; `type` tells which. */",
      "export type Message = MessageTypes[MessageType];",
    ].join("\n"),
  );
  return module;
}

/** The name of a message's type: `FlowMod`; where that is taken, `ErrorMessage`. */
export function messageType(model: Model, d: BodyDefinition): string {
  const name = pascal(d.name);
  return model.definitions.has(name) || GLOBALS.has(name) ? `${name}Message` : name;
}

function definitionSource(model: Model, d: PartDefinition): string {
  const doc = comment(d.doc);
  switch (d.kind) {
    case "scalar":
      if (d.signs.size > 0) return `${doc}export type ${d.name} = number | string;`;
      if (d.words.size > 0)
        return `${doc}export type ${d.name} =${alternatives([...d.words.keys()], ["number", "NumberText"])};`;
      if (d.also.size > 0)
        return `${doc}export type ${d.name} =${alternatives([...d.also.keys()], ["number", "NumberText"])};`;
      return `${doc}export type ${d.name} = ${scalarType(d, widestBits(d))};`;
    case "number":
      return `${doc}export type ${d.name} =${alternatives([...d.names.keys(), ...d.also.keys()], ["number", "NumberText"])};`;
    case "enum":
      return `${doc}export type ${d.name} =${alternatives([...d.values.keys(), ...d.also.keys()], UNNAMED)};`;
    case "code":
      return `${doc}export type ${d.name} =${alternatives(codeNames(d), [...vendorEnums(model).map((one) => one.name), ...UNNAMED])};`;
    case "flags":
      return `${doc}export type ${flagType(d)} =${alternatives([...d.bits.keys(), ...d.also.keys()], UNNAMED)};`;
    case "tlv_table":
      return tableSource(d);
    case "union":
      return unionSource(model, d);
    case "struct": {
      const shape = definitionShape(model, d);
      if (!isPair(model, d)) return interfaceSource(d.name, d.doc, [], shape);
      const parts = `${d.name}Parts`;
      const object = interfaceSource(parts, d.doc, [], shape);
      const or = "the number that its two words make, or both in parentheses";
      return `${object}\n\n/** ${parts}, ${or}. */\nexport type ${d.name} = ${parts} | number | NumberText | \`(\${string},\${string})\`;`;
    }
  }
}

function scalarType(d: Scalar, bits: number): string {
  switch (d.form) {
    case "uint":
    case "sint":
      return bits > 53 ? "number | bigint | NumberText" : "number | NumberText";
    case "field_or_uint":
      return "number | string";
    case "datapath":
      return "string | number | bigint | null";
    case "duration":
      return "string | number";
    case "version_bitmap":
      return "readonly (number | NumberText)[]";
    default:
      return "string";
  }
}

/** `FlowModFlag`, one element of `[FlowModFlags]`. */
function flagType(d: FlagsDefinition): string {
  return d.name.replace(/s$/, "");
}

function tableSource(d: TlvTable): string {
  const rows = d.cases.map((c) => {
    const range =
      c.since > 1 ? ` OpenFlow ${formatVersionRange(ALL_VERSIONS.filter((v) => v >= c.since))}.` : "";
    return `${comment(`${c.doc}${range}`, "  ")}  ${c.name}: ${c.type.name};`;
  });
  const types = `${d.name}Types`;
  const name = `${d.name}Name`;
  const maskable = d.cases.filter((c) => c.mask).map((c) => c.name);
  const parts = [
    `/** Types of the values of ${d.name}, by name. */\nexport interface ${types} {\n${rows.join("\n")}\n}`,
    `/** The name of a ${d.name}. */\nexport type ${name} = keyof ${types};`,
    ...(maskable.length === 0
      ? []
      : [
          `/** Names of those that may have a mask. */\nexport type Maskable${name} =${alternatives(maskable)};`,
        ]),
    `/** A ${d.name} that has no name: header and value in hexadecimal. */\nexport interface Unknown${d.name} {\n  ${d.tag}: HexText;\n  value: HexData;\n  mask?: HexData;\n}`,
  ];
  const mask =
    maskable.length === 0 ? "" : ` & (N extends Maskable${name} ? { mask?: ${types}[N] } : unknown)`;
  const options = tlvOptions(d);
  const [option, byOption] =
    options === undefined ? ["", ""] : [` & ${d.name}Option<N>`, ` | ${d.name}ByOption`];
  if (options !== undefined) parts.push(...optionSources(d, options));
  const one = `{ [N in ${name}]: { ${d.tag}: N; value: ${types}[N] }${mask}${option} }[${name}]`;
  parts.push(`${comment(d.doc)}export type ${d.name} = ${one}${byOption} | Unknown${d.name};`);
  return parts.join("\n\n");
}

/** Types of fields that are options of tunnels: with what the connection tells of them, and without their number. */
function optionSources(d: TlvTable, { stem, type, value }: TlvOptions): string[] {
  return [
    `/** What the connection tells of the option of a tunnel that a ${d.name} is. */\nexport type ${d.name}Option<N> = N extends \`${stem}\${number}\` ? { option?: ${type.name} } : unknown;`,
    `/** A ${d.name} by its option, whose number the connection knows. */\nexport interface ${d.name}ByOption {\n  ${d.tag}: ${quote(stem)};\n  value: ${value.name};\n  mask?: ${value.name};\n  option: ${type.name};\n}`,
  ];
}

function unionSource(model: Model, d: Union): string {
  const names: string[] = [];
  const parts: string[] = [];
  for (const c of namedCases(d)) {
    const shape = caseShape(model, d, c);
    const name = `${d.name}${pascal(c.name)}`;
    const doc = `${c.doc} ${inVersions(caseVersions(model, d, c))}`;
    if (c.tagForm !== undefined) {
      const tag = c.tagForm.replace(/\{[^}]*\}/, "$${string}");
      parts.push(interfaceSource(name, doc, [`${d.tag}: \`${tag}\``], shape));
      parts.push(
        interfaceSource(
          `${name}ById`,
          "The same with the id of the experimenter as a key.",
          [`${d.tag}: ${quote(c.name)}`, "experimenter: UInt32"],
          shape,
        ),
      );
      names.push(name, `${name}ById`);
      continue;
    }
    parts.push(interfaceSource(name, doc, [`${d.tag}: ${quote(c.name)}`], shape));
    names.push(name);
  }
  if (d.unknown === "hex") {
    const common = (d.common?.json ?? []).map(
      (f) => `${f.name}${f.default === undefined ? "" : "?"}: ${f.type?.name ?? "string"}`,
    );
    parts.push(
      interfaceSource(
        `${d.name}Unknown`,
        `A ${d.name} that has no name: its code, and what follows its header.`,
        [`${d.tag}: HexText`, ...common, "data: HexData"],
        NOTHING,
      ),
    );
    names.push(`${d.name}Unknown`);
  }
  parts.push(`${comment(d.doc)}export type ${d.name} =\n${names.map((name) => `  | ${name}`).join("\n")};`);
  return parts.join("\n\n");
}

const NOTHING: Shape = {
  versions: [],
  fields: [],
  list: undefined,
  table: undefined,
  message: false,
  residues: [],
  ordered: false,
  moved: [],
};

function messageSource(model: Model, d: BodyDefinition): string {
  const shape = definitionShape(model, d);
  const name = messageType(model, d);
  const body = `${pascal(d.name)}Body`;
  const optional = isBodyOptional(d) ? "?" : "";
  const head = `${comment(`${d.name}: ${d.doc} ${inVersions(shape.versions)}`)}export interface ${name} extends MessageEnvelope {\n  type: ${quote(d.name)};\n  msg${optional}: ${body};\n}`;
  const doc = `What stands under \`msg\` of ${d.name}.`;
  if (shape.list) return `${head}\n\n${comment(doc)}export type ${body} = readonly ${shape.list.name}[];`;
  if (shape.message) return `${head}\n\n${comment(doc)}export type ${body} = Message;`;
  if (shape.fields.length === 0 && shape.residues.length === 0)
    return `${head}\n\n${comment(doc)}export type ${body} = EmptyBody;`;
  return `${head}\n\n${interfaceSource(body, doc, [], shape)}`;
}

/** An object type: an interface, or an intersection when the keys of a match field are among its own. */
function interfaceSource(name: string, doc: string, head: readonly string[], shape: Shape): string {
  const lines = [...head.map((line) => `  ${line};`), ...shape.fields.map((f) => fieldSource(f, shape))];
  for (const key of shape.residues)
    lines.push(`  /** Bytes that the other keys cannot say, in hex. */\n  ${key}?: HexData;`);
  if (shape.ordered)
    lines.push(
      `  /** Type codes of the properties in an order that is not the usual one. */\n  _order?: ${ORDER};`,
    );
  if (shape.moved.length > 0)
    lines.push(
      `  /** The keys of the list's elements in an order that is not the usual one; a key that is not among them is not there. */\n  _order?: readonly (${shape.moved.map(quote).join(" | ")})[];`,
    );
  if (shape.table)
    return `${comment(doc)}export type ${name} = {\n${lines.join("\n")}\n} & ${shape.table.name};`;
  return `${comment(doc)}export interface ${name} {\n${lines.join("\n")}\n}`;
}

function fieldSource(f: ShapeField, shape: Shape): string {
  const optional = f.required.length === shape.versions.length && f.type !== undefined ? "" : "?";
  return `${comment(fieldDoc(f, shape), "  ")}  ${f.name}${optional}: ${fieldType(f)};`;
}

function fieldDoc(f: ShapeField, shape: Shape): string {
  const parts = [f.doc];
  if (f.assumed !== undefined && f.required.length === 0) parts.push(`Default ${constantText(f.assumed)}.`);
  if (f.orPacket) parts.push("Required where no packet is given.");
  if (f.required.length > 0 && f.required.length < shape.versions.length) {
    parts.push(`Required in OpenFlow ${formatVersionRange(f.required)}.`);
  }
  if (f.carried.length < shape.versions.length && f.carried.length > 0 && !/since \d/i.test(f.doc)) {
    parts.push(inVersions(f.carried));
  }
  return parts.filter((part) => part !== "").join(" ");
}

function fieldType(f: ShapeField): string {
  if (f.packet !== undefined) return PACKET_TYPES[f.packet];
  if (f.type === undefined) return "string";
  const name = f.ids ? idType(f.type.name) : elementType(f.type);
  return f.type.list ? `readonly ${name}[]` : name;
}

/** The type of an element of a list: of flags, one flag. */
export function elementType(type: TypeRef): string {
  return /Flags$/.test(type.name) ? type.name.replace(/s$/, "") : type.name;
}

function idsSource(model: Model, name: string): string {
  const d = model.definitions.get(name);
  if (d?.kind === "tlv_table") {
    return `/** The name of a ${name} in lists of what a switch can do: with a slash when masks are possible, after a tilde when without length. */\nexport type ${idType(name)} = ${name}Name | \`\${${name}Name}/\` | \`~\${${name}Name}\` | HexText | \`~\${HexText}\`;`;
  }
  if (d?.kind !== "union") throw new Error(`${name} has no codes`);
  return `/** The name of a ${name} in lists of what a switch can do; after a dot the bytes that follow its code, in hex. */\nexport type ${idType(name)} =${alternatives(idNames(d), [EXPERIMENTER_ID, "HexText"])};`;
}

/** What follows the `=` of a union of names and other types; one a line where that is long. */
function alternatives(names: readonly string[], others: readonly string[] = []): string {
  const all = [...names.map(quote), ...others];
  const line = all.join(" | ");
  return line.length <= MAX_LINE ? ` ${line}` : `\n  | ${all.join("\n  | ")}`;
}

function inVersions(versions: readonly Version[]): string {
  const range = formatVersionRange(versions);
  return range === "all" ? "All versions." : `OpenFlow ${range}.`;
}

function comment(text: string, indent = ""): string {
  return text === "" ? "" : `${indent}/** ${text.replaceAll("*/", "* /").replace(/\s+/g, " ")} */\n`;
}

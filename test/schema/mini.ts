// Small schemas for tests: texts with a common indentation, read together with a few scalars and names.
import { type Model, type Natives, readSchemaSources } from "../../src/schema/index.js";

const VOCABULARY = `
UInt3: {kind: scalar, form: uint, bits: 3, widths: [u8], doc: Three bits.}
UInt8: {kind: scalar, form: uint, widths: [u8], doc: A byte.}
UInt16: {kind: scalar, form: uint, widths: [u16], doc: Two bytes.}
UInt32: {kind: scalar, form: uint, widths: [u32], doc: Four bytes.}
UInt64: {kind: scalar, form: uint, widths: [u64], doc: Eight bytes.}
SInt32: {kind: scalar, form: sint, widths: [u32], doc: Signed.}
HexData: {kind: scalar, form: hex, widths: [bytes], doc: Bytes.}
MacAddress: {kind: scalar, form: mac, widths: [bytes(6)], doc: An address.}
Str16: {kind: scalar, form: chars, widths: [chars(16)], doc: A text.}
DurationSec: {kind: scalar, form: duration, widths: [u64], doc: A span.}
SubField: {kind: scalar, form: sub_field, widths: [], doc: Some bits.}
FieldHeader: {kind: scalar, form: field_id, widths: [], doc: A field.}
NumberOrSubField: {kind: scalar, form: field_or_uint, widths: [], doc: Bits or a number.}
`;

/** A text without its first line and the indentation of the second. */
export function outdent(text: string): string {
  const lines = text.replace(/^\n/, "").split("\n");
  const indent = /^ */.exec(lines[0] ?? "")?.[0] ?? "";
  return lines
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
    .join("\n");
}

/** Reads `text` as x.yaml beside the scalars above. */
export function readMini(text: string, natives?: Natives): { model: Model; problems: string[] } {
  const sources = [
    { name: "scalars.yaml", text: VOCABULARY },
    { name: "x.yaml", text: outdent(text) },
  ];
  const { model, problems } = readSchemaSources(sources, natives);
  return { model, problems: problems.map((p) => p.message) };
}

/** What is wrong with a small schema, as messages. */
export function problemsOf(text: string, natives?: Natives): string[] {
  return readMini(text, natives).problems;
}

/** The model of a small schema that has no problems. */
export function modelOf(text: string): Model {
  const { model, problems } = readMini(text);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return model;
}

/** A message of type 1 with a JSON half in line 6, a wire half in line 7, and further definitions from line 8 on. */
export function message(json: string, wire: string, more = ""): string {
  return `M:
  kind: message
  type: 1
  spec: '1'
  doc: m
  json: {${json}}
  wire: ${wire}
${more.replace(/^\n/, "")}`;
}

// Trees into definitions: which keys there are, what they may say, version maps spread out over the versions.
import { SchemaError } from "../base/index.js";
import type { ByVersion, Definition, FlagBits, Model, Reply, ScalarForm } from "./model.js";
import { parseBody, parseMembers } from "./parse-body.js";
import {
  allVersions,
  byVersion,
  type Fields,
  failAt,
  fields,
  flag,
  mapOf,
  parseWhole,
  text,
  textList,
  wholeNumber,
} from "./parse-nodes.js";
import { isRpcKind, parseRpcKind } from "./parse-rpc.js";
import { parseTlvTable } from "./parse-tlv-table.js";
import { parseUnion } from "./parse-union.js";
import { parseWidth } from "./parse-width.js";
import type { RpcDefinition } from "./rpc-model.js";
import type { MapEntry, MapNode, Node } from "./tree.js";

const FORMS: readonly ScalarForm[] = [
  "uint",
  "sint",
  "mac",
  "ipv4",
  "ipv6",
  "hex",
  "chars",
  "text",
  "datapath",
  "duration",
  "version_bitmap",
  "sub_field",
  "field_id",
  "field_or_uint",
];

/** Reads all files into one namespace. Every definition that cannot be read adds a problem; the others are in the model. */
export function parseModel(files: ReadonlyMap<string, MapNode>, problems: SchemaError[]): Model {
  const definitions = new Map<string, Definition>();
  const rpc = new Map<string, RpcDefinition>();
  const home = new Map<string, string>();
  for (const [file, root] of files) {
    for (const item of root.entries) {
      try {
        const other = home.get(item.key);
        if (other !== undefined) throw fail(item, `${item.key} is defined in ${other} already`);
        home.set(item.key, file);
        const definition = parseDefinition(item);
        if (isRpcDefinition(definition)) rpc.set(item.key, definition);
        else definitions.set(item.key, definition);
      } catch (error) {
        if (!(error instanceof SchemaError)) throw error;
        problems.push(error);
      }
    }
  }
  return { definitions, rpc, files: home };
}

function fail(item: MapEntry, sentence: string): SchemaError {
  return new SchemaError(item.at.file, item.at.line, item.at.column, sentence);
}

function isRpcDefinition(d: Definition | RpcDefinition): d is RpcDefinition {
  return isRpcKind(d.kind);
}

function parseDefinition(item: MapEntry): Definition | RpcDefinition {
  const f = fields(item.value);
  const kind = text(f.take("kind"));
  const named = { name: item.key, doc: text(f.take("doc")), at: item.at };
  const definition = isRpcKind(kind)
    ? parseRpcKind(kind, f, named)
    : parseKind(kind, f, { ...named, spec: f.has("spec") ? byVersion(f.take("spec"), text) : [] });
  f.done();
  return definition;
}

type Common = Pick<Definition, "name" | "doc" | "spec" | "at">;

function parseKind(kind: string, f: Fields, common: Common): Definition {
  switch (kind) {
    case "scalar": {
      const form = text(f.take("form")) as ScalarForm;
      if (!FORMS.includes(form))
        throw f.fail("form", `${form} is not a form of scalars: ${FORMS.join(", ")}`);
      return {
        ...common,
        kind,
        form,
        bits: f.has("bits") ? wholeNumber(f.take("bits")) : undefined,
        widths: textList(f.take("widths")).map((w) => parseWidth(w.text, w.at)),
        also: new Map(f.has("also") ? numbers(f.take("also")) : []),
        signs: new Map(f.has("signs") ? numbers(f.take("signs")) : []),
        words: new Map(f.has("words") ? mapOf(f.take("words")).map((e) => [e.key, underMask(e.value)]) : []),
      };
    }
    case "number": {
      const widths = new Map<number, "as_is" | "sign_extend">();
      for (const w of mapOf(f.take("widths"))) {
        const how = text(w.value);
        if (how !== "as_is" && how !== "sign_extend")
          throw fail(w, "a width of a number is as_is or sign_extend");
        const width = parseWidth(w.key, w.at);
        if (width.kind !== "int") throw fail(w, `${w.key} is not a width of numbers`);
        widths.set(width.bytes, how);
      }
      const names = new Map(numbers(f.take("names")));
      return { ...common, kind, widths, names, also: aliases(f), docs: docsOf(f) };
    }
    case "enum":
      return {
        ...common,
        kind,
        vendor: f.has("vendor") ? wholeNumber(f.take("vendor")) : undefined,
        values: values(f.take("values")),
        also: aliases(f),
        docs: docsOf(f),
      };
    case "code": {
      const tables = new Map<string, ReadonlyMap<string, ByVersion<number>>>();
      for (const table of mapOf(f.take("values"))) tables.set(table.key, values(table.value));
      return { ...common, kind, by: text(f.take("by")), values: tables, also: aliases(f), docs: docsOf(f) };
    }
    case "flags": {
      const bits = new Map<string, ByVersion<FlagBits>>();
      for (const bit of mapOf(f.take("bits"))) bits.set(bit.key, byVersion(bit.value, flagBits));
      return { ...common, kind, bits, also: aliases(f), docs: docsOf(f) };
    }
    case "tlv_table":
      return { ...common, kind, ...parseTlvTable(f) };
    case "union":
      return { ...common, kind, ...parseUnion(f) };
    case "struct":
      return { ...common, kind, ...parseMembers(f, allVersions()), ...stride(f), numbered: numberedKey(f) };
    case "message": {
      const type = byVersion(f.take("type"), wholeNumber);
      const reply = f.has("reply") ? replyOf(f.take("reply")) : undefined;
      const reads = f.has("reads") ? text(f.take("reads")) : undefined;
      const flow = f.has("flow") && flag(f.take("flow"));
      const rest = { reads, flow, optionalBody: optionalBody(f), experimenter: experimenterOf(f) };
      return { ...common, kind, type, reply, ...rest, ...parseBody(f, type) };
    }
    case "multipart": {
      const type = byVersion(f.take("type"), wholeNumber);
      const part = text(f.take("part"));
      if (part !== "request" && part !== "reply") throw f.fail("part", "part is request or reply");
      const rest = { optionalBody: optionalBody(f), experimenter: experimenterOf(f) };
      return { ...common, kind, part, type, ...rest, ...parseBody(f, type) };
    }
    default:
      throw f.fail("kind", `${kind} is not a kind of definition`);
  }
}

/** `NAME`, or `{maybe: NAME}`. */
function replyOf(node: Node): Reply {
  if (node.kind !== "map") return { name: text(node), maybe: false, at: node.at };
  const f = fields(node);
  const name = f.take("maybe");
  f.done();
  return { name: text(name), maybe: true, at: name.at };
}

function experimenterOf(f: Fields): number | undefined {
  return f.has("experimenter") ? wholeNumber(f.take("experimenter")) : undefined;
}

function optionalBody(f: Fields): boolean {
  if (!f.has("msg")) return false;
  if (text(f.take("msg")) !== "optional") throw f.fail("msg", "msg is optional, or not said");
  return true;
}

function stride(f: Fields): { align: number; multiple: number } {
  return {
    align: f.has("align") ? wholeNumber(f.take("align")) : 1,
    multiple: f.has("multiple") ? wholeNumber(f.take("multiple")) : 1,
  };
}

function numberedKey(f: Fields): string | undefined {
  return f.has("numbered") ? text(f.take("numbered")) : undefined;
}

function numbers(node: Node): [string, number][] {
  return mapOf(node).map((e) => [e.key, wholeNumber(e.value)]);
}

function values(node: Node): ReadonlyMap<string, ByVersion<number>> {
  return new Map(mapOf(node).map((e) => [e.key, byVersion(e.value, wholeNumber)]));
}

function aliases(f: Fields): ReadonlyMap<string, string> {
  return new Map(f.has("also") ? mapOf(f.take("also")).map((e) => [e.key, text(e.value)]) : []);
}

function docsOf(f: Fields): ReadonlyMap<string, string> {
  return new Map(f.has("docs") ? mapOf(f.take("docs")).map((e) => [e.key, text(e.value)]) : []);
}

/** `0x1/0x3`: a value within a mask. */
function underMask(node: Node): FlagBits {
  const [value, mask, ...more] = text(node).split("/").map(parseWhole);
  if (
    value === undefined ||
    mask === undefined ||
    more.length > 0 ||
    mask > 0xffffffff ||
    (value & ~mask) !== 0
  )
    throw failAt(node.at, `${text(node)} is not value/mask`);
  return { value, mask };
}

/** `5` is bit 5; `0x100/0x300` is a value within a mask. Flags have up to 32 bits. */
function flagBits(node: Node): FlagBits {
  const said = text(node);
  const [value, mask, ...more] = said.split("/").map(parseWhole);
  const isField = said.includes("/");
  if (value !== undefined && !isField && value < 32) return { value: 2 ** value, mask: 2 ** value };
  if (value !== undefined && mask !== undefined && more.length === 0 && mask > 0 && mask < 2 ** 32) {
    // Bits of 32-bit numbers; BigInt, because & makes the highest bit a sign.
    if ((BigInt(value) & ~BigInt(mask)) === 0n) return { value, mask };
  }
  throw failAt(node.at, `${said} is neither a bit number below 32 nor value/mask`);
}

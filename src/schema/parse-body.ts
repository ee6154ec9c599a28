// The two halves of a struct, message or case: `json` and `wire`, read into one row list per version.
import { parseVersionRange } from "../base/index.js";
import type { Body, ByVersion, Constant, JsonField, Row, TypeRef, When } from "./model.js";
import {
  byVersion,
  type Fields,
  failAt,
  fields,
  flag,
  isVersionMap,
  listOf,
  mapOf,
  parseWhole,
  text,
  textList,
  wholeNumber,
} from "./parse-nodes.js";
import { parseIntWidth, parseWidth } from "./parse-width.js";
import type { MapEntry, Node } from "./tree.js";

/** Name of the only row of a body that is an array. */
export const LIST_ROW = "$list";

/** Takes `json`, `wire` and `size` from a definition that exists where `type` does. */
export function parseBody(f: Fields, type: ByVersion<unknown>): Body {
  const json = f.has("json") ? f.take("json") : undefined;
  const size = f.has("size") ? byVersion(f.take("size"), wholeNumber) : [];
  const nothing = byVersion(
    { kind: "list", items: [], at: f.at },
    json?.kind === "list" ? () => [wholeList(json)] : parseRows(0),
  );
  if (json?.kind === "list" && f.has("wire"))
    throw f.fail("wire", "a body that is an array has no wire: it is its elements");
  const rows = f.has("wire") ? parseEras(f.take("wire"), type) : nothing;
  const used: ByVersion<readonly Row[]> = rows.map((r, v) => (type[v] === undefined ? undefined : r));
  if (json?.kind === "list") return { json: [], jsonList: parseType(json), rows: used, size };
  return { json: json ? mapOf(json).map(parseJsonField) : [], jsonList: undefined, rows: used, size };
}

/** The same for what has keys: a struct or a case cannot be an array. */
export function parseMembers(f: Fields, type: ByVersion<unknown>): Body {
  const body = parseBody(f, type);
  if (body.jsonList) throw f.fail("json", "only the body of a message or multipart can be an array");
  return body;
}

/** The one row of a body that is an array: elements to the end. */
function wholeList(json: Node): Row {
  const width = { kind: "list", item: 0 } as const;
  return {
    kind: "field",
    name: LIST_ROW,
    width,
    residue: undefined,
    copy: new Map(),
    move: new Map(),
    when: undefined,
    at: json.at,
  };
}

/** `Name` or `[Name]`. */
export function parseType(node: Node): TypeRef {
  if (node.kind === "list") {
    const [only, ...more] = listOf(node);
    if (only === undefined || more.length > 0) throw failAt(node.at, "a list type has one element: [Name]");
    return { name: text(only), list: true, at: node.at };
  }
  return { name: text(node), list: false, at: node.at };
}

function constant(node: Node): Constant {
  if (node.kind === "list" && node.items.length === 0) return { kind: "empty" };
  const said = text(node);
  return said.startsWith("=") ? { kind: "key", key: said.slice(1) } : { kind: "text", text: said };
}

const PLAIN_FIELD = {
  default: undefined,
  absent: undefined,
  omit: undefined,
  since: 1,
  ignorable: false,
  by: undefined,
  derived: undefined,
  inline: false,
  packet: false,
  sizeOf: undefined,
  doc: "",
} as const;

function parseJsonField(e: MapEntry): JsonField {
  const plain = { ...PLAIN_FIELD, name: e.key, at: e.at };
  if (e.key === "$inline") return { ...plain, type: parseType(e.value), inline: true };
  if (e.value.kind !== "map") return { ...plain, type: parseType(e.value) };
  const f = fields(e.value);
  const optional = <T>(key: string, read: (node: Node) => T): T | undefined =>
    f.has(key) ? read(f.take(key)) : undefined;
  const derivedNode = f.has("derived") ? f.take("derived") : undefined;
  const derived = derivedNode ? /^(\w+)\((\w+)\)$/.exec(text(derivedNode)) : undefined;
  if (derivedNode && !derived) throw failAt(derivedNode.at, "derived is fn(field)");
  const field: JsonField = {
    ...plain,
    type: f.has("type") || !derived ? parseType(f.take("type")) : undefined,
    default: optional("default", constant),
    absent: optional("absent", constant),
    omit: optional("omit", parseOmit),
    since:
      optional("since", (n) => parseVersionRange(text(n))?.[0] ?? fail(n, `${text(n)} is not a version`)) ??
      1,
    ignorable: optional("ignorable", flag) ?? false,
    by: optional("by", text),
    derived: derived ? { fn: derived[1] ?? "", arg: derived[2] ?? "" } : undefined,
    packet: optional("packet", flag) ?? false,
    sizeOf: optional("size_of", text),
    doc: optional("doc", text) ?? "",
  };
  f.done();
  return field;
}

function fail(node: Node, sentence: string): never {
  throw failAt(node.at, sentence);
}

function parseOmit(node: Node): JsonField["omit"] {
  if (node.kind === "map") {
    const f = fields(node);
    const sameAs = text(f.take("same_as"));
    f.done();
    return { sameAs };
  }
  const said = text(node);
  if (said !== "absent" && said !== "empty") throw failAt(node.at, "omit is absent, empty or {same_as: key}");
  return said;
}

function parseEras(node: Node, type: ByVersion<unknown>): ByVersion<readonly Row[]> {
  const result: (readonly Row[] | undefined)[] = [];
  for (const era of mapOf(node)) {
    const versions = parseVersionRange(era.key);
    if (versions === undefined) throw failAt(era.at, `${era.key} is not a range of versions`);
    for (const v of versions) {
      if (result[v] !== undefined) throw failAt(era.at, `${era.key} overlaps another era`);
      if (type[v] === undefined) throw failAt(era.at, `${era.key} reaches beyond the versions of type`);
      result[v] = parseRows(v)(era.value);
    }
  }
  return result;
}

/** Reads the rows of one version: version maps are looked up, rows that they leave out are gone. */
export function parseRows(version: number): (node: Node) => Row[] {
  return (node) => listOf(node).flatMap((row) => parseRow(row, version));
}

function parseRow(node: Node, version: number): Row[] {
  const [first, ...options] = mapOf(node);
  if (first === undefined) throw failAt(node.at, "a row is empty");
  const at = first.at;
  const option = (key: string): Node | undefined => options.find((o) => o.key === key)?.value;
  const known = optionsOf(first.key);
  for (const o of options)
    if (!known.includes(o.key)) throw failAt(o.at, `${o.key} is not an option of a row ${first.key}`);

  if (first.key === "$set") {
    return mapOf(first.value).flatMap((e): Row[] => {
      const value = pick(e.value, version);
      return value ? [{ kind: "set", name: e.key, value: constant(value), at: e.at }] : [];
    });
  }
  const value = pick(first.value, version);
  if (value === undefined) return [];
  const said = text(value);
  switch (first.key) {
    case "$pad":
      return [{ kind: "pad", n: wholeNumber(value), at }];
    case "$align":
    case "$align_if_more":
      return [{ kind: "align", n: wholeNumber(value), ifMore: first.key === "$align_if_more", at }];
    case "$native":
      return [{ kind: "native", fn: said, at }];
    case "$inline":
      if (said !== "struct" && said !== "oxm" && said !== "message")
        throw failAt(at, "$inline is struct, oxm or message");
      return [{ kind: "inline", width: said, mask: masked(option("mask"), version), at }];
    case "$tlvs":
      return [
        {
          kind: "tlvs",
          union: said,
          hoist: names(option("hoist")),
          always: option("always") ? textList(option("always") as Node).map((n) => n.text) : [],
          rest: text(option("rest") ?? fail(node, "$tlvs needs rest: the key that gets everything else")),
          at,
        },
      ];
  }
  const words = first.key.split(/\s+/);
  if (words[0] === "$length" || words[0] === "$count") {
    const elements = words[0] === "$count";
    if (words.length > 2) throw failAt(at, "$length stands alone or before the name of one row");
    if (elements && words.length < 2) throw failAt(at, "$count stands before the name of one row");
    const bytes = parseIntWidth(said, value.at);
    if (bytes !== 1 && bytes !== 2 && bytes !== 4) throw failAt(at, "a length is u8, u16 or u32");
    return [{ kind: "length", of: words[1], elements, bytes, at }];
  }
  return words.map((name): Row => {
    if (name.startsWith("$")) return { kind: "variable", name, bytes: parseIntWidth(said, value.at), at };
    const residue = option("residue");
    const when = option("when");
    return {
      kind: "field",
      name,
      width: parseWidth(said, value.at),
      residue: residue ? text(residue) : undefined,
      copy: names(option("copy")),
      move: names(option("move")),
      when: when ? parseWhen(when) : undefined,
      at,
    };
  });
}

/** The options that a row may have by its first key; those of fields belong to one field. */
function optionsOf(key: string): readonly string[] {
  if (key === "$tlvs") return ["hoist", "always", "rest"];
  if (key === "$inline") return ["mask"];
  return /^\$|\s/.test(key) ? [] : ["copy", "move", "when", "residue"];
}

/** Whether a TLV may have a mask in a version: it may where nothing is said. */
function masked(node: Node | undefined, version: number): boolean {
  const value = node && pick(node, version);
  return value === undefined || flag(value);
}

function pick(node: Node, version: number): Node | undefined {
  return isVersionMap(node) ? byVersion(node, (value) => value)[version] : node;
}

function names(node: Node | undefined): ReadonlyMap<string, string> {
  return new Map(node ? mapOf(node).map((e) => [e.key, text(e.value)]) : []);
}

function parseWhen(node: Node): When {
  if (text(node) === "more") return { kind: "more" };
  const [variable, bits, ...more] = text(node).split("&");
  const mask = parseWhole(bits ?? "");
  if (!/^\$?\w+$/.test(variable ?? "") || mask === undefined || more.length > 0)
    throw failAt(node.at, "when is $variable&bits, flags&bits, or more");
  return { kind: "bits", variable: variable ?? "", bits: mask };
}

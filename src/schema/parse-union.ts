// Unions: the header that all elements share, and their cases.
import type { Body, Spelling, Union, UnionCase } from "./model.js";
import { parseMembers } from "./parse-body.js";
import {
  allVersions,
  byVersion,
  type Fields,
  failAt,
  fields,
  listOf,
  mapOf,
  parseWhole,
  text,
  wholeNumber,
} from "./parse-nodes.js";
import { parseIntWidth } from "./parse-width.js";
import type { MapEntry, Node } from "./tree.js";

export function parseUnion(
  f: Fields,
): Pick<Union, "tag" | "header" | "path" | "multiple" | "align" | "unknown" | "common" | "cases"> {
  const unknown = f.has("unknown") ? text(f.take("unknown")) : "hex";
  if (unknown !== "hex" && unknown !== "error") throw f.fail("unknown", "unknown is hex or error");
  return {
    tag: f.has("tag") ? text(f.take("tag")) : "property",
    header: mapOf(f.take("header")).map((e) => {
      if (e.key === "$pad") return { word: "pad", bytes: wholeNumber(e.value) as 1 | 2 | 4 };
      if (e.key !== "type" && e.key !== "length") throw failAt(e.at, "a header has type, length and $pad");
      return { word: e.key, bytes: headerBytes(e) };
    }),
    path: f.has("path") ? listOf(f.take("path")).map(pathStep) : [],
    multiple: f.has("multiple") ? wholeNumber(f.take("multiple")) : 1,
    align: f.has("align") ? wholeNumber(f.take("align")) : 1,
    unknown,
    common: f.has("common") ? parseCommon(f.take("common")) : undefined,
    cases: mapOf(f.take("cases")).map(parseCase),
  };
}

function pathStep(node: Node): { name: string; bytes: 1 | 2 | 4 } {
  const [only, ...more] = mapOf(node);
  if (only === undefined || more.length > 0) throw failAt(node.at, "a step of a path is {name: width}");
  return { name: only.key, bytes: wordBytes(only) };
}

/** Words of headers have 8 to 32 bits. */
function headerBytes(e: MapEntry): 1 | 2 | 3 | 4 {
  const bytes = parseIntWidth(text(e.value), e.at);
  if (bytes === 8) throw failAt(e.at, `${e.key} is u8, u16, u24 or u32`);
  return bytes;
}

/** Words of paths have 8, 16 or 32 bits. */
function wordBytes(e: MapEntry): 1 | 2 | 4 {
  const bytes = parseIntWidth(text(e.value), e.at);
  if (bytes === 3 || bytes === 8) throw failAt(e.at, `${e.key} is u8, u16 or u32`);
  return bytes;
}

function parseCommon(node: Node): Body {
  const f = fields(node);
  const body = parseMembers(f, allVersions());
  f.done();
  return body;
}

function parseCase(e: MapEntry): UnionCase {
  const f = fields(e.value);
  const type = byVersion(f.take("type"), (node) =>
    text(node)
      .split(":")
      .map((word) => {
        const code = parseWhole(word);
        if (code === undefined) throw failAt(node.at, `${text(node)} is not a code or a path of codes`);
        return code;
      }),
  );
  for (const key of ["json", "wire"])
    if (f.has("struct") && f.has(key))
      throw f.fail(key, `the struct has ${key}, the case has none of its own`);
  const result: UnionCase = {
    name: e.key,
    at: e.at,
    type,
    doc: f.has("doc") ? text(f.take("doc")) : "",
    spec: f.has("spec") ? byVersion(f.take("spec"), text) : [],
    as: f.has("as") ? mapOf(f.take("as")).map(parseSpelling) : [],
    tagForm: f.has("tag_form") ? text(f.take("tag_form")) : undefined,
    struct: f.has("struct") ? text(f.take("struct")) : undefined,
    ...parseMembers(f, type),
  };
  f.done();
  return result;
}

function parseSpelling(e: MapEntry): Spelling {
  if (e.value.kind === "text") return { key: e.key, value: e.value.text };
  const f = fields(e.value);
  const byProtocol = new Map(
    mapOf(f.take("$l4")).map((choice) => {
      const protocol = parseWhole(choice.key);
      if (protocol === undefined || protocol > 255)
        throw failAt(choice.at, `${choice.key} is not an IP protocol`);
      return [protocol, text(choice.value)];
    }),
  );
  f.done();
  return { key: e.key, value: byProtocol };
}

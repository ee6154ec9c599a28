// Tables of typed TLVs: one line per field, ranges of names written once.

import { parseVersion } from "../base/index.js";
import type { Need, TlvCase, TlvTable } from "./model.js";
import { parseType } from "./parse-body.js";
import { type Fields, failAt, fields, flag, mapOf, parseWhole, text, textList } from "./parse-nodes.js";
import { parseWidth } from "./parse-width.js";
import type { MapEntry, Node } from "./tree.js";

export function parseTlvTable(f: Fields): Pick<TlvTable, "tag" | "cases" | "aliases" | "prefixes"> {
  return {
    tag: text(f.take("tag")),
    cases: mapOf(f.take("cases")).flatMap(parseCases),
    aliases: new Map(f.has("aliases") ? mapOf(f.take("aliases")).map((e) => [e.key, text(e.value)]) : []),
    prefixes: new Map(
      f.has("prefixes")
        ? mapOf(f.take("prefixes")).map((e) => [e.key, textList(e.value).map((word) => word.text)])
        : [],
    ),
  };
}

const RANGE = /\{(\d+)\.\.(\d+)\}/;

/** One line, or as many as its `{0..7}` says. */
function parseCases(e: MapEntry): TlvCase[] {
  const range = RANGE.exec(e.key);
  const f = fields(e.value);
  const idNode = f.take("id");
  const idRange = RANGE.exec(text(idNode));
  const count = range ? Number(range[2]) - Number(range[1]) + 1 : 1;
  if (range && (!idRange || Number(idRange[2]) - Number(idRange[1]) + 1 !== count)) {
    throw failAt(idNode.at, `the id needs a range of ${count} numbers, as the name has`);
  }
  const { option, ...rest } = {
    type: parseType(f.take("type")),
    width: f.has("width") ? parseWidth(text(f.take("width")), e.at) : undefined,
    anyBytes: f.has("bytes") ? anyBytes(f.take("bytes")) : false,
    mask: f.has("mask") ? flag(f.take("mask")) : false,
    needs: f.has("needs") ? parseNeeds(f.take("needs")) : [],
    says: f.has("says") ? parseSays(f.take("says")) : undefined,
    option: f.has("option") ? parseType(f.take("option")) : undefined,
    since: f.has("since") ? version(f.take("since")) : 1,
    doc: f.has("doc") ? text(f.take("doc")) : "",
    at: e.at,
  };
  if (f.has("spec")) f.take("spec");
  f.done();
  if (option !== undefined && !range) throw failAt(e.at, "option needs a range of names: NAME{0..63}");
  return Array.from({ length: count }, (_, i) => {
    const name = range ? e.key.replace(RANGE, String(Number(range[1]) + i)) : e.key;
    const id = idRange ? text(idNode).replace(RANGE, String(Number(idRange[1]) + i)) : text(idNode);
    const words = id.split(".");
    const [
      oxmClass = Infinity,
      field = Infinity,
      experimenter = words[2] === undefined ? undefined : Infinity,
    ] = words.map(parseWhole);
    if (oxmClass > 0xffff || field > 127 || (experimenter ?? 0) > 0xffffffff || words.length > 3) {
      throw failAt(idNode.at, `${id} is not class.field or class.field.experimenter`);
    }
    const own = option && { type: option, number: Number(range?.[1]) + i };
    return { name, oxmClass, field, experimenter, option: own, ...rest };
  });
}

function parseNeeds(node: Node): Need[] {
  return (node.kind === "list" ? node.items : [node]).map((item) => {
    const said = /^(\w+)(?:(=|&)([\w|/]+))?$/.exec(text(item));
    if (!said) throw failAt(item.at, "a prerequisite is F=v, F=v|w, F&bits, F=v/m|w/n or F");
    const field = said[1] ?? "";
    const whole = (word: string): number => {
      const value = parseWhole(word);
      if (value === undefined) throw failAt(item.at, `"${word}" is not a whole number`);
      return value;
    };
    const words = (said[3] ?? "").split("|");
    if (said[2] === "&") {
      const bits = whole(said[3] ?? "");
      return { field, values: undefined, under: [{ value: bits, mask: bits }] };
    }
    if (said[2] === undefined) return { field, values: undefined, under: undefined };
    if (!words.some((word) => word.includes("/")))
      return { field, values: words.map(whole), under: undefined };
    const under = words.map((word) => {
      const [value = 0, mask = 0, ...more] = word.split("/").map(whole);
      if (more.length > 0 || mask === 0 || (value & ~mask) !== 0)
        throw failAt(item.at, `"${word}" is not a value under a mask`);
      return { value, mask };
    });
    return { field, values: undefined, under };
  });
}

/** `F`, or `F+n`. */
function parseSays(node: Node): { field: string; plus: number } {
  const said = /^(\w+)(?:\+(\w+))?$/.exec(text(node));
  const plus = parseWhole(said?.[2] ?? "0");
  if (said?.[1] === undefined || plus === undefined) throw failAt(node.at, "says is F, or F+n");
  return { field: said[1], plus };
}

function anyBytes(node: Node): true {
  if (text(node) !== "any") throw failAt(node.at, "bytes is any, or left out");
  return true;
}

function version(node: Node): number {
  const found = parseVersion(text(node));
  if (found === undefined) throw failAt(node.at, `${text(node)} is not a version`);
  return found;
}

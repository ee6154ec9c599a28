// Small readers of schema trees. Each throws SchemaError at the node that is not what it should be.
import { parseVersionRange, SchemaError } from "../base/index.js";
import { type ByVersion, WIRE_VERSIONS } from "./model.js";
import type { MapEntry, Node, Place, TextNode } from "./tree.js";

/** A SchemaError at a place. */
export function failAt(at: Place, sentence: string): SchemaError {
  return new SchemaError(at.file, at.line, at.column, sentence);
}

/** The text of a text node. */
export function text(node: Node): string {
  if (node.kind !== "text") throw failAt(node.at, `a text was expected, not a ${node.kind}`);
  return node.text;
}

/** A whole number, decimal or 0x; undefined for anything else. */
export function parseWhole(said: string): number | undefined {
  return /^(\d+|0x[0-9a-fA-F]+)$/.test(said) ? Number(said) : undefined;
}

/** A whole number. */
export function wholeNumber(node: Node): number {
  const value = parseWhole(text(node));
  if (value === undefined) throw failAt(node.at, `"${text(node)}" is not a whole number`);
  return value;
}

/** `yes` or `no`. */
export function flag(node: Node): boolean {
  const said = text(node);
  if (said !== "yes" && said !== "no") throw failAt(node.at, `"${said}" is neither yes nor no`);
  return said === "yes";
}

export function mapOf(node: Node): readonly MapEntry[] {
  if (node.kind !== "map") throw failAt(node.at, `a map was expected, not a ${node.kind}`);
  const seen = new Set<string>();
  for (const e of node.entries) {
    if (seen.has(e.key)) throw failAt(e.at, `${e.key} stands here twice`);
    seen.add(e.key);
  }
  return node.entries;
}

export function listOf(node: Node): readonly Node[] {
  if (node.kind !== "list") throw failAt(node.at, `a list was expected, not a ${node.kind}`);
  return node.items;
}

export function textList(node: Node): readonly TextNode[] {
  return listOf(node).map((item) => {
    text(item);
    return item as TextNode;
  });
}

/** True for a map whose keys are version ranges. Throws when only some are: a mistyped range would else be lost. */
export function isVersionMap(node: Node): boolean {
  if (node.kind !== "map") return false;
  const other = node.entries.find((e) => parseVersionRange(e.key) === undefined);
  if (other === undefined) return node.entries.length > 0;
  if (node.entries.every((e) => parseVersionRange(e.key) === undefined)) return false;
  throw failAt(other.at, `${other.key} is not a range of versions`);
}

/** A value that may be a version map; a plain value counts for all versions. */
export function byVersion<T>(node: Node, read: (node: Node) => T): ByVersion<T> {
  const result: (T | undefined)[] = [];
  if (!isVersionMap(node)) {
    const value = read(node);
    for (const v of WIRE_VERSIONS) result[v] = value;
    return result;
  }
  for (const e of mapOf(node)) {
    const value = read(e.value);
    for (const v of parseVersionRange(e.key) ?? []) {
      if (result[v] !== undefined) throw failAt(e.at, `${e.key} overlaps another range of this map`);
      result[v] = value;
    }
  }
  return result;
}

/** Something that is there in all versions. */
export function allVersions(): ByVersion<number> {
  return byVersion({ kind: "text", text: "0", at: { file: "", line: 0, column: 0 } }, wholeNumber);
}

/** The keys of one map, each taken once; `done` refuses what nobody took. */
export interface Fields {
  readonly at: Place;
  has(key: string): boolean;
  take(key: string): Node;
  fail(key: string, sentence: string): SchemaError;
  done(): void;
}

export function fields(node: Node): Fields {
  const all = new Map(mapOf(node).map((e) => [e.key, e]));
  const left = new Set(all.keys());
  return {
    at: node.at,
    has: (key) => all.has(key),
    take(key) {
      const found = all.get(key);
      if (found === undefined) throw failAt(node.at, `${key} is missing`);
      left.delete(key);
      return found.value;
    },
    fail: (key, sentence) => failAt(all.get(key)?.at ?? node.at, sentence),
    done() {
      for (const key of left)
        throw failAt(all.get(key)?.at ?? node.at, `${key} is not a key of the schema language here`);
    },
  };
}

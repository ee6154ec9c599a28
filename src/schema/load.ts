// Reads schema files into trees: YAML failsafe, so each scalar is the text that stands there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { SchemaError } from "../base/index.js";
import type { MapEntry, MapNode, Node, Place } from "./tree.js";

/** The text of one schema file; `name` is what errors call it. */
export interface SchemaSource {
  readonly name: string;
  readonly text: string;
}

/** Finds all schema files below `folder`, sorted by name; names are relative to `folder`. */
export function readSchemaFolder(folder: string): SchemaSource[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.replaceAll("\\", "/"))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
}

/** Parses one schema file. Throws SchemaError at the first thing that is not plain YAML of maps, lists and texts. */
export function loadSchema(source: SchemaSource): MapNode {
  const lines = new LineCounter();
  const document = parseDocument(source.text, {
    schema: "failsafe",
    lineCounter: lines,
    prettyErrors: false,
  });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: source.name, line, column: col };
  };
  const refuse = (offset: number, sentence: string): never => {
    const at = place(offset);
    throw new SchemaError(at.file, at.line, at.column, sentence);
  };

  const failure = document.errors[0];
  if (failure) refuse(failure.pos[0], failure.message);

  function convert(node: unknown, offset: number): Node {
    if (isScalar(node))
      return { kind: "text", text: String(node.value ?? ""), at: place(node.range?.[0] ?? offset) };
    if (isSeq(node)) {
      const start = node.range?.[0] ?? offset;
      return { kind: "list", items: node.items.map((item) => convert(item, start)), at: place(start) };
    }
    if (isMap(node)) {
      const start = node.range?.[0] ?? offset;
      const entries: MapEntry[] = node.items.map((pair) => {
        if (!isScalar(pair.key)) return refuse(start, "a key must be a text");
        const keyStart = pair.key.range?.[0] ?? start;
        return { key: String(pair.key.value), at: place(keyStart), value: convert(pair.value, keyStart) };
      });
      return { kind: "map", entries, at: place(start) };
    }
    if (node === null || node === undefined) return { kind: "text", text: "", at: place(offset) };
    return refuse(
      offset,
      isAlias(node) ? "aliases are not used in schemas" : "neither a text, a list nor a map",
    );
  }

  const root = convert(document.contents, 0);
  if (root.kind !== "map") return refuse(0, "a schema file is a map of definitions");
  return root;
}

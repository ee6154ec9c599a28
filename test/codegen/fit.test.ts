import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generate } from "../../src/codegen/generate.js";
import { checkModel, loadSchema, type MapEntry, type Node, parseModel } from "../../src/schema/index.js";
import { missingImports } from "./missing-imports.js";

const NAMES = ["vocabulary", "list", "union", "tlv-table", "hoist", "names", "versions"];

const fixtures = NAMES.map((name) => {
  const url = new URL(`fixtures/${name}.yaml`, import.meta.url);
  return loadSchema({ name: `${name}.yaml`, text: readFileSync(fileURLToPath(url), "utf8") });
});
const vocabulary = fixtures[0] as (typeof fixtures)[number];

/** All nodes of a tree in one order. */
function nodesOf(node: Node): Node[] {
  if (node.kind === "text") return [node];
  const inner = node.kind === "list" ? node.items : node.entries.map((e) => e.value);
  return [node, ...inner.flatMap(nodesOf)];
}

/** The tree with one node replaced. */
function replaced(node: Node, old: Node, by: Node): Node {
  if (node === old) return by;
  if (node.kind === "text") return node;
  if (node.kind === "list") return { ...node, items: node.items.map((item) => replaced(item, old, by)) };
  return {
    ...node,
    entries: node.entries.map((e): MapEntry => ({ ...e, value: replaced(e.value, old, by) })),
  };
}

/** One slip: another text in place of a text, something left out, two things in the wrong order. */
function slip(node: Node, i: number, j: number, other: Node): Node {
  const swap = <T>(all: readonly T[]): T[] => {
    const copy = [...all];
    const [a, b] = [i % all.length, j % all.length];
    if (a === b) copy.splice(a, 1);
    else [copy[a], copy[b]] = [copy[b] as T, copy[a] as T];
    return copy;
  };
  if (node.kind === "text") return other.kind === "text" ? { ...other, at: node.at } : node;
  if (node.kind === "list") return { ...node, items: swap(node.items) };
  return { ...node, entries: swap(node.entries) };
}

describe("a schema with a slip", () => {
  it("has a problem, or gives code that is whole", () => {
    let problems = 0;
    let whole = 0;
    const number = fc.nat(10_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: NAMES.length - 1 }),
        number,
        number,
        number,
        number,
        (which, at, i, j, from) => {
          const root = fixtures[which] as (typeof fixtures)[number];
          const nodes = nodesOf(root);
          const target = nodes[at % nodes.length] as Node;
          const tree = replaced(root, target, slip(target, i, j, nodes[from % nodes.length] as Node));
          if (tree.kind !== "map") return;
          const unreadable: Error[] = [];
          const model = parseModel(
            new Map([
              ["vocabulary.yaml", vocabulary],
              ["x.yaml", tree],
            ]),
            unreadable as never,
          );
          if (unreadable.length > 0 || checkModel(model).length > 0) {
            problems++;
            return;
          }
          const files = new Map([...generate(model)].filter(([path]) => /^(de|en)code\//.test(path)));
          expect(missingImports(files)).toEqual([]);
          for (const source of files.values()) transformSync(source, { loader: "ts" });
          whole++;
        },
      ),
      { numRuns: 150 },
    );
    expect(problems).toBeGreaterThan(0);
    expect(whole).toBeGreaterThan(0);
  });
});

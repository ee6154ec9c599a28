import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { entry, loadSchema, readSchemaFolder } from "../../src/schema/index.js";
import { outdent } from "./mini.js";

const load = (text: string) => loadSchema({ name: "a.yaml", text: outdent(text) });

describe("loadSchema", () => {
  it("keeps each scalar as the text that stands there", () => {
    const root = load(`
      size: {1.0: 0x10, 1.1+: 1e3}
      flag: NO
      name: 10MB_HD
      big: 0xffffffffffffffff
      nothing:
      quoted: '1.0'
    `);
    const size = entry(root, "size");
    expect(
      size?.kind === "map" && size.entries.map((e) => [e.key, e.value.kind === "text" && e.value.text]),
    ).toEqual([
      ["1.0", "0x10"],
      ["1.1+", "1e3"],
    ]);
    const texts = ["flag", "name", "big", "nothing", "quoted"].map((key) => {
      const node = entry(root, key);
      return node?.kind === "text" ? node.text : node;
    });
    expect(texts).toEqual(["NO", "10MB_HD", "0xffffffffffffffff", "", "1.0"]);
  });

  it("knows where everything stands, counted from 1", () => {
    const root = load(`
      Port:
        json: {a: UInt8}
        list: [x,
               y]
    `);
    const port = root.entries[0];
    expect(port?.at).toEqual({ file: "a.yaml", line: 1, column: 1 });
    const body = port?.value;
    if (body?.kind !== "map") throw new Error("a map was expected");
    expect(body.entries.map((e) => [e.key, e.at.line, e.at.column])).toEqual([
      ["json", 2, 3],
      ["list", 3, 3],
    ]);
    const json = entry(body, "json");
    expect(json?.kind === "map" && json.entries[0]?.value.at).toEqual({
      file: "a.yaml",
      line: 2,
      column: 13,
    });
    const list = entry(body, "list");
    expect(list?.kind === "list" && list.items.map((item) => [item.at.line, item.at.column])).toEqual([
      [3, 10],
      [4, 10],
    ]);
  });

  it("has no value for a key that is not there", () => {
    expect(entry(load("a: b"), "b")).toBeUndefined();
  });

  it.each([
    ["a: [1", "a.yaml:1:6: "],
    ["a: b: c", "a.yaml:1:"],
    ["a: 1\na: 2", "a.yaml:2:1: "],
    ["\ta: 1", "a.yaml:1:"],
  ])("refuses what is not YAML: %j", (text, start) => {
    expect(() => loadSchema({ name: "a.yaml", text })).toThrow(start);
  });

  it.each([
    ["[a, b]", "a.yaml:1:1: a schema file is a map of definitions"],
    ["just a text", "a.yaml:1:1: a schema file is a map of definitions"],
    ["", "a.yaml:1:1: a schema file is a map of definitions"],
    ["a: &x 1\nb: *x", "a.yaml:2:1: aliases are not used in schemas"],
    ["a: 1\n? [b]\n: 2", "a.yaml:1:1: a key must be a text"],
  ])("refuses %j in one sentence", (text, message) => {
    expect(() => loadSchema({ name: "a.yaml", text })).toThrow(message);
  });
});

describe("readSchemaFolder", () => {
  it("finds the files of all folders below, sorted, by names relative to the folder", () => {
    const folder = fileURLToPath(new URL("../../schemas", import.meta.url));
    const names = readSchemaFolder(folder).map((source) => source.name);
    expect(names).toContain("structs.yaml");
    expect(names).toContain("messages/flow-mod.yaml");
    expect(names).not.toContain("README.md");
    expect(names).toEqual([...names].sort());
  });
});

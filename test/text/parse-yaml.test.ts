import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { TextError } from "../../src/base/index.js";
import {
  MAX_DEPTH,
  MAX_YAML_LENGTH,
  MAX_YAML_TOKENS,
  parseYaml,
  type YamlLimits,
} from "../../src/text/index.js";

const value = (text: string): unknown => parseYaml(text).value;

describe("parseYaml", () => {
  it("keeps every scalar as it is written", () => {
    expect(
      value(
        "a: 010\nb: 1e3\nc: no\nd: 0x10\ne: ~\nf: 01:02:03:04:05:06\ng: 18446744073709551615\nh: ''\ni:\nj: 1.0\n",
      ),
    ).toEqual({
      a: "010",
      b: "1e3",
      c: "no",
      d: "0x10",
      e: "~",
      f: "01:02:03:04:05:06",
      g: "18446744073709551615",
      h: "",
      i: null,
      j: "1.0",
    });
  });

  it("reads an unquoted MAC address in a flow mapping", () => {
    expect(value("match: [{field: ETH_DST, value: 01:02:03:04:05:06}]")).toEqual({
      match: [{ field: "ETH_DST", value: "01:02:03:04:05:06" }],
    });
  });

  it("reads the YAML that only a whole reader knows", () => {
    expect(
      value(
        "? a\n: |\n  line one\n  line two\nb: >-\n  folded\n  text\nc: &x plain\n  over lines\n'd e': [x,\n  y]\n",
      ),
    ).toEqual({ a: "line one\nline two\n", b: "folded text", c: "plain over lines", "d e": ["x", "y"] });
    expect(value("--- |\n*a\n!b\n")).toBe("*a\n!b\n");
    expect(value("a: &x\n  '*b'\n")).toEqual({ a: "*b" });
    expect(value("{id:8}")).toEqual({ "id:8": null });
    expect(value("just text")).toBe("just text");
    expect(value("--- [a]\n...\n")).toEqual(["a"]);
    expect(value("")).toBe("");
    expect(value('a: "\\x41\\u00e9\\U0001F600\\udc80"')).toEqual({ a: "Aé😀\udc80" });
    expect(value("<<: {a: 1}")).toEqual({ "<<": { a: "1" } });
    expect(value("\r\na: 1\r\nb:\r\n- x\r\n")).toEqual({ a: "1", b: ["x"] });
  });

  it("makes __proto__ a key like any other", () => {
    for (const text of ["__proto__: {x: 1}", "? __proto__\n: {x: 1}"]) {
      const object = value(text) as object;
      expect(Object.keys(object)).toEqual(["__proto__"]);
      expect("x" in object).toBe(false);
    }
    expect(() => value("__proto__: 1\n__proto__: 2")).toThrow("stands here twice");
  });
});

describe("parseYaml refuses", () => {
  it.each([
    ["SYNTAX", "a: [1", "1:6:"],
    ["SYNTAX", "a: b: c", "1:4:"],
    ["SYNTAX", "a: 'x", "1:6:"],
    ["SYNTAX", "a: 1\n b: 2", "1:4:"],
    ["SYNTAX", "}", "1:1:"],
    ["SYNTAX", "a: 1\n---\nb: 1", "2:1: more than one document"],
    ["SYNTAX", "[a, b]: 1", "1:1: a key must be a scalar"],
    ["DUPLICATE_KEY", "a: 1\nb: 2\na: 3", '3:1: key "a" stands here twice'],
    ["DUPLICATE_KEY", "x: [{a: 1, a: 2}]", '1:12: key "a" stands here twice'],
    [
      "DUPLICATE_KEY",
      `${"k".repeat(99)}: 1\n${"k".repeat(99)}: 2`,
      `2:1: key "${"k".repeat(60)}…" stands here twice`,
    ],
    ["ALIAS", "a: &x 1\nb: *x", "2:4: aliases are not supported"],
    ["SYNTAX", "[,,]", "1:3: Unexpected , in flow sequence"],
    ["SYNTAX", "a: [,]\nb: [,]", "1:5: Unexpected , in flow sequence"],
    ["SYNTAX", "&a &b c", "1:4: A node can have at most one anchor"],
    ["SYNTAX", ":".repeat(2000), "1:1: The : indicator must be"],
    ["ALIAS", "&x [*x]", "aliases are not supported"],
    ["ALIAS", "*x : 1", "aliases are not supported"],
    ["TAG", "a: !!binary aGk=", "tags are not supported"],
    ["TAG", "a: !x 1", "tags are not supported"],
    ["TAG", "!!set {a, b}", "tags are not supported"],
    ["TAG", "!!str a: 1", "tags are not supported"],
    ["DIRECTIVE", "%YAML 1.1\n---\na: yes", "1:1: directives are not supported"],
  ])("%s %j", (code, text, message) => {
    expect(() => value(text)).toThrow(TextError);
    expect(() => value(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it("an IPv6 address that ends in a colon, with a hint", () => {
    expect(() => value("b: fe80::\nc: 1")).toThrow("(put quotes around a value that ends in ':')");
    expect(() => value("{b: fe80::}")).toThrow("(put quotes around a value that ends in ':')");
    expect(() => value("[{a: 1, b: ::]")).toThrow("(put quotes around a value that ends in ':')");
  });

  it("documents that are too long, before reading them", () => {
    expect(() => value(`a: ${"x".repeat(MAX_YAML_LENGTH)}`)).toThrow(
      expect.objectContaining({ code: "TOO_LARGE" }),
    );
    expect(() => parseYaml("a: 12345", { maxLength: 5, firstLine: 9 })).toThrow(
      "9:1: document is longer than 5 characters",
    );
  });

  it.each(["[", "{a: ", "- ", "? ", "[{a: "])("%j nested too deep", (open) => {
    for (const n of [MAX_DEPTH + 10, 20_000, 100_000]) {
      expect(() => value(open.repeat(n))).toThrow(expect.objectContaining({ code: "TOO_DEEP" }));
    }
  });

  it("deep nesting by indentation", () => {
    let text = "";
    for (let i = 0; i < MAX_DEPTH + 10; i++) text += `${" ".repeat(i)}a:\n`;
    expect(() => value(text)).toThrow(expect.objectContaining({ code: "TOO_DEEP" }));
  });

  it("deep documents that come first in a young process, without ending it", () => {
    const text = new URL("../../src/text/index.ts", import.meta.url).href;
    const script = `import { parseYaml } from ${JSON.stringify(text)};
      for (const open of ["[", "- ", "[", "- ", "{a: "]) {
        try { parseYaml(open.repeat(50000)); } catch (error) { console.log(error.code); }
      }`;
    const run = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      encoding: "utf8",
    });
    expect([run.status, run.stdout]).toEqual([0, "TOO_DEEP\n".repeat(5)]);
  });

  it("nothing that is as deep as it may be", () => {
    expect(() => value("[".repeat(MAX_DEPTH) + "]".repeat(MAX_DEPTH))).not.toThrow();
    expect(() => value(`${"- ".repeat(MAX_DEPTH)}a`)).not.toThrow();
  });

  const full = (unit: string): string => unit.repeat(MAX_YAML_LENGTH / unit.length);

  it.each([
    ["SYNTAX", "2:1: more than one document", "---\n"],
    ["SYNTAX", "2:1: more than one document", "--- a\n"],
    ["TOO_LARGE", "more than 65536 tokens", "&a "],
    ["TOO_LARGE", "more than 65536 tokens", "- &a\n"],
    ["TOO_LARGE", "more than 65536 tokens", "a: 1\n"],
    ["TOO_LARGE", "more than 65536 tokens", "- |\n"],
    ["TOO_LARGE", "more than 65536 tokens", '"'],
    ["ALIAS", "1:3: aliases", "- *a\n"],
    ["TAG", "1:1: tags", "!a "],
  ])("%s (%s) a whole MiB of %j within a moment", (code, message, unit) => {
    const text = full(unit);
    const start = performance.now();
    expect(() => value(text)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it("the first of many faults, without looking for the others", () => {
    const start = performance.now();
    expect(() => value(`[${",".repeat(MAX_YAML_TOKENS - 100)}]`)).toThrow(
      "1:3: Unexpected , in flow sequence",
    );
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it.each(["\n", "\r\n", " \n", "# c\n", "#\n"])("not a whole MiB of %j, read within a moment", (unit) => {
    const text = full(unit);
    const start = performance.now();
    expect(value(text)).toBe("");
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it("not a large document of plain YAML, but says no position in it", () => {
    const large = parseYaml("- {a: 1}\n".repeat(MAX_YAML_TOKENS / 4));
    expect(large.value).toHaveLength(MAX_YAML_TOKENS / 4);
    expect(large.positionOf([7, "a"])).toBeUndefined();
    expect(() => value(`${"- {a: 1}\n".repeat(MAX_YAML_TOKENS / 4)}- é\n`)).toThrow(
      "a fault or unusual YAML",
    );
  });

  it.each([
    ["keys", Array.from({ length: 40_000 }, (_, i) => `k${i}: 1`).join("\n")],
    ["flow keys", `{${Array.from({ length: 40_000 }, (_, i) => `? k${i} : 1`).join(", ")}}`],
    ["colons", ":".repeat(200_000)],
    ["closing brackets", "]\n".repeat(50_000)],
    ["question marks", "? \n".repeat(50_000)],
    ["quotes", '"'.repeat(200_000)],
    ["tabs", "\t".repeat(200_000)],
    ["comments", "# a\n".repeat(100_000)],
    ["commas", `[${",".repeat(100_000)}`],
    ["anchors", "&a ".repeat(50_000)],
    ["bad indentation", Array.from({ length: 20_000 }, (_, i) => `${" ".repeat(i % 7)}a: b: c`).join("\n")],
  ])("or reads many %s in time in proportion", (_, text) => {
    const start = performance.now();
    try {
      value(text);
    } catch (error) {
      expect(error).toBeInstanceOf(TextError);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe("positionOf", () => {
  const text =
    "type: FLOW_MOD\nmsg:\n  match:\n    - {field: IN_PORT, value: 1}\n    - field: ETH_DST\n      value: x\n  empty:\n";
  const document = parseYaml(text);

  it.each([
    ["type", 1, 7],
    ["msg", 3, 3],
    ["msg.match", 4, 5],
    ["msg.match[0]", 4, 7],
    ["msg.match[0].value", 4, 31],
    ["msg.match[1].value", 6, 14],
    ["msg.empty", 7, 9],
    ["", 1, 1],
  ])("finds the value at %j", (path, line, column) => {
    expect(document.positionOf(path)).toEqual({ line, column });
  });

  it("finds keys", () => {
    expect(document.positionOf("msg.match[1].value", "key")).toEqual({ line: 6, column: 7 });
    expect(document.positionOf(["msg", "match"], "key")).toEqual({ line: 3, column: 3 });
  });

  it("falls back to what exists of the path", () => {
    expect(document.positionOf("msg.match[7].value")).toEqual({ line: 4, column: 5 });
    expect(document.positionOf("msg.flags")).toEqual({ line: 3, column: 3 });
    expect(document.positionOf("xid[2]")).toEqual({ line: 1, column: 1 });
  });

  it("counts from the line on which the document starts", () => {
    expect(parseYaml("a: 1\nb: 2", { firstLine: 11 }).positionOf("b")).toEqual({ line: 12, column: 4 });
    expect(() => parseYaml("a: 1\nb: [", { firstLine: 11 })).toThrow(expect.objectContaining({ line: 12 }));
  });

  it("finds a key without value, in a flow mapping too", () => {
    expect(parseYaml("{a, b: 1}").positionOf("a")).toEqual({ line: 1, column: 2 });
  });
});

describe("limits", () => {
  const read = (text: string, limits: YamlLimits): unknown => parseYaml(text, limits).value;

  it("of depth hold for plain documents and others, and for what aliases become", () => {
    for (const text of ["[[[a]]]", "- - - a", "[[[é]]]", "- &x [[a]]\n- [*x]"]) {
      const limits = { maxAliases: 9 };
      expect(() => read(text, { ...limits, maxDepth: 2 })).toThrow("nested deeper than 2 levels");
      expect(() => read(text, { ...limits, maxDepth: 4 })).not.toThrow();
    }
  });

  it("of length and tokens hold", () => {
    expect(() => read("a: bcd", { maxLength: 5 })).toThrow("1:1: document is longer than 5 characters");
    expect(() => read("a: bcd", { maxLength: 6 })).not.toThrow();
    expect(() => read("é: [1, 2, 3]", { maxTokens: 5 })).toThrow("document has more than 5 tokens");
  });

  it("of aliases admit so many", () => {
    expect(read("- &a 1\n- *a\n- *a", { maxAliases: 2 })).toEqual(["1", "1", "1"]);
    expect(() => read("- &a 1\n- *a\n- *a", { maxAliases: 1 })).toThrow("3:3: more than 1 aliases");
  });

  it("of values that aliases become hold, whatever multiplies them", () => {
    const laughs = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [from, to] of ["ab", "bc", "cd", "de", "ef", "fg", "gh", "hi"]) {
      laughs.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(", ")}]`);
    }
    expect(() => read(laughs.join("\n"), { maxAliases: 1000 })).toThrow(
      "aliases become more than 65536 values",
    );
  });
});

describe("aliases, where they are admitted", () => {
  const read = (text: string): unknown => parseYaml(text, { maxAliases: 10 }).value;

  it("are copies of what their anchor marks, as value and as key", () => {
    const value = read("base: &b {a: 1}\nx: *b\ny: [*b, &k key]\n*k : z") as Record<string, unknown>;
    expect(value).toEqual({ base: { a: "1" }, x: { a: "1" }, y: [{ a: "1" }, "key"], key: "z" });
    expect(value.x).not.toBe(value.base);
  });

  it("mean the anchor before them, also within a copy", () => {
    expect(read("- &a 1\n- &l [*a]\n- &a 2\n- *a\n- *l")).toEqual(["1", ["1"], "2", "2", ["1"]]);
  });

  it("cannot mean what is not there yet, or what they are part of", () => {
    expect(() => read("- *a\n- &a 1")).toThrow("1:3: there is no anchor &a before this alias");
    expect(() => read("&a [*a]")).toThrow("1:5: there is no anchor &a before this alias");
  });

  it("are told from the keys of an object that stand twice", () => {
    expect(() => read("k: &k x\n*k : 1\nx: 2")).toThrow('3:1: key "x" stands here twice');
  });

  it("lead to where a value stands", () => {
    const document = parseYaml("base: &b\n  a: 1\nx: *b\n", { maxAliases: 1 });
    expect(document.positionOf(["x"])).toEqual({ line: 3, column: 4 });
    expect(document.positionOf(["x", "a"])).toEqual({ line: 2, column: 6 });
  });
});

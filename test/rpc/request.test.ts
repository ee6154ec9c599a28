import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, limitHits, OftrError } from "../../src/base/index.js";
import { DIALECTS } from "../../src/rpc/index.js";
import { parseRequestText, type ReplyId, readYamlAgain } from "../../src/rpc/request.js";

function read(text: string) {
  let id: ReplyId | "unknown" = "unknown";
  try {
    const { value, yaml } = parseRequestText(text, DEFAULT_LIMITS);
    const request = DIALECTS.classic.readRequest(value, { text, base: [], yaml }, (found) => {
      id = found;
    });
    return { id: request.id, method: request.method, params: request.params };
  } catch (error) {
    if (!(error instanceof OftrError)) throw error;
    return { id, error: error.message };
  }
}

describe("a request of the classic dialect", () => {
  it("reads JSON", () => {
    expect(read('{"jsonrpc":"2.0","id":1,"method":"A","params":{"x":1}}')).toEqual({
      id: "1",
      method: "A",
      params: { x: 1 },
    });
  });

  it("reads YAML when it is not JSON; its scalars stay texts", () => {
    expect(read("id: 0x10\nmethod: A\nparams: {x: 010}\n")).toEqual({
      id: "16",
      method: "A",
      params: { x: "010" },
    });
    expect(read("{'id': 8, 'method': 'A',}")).toMatchObject({ id: "8", method: "A" });
  });

  it("skips a byte order mark", () => {
    expect(read('\ufeff{"id":1,"method":"A"}')).toMatchObject({ id: "1" });
  });

  it.each([
    ["0", "0"],
    ["12", "12"],
    ['"12"', "12"],
    ['"0x10"', "16"],
    ['"010"', "8"],
    ['"0b11"', "3"],
    ["9007199254740993", "9007199254740993"],
    ["18446744073709551613", "18446744073709551613"],
    ["null", "null"],
    ['"null"', "null"],
    ['""', undefined],
  ])("reads the id %s as %s", (text, id) => {
    expect(read(`{"id":${text},"method":"A"}`)).toMatchObject({ id });
  });

  it.each(["18446744073709551614", "18446744073709551616", "-1", "1.5", '"abc"', "true", '"~"', '" 1"'])(
    "refuses the id %s",
    (text) => {
      const error = "Invalid RPC ID (must be unsigned int < 2^64-2)";
      expect(read(`{"id":${text},"method":"A"}`)).toEqual({ id: "unknown", error });
    },
  );

  it("refuses an id that is no scalar", () => {
    expect(read('{"id":[1],"method":"A"}')).toEqual({ id: "unknown", error: "unexpected scalar" });
  });

  it.each([
    ["hello", "not a mapping"],
    ["null", "not a mapping"],
    ["[]", "not a mapping"],
    ['[{"id":1,"method":"A"}]', "not a mapping"],
    ["", "empty request"],
    [" \n", "empty request"],
  ])("refuses %j", (text, error) => {
    expect(read(text)).toEqual({ id: "unknown", error });
  });

  it("knows the id of a request that is wrong after it", () => {
    expect(read('{"id":2}')).toEqual({ id: "2", error: "missing required key 'method'" });
    expect(read('{"id":2,"method":7}')).toEqual({ id: "2", error: "method must be a string" });
    expect(read('{"id":2,"method":"A","extra":1}')).toEqual({ id: "2", error: "unknown key 'extra'" });
    expect(read('{"method":"A","id":"2","jsonrpc":"1.0"}')).toEqual({
      id: "2",
      error: "Unsupported jsonrpc version",
    });
  });

  it("takes jsonrpc as 2.0 or empty, and may lack it", () => {
    expect(read('{"jsonrpc":"","id":1,"method":"A"}')).toMatchObject({ id: "1" });
    expect(read('{"jsonrpc":2.0,"id":1,"method":"A"}')).toMatchObject({ id: "1" });
    expect(read('{"jsonrpc":null,"id":1,"method":"A"}')).toMatchObject({
      error: "Unsupported jsonrpc version",
    });
  });

  it("finds no key in what all objects inherit", () => {
    expect(read("{}")).toEqual({ id: undefined, error: "missing required key 'method'" });
    expect(read('{"__proto__":{"method":"A"}}')).toMatchObject({ error: "unknown key '__proto__'" });
  });

  it("answers any text with a request or an error of its own", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        read(text);
      }),
    );
  });
});

describe("limits of YAML", () => {
  const limits = { ...DEFAULT_LIMITS, yamlBytes: 200, yamlTokens: 40, yamlDepth: 4, yamlAliases: 1 };

  it.each([
    ["yamlBytes", `a: ${"x".repeat(200)}`],
    ["yamlTokens", `é: [${"1, ".repeat(40)}]`],
    ["yamlDepth", "- - - - - a"],
    ["yamlAliases", "[&a 1, *a, *a]"],
  ] as const)("%s is held, and counted when it is met", (key, text) => {
    const before = limitHits[key];
    expect(() => parseRequestText(text, limits)).toThrow(OftrError);
    expect(limitHits[key]).toBe(before + 1);
  });

  it("admit what is within them, and JSON of any kind", () => {
    expect(parseRequestText("- - - - a\n- &a 1\n- *a", limits).value).toEqual([[[["a"]]], "1", "1"]);
    expect(parseRequestText(JSON.stringify("x".repeat(300)), limits).yaml).toBe(false);
  });

  it("do not keep places from being found in what they have admitted", () => {
    expect(readYamlAgain("[&a 1, *a, [[[[[2]]]]]]").positionOf([2, 0])).toEqual({ line: 1, column: 13 });
  });
});

import { describe, expect, it } from "vitest";
import { TextError } from "../../src/base/index.js";
import { describeAt, describeTextError, withoutCaret } from "../../src/rpc/diagnostic.js";

const REQUEST = '{"id":20,"method":"OFP.NOPE","params":{"a":[1,{"b":"x"}]},"extra":1}';

function at(path: (string | number)[], target: "value" | "key" = "value", text = REQUEST) {
  return describeAt({ text, base: [], yaml: !/^["{]/.test(text) }, path, target, "wrong", "INVALID");
}

describe("describeAt", () => {
  it("shows a value, underlined", () => {
    expect(at(["method"])).toEqual({
      message: `YAML:1:19: error: wrong\n${REQUEST}\n${" ".repeat(18)}^~~~~~~~~~`,
      data: { path: "method", line: 1, column: 19, code: "INVALID" },
    });
  });

  it("shows a key", () => {
    const { message, data } = at(["extra"], "key");
    expect(data).toMatchObject({ line: 1, column: 59 });
    expect(message.split("\n")[2]).toBe(`${" ".repeat(58)}^~~~~~~`);
  });

  it("shows what is deep inside", () => {
    expect(at(["params", "a", 1, "b"]).data).toMatchObject({ path: "params.a[1].b", column: 52 });
  });

  it("shows an object or list by its first element", () => {
    expect(at([])).toMatchObject({ message: expect.stringMatching(/\n \^$/), data: { path: "", column: 2 } });
    expect(at(["params"]).data.column).toBe(40);
  });

  it("shows a whole text that is one scalar", () => {
    expect(at([], "value", "hello").message).toBe("YAML:1:1: error: wrong\nhello\n^~~~~");
  });

  it("finds the line of a text of several", () => {
    expect(at(["method"], "value", "id: 1\nmethod: nope\n")).toEqual({
      message: "YAML:2:9: error: wrong\nmethod: nope\n        ^~~~",
      data: { path: "method", line: 2, column: 9, code: "INVALID" },
    });
  });

  it("cuts a long line so that the place is in sight", () => {
    const text = `{"a":"${"x".repeat(1000)}","b":7}`;
    const [first, line, caret] = at(["b"], "value", text).message.split("\n") as [string, string, string];
    expect(first).toBe("YAML:1:1013: error: wrong");
    expect(line.length).toBeLessThanOrEqual(240);
    expect(line[caret.indexOf("^")]).toBe("7");
  });

  it("finds the place in a text of megabytes", () => {
    const text = `{"a":"${"x".repeat(1 << 20)}","b":7}`;
    expect(at(["b"], "value", text).data).toMatchObject({ line: 1, column: 1048589 });
  });

  it("finds the place in a batch", () => {
    const source = { text: '[{"id":1},{"id":true}]', base: [1], yaml: false };
    const { data } = describeAt(source, ["id"], "value", "wrong", "INVALID");
    expect(data).toEqual({ path: "[1].id", line: 1, column: 17, code: "INVALID" });
  });

  it("points at the start of a batch that is too long to be searched once for each request", () => {
    const source = { text: `[{"id":"${"x".repeat(1 << 16)}"},{"id":true}]`, base: [1], yaml: false };
    const { data } = describeAt(source, ["id"], "value", "wrong", "INVALID");
    expect(data).toMatchObject({ path: "[1].id", line: 1, column: 2 });
  });

  it("points at the start of a YAML text that is too long to be searched", () => {
    const text = `a: "${"x".repeat(1 << 16)}"\nb: 7`;
    expect(at(["b"], "value", text).data).toMatchObject({ line: 1, column: 1 });
  });
});

describe("describeTextError", () => {
  it("shows where a text cannot be read", () => {
    const error = new TextError("SYNTAX", 1, 8, "it ends here");
    expect(describeTextError('{"id":3', error)).toEqual({
      message: 'YAML:1:8: error: it ends here\n{"id":3\n       ^',
      data: { path: "", line: 1, column: 8, code: "SYNTAX" },
    });
  });

  it("stays on its feet when the place is outside of the text", () => {
    expect(describeTextError("", new TextError("SYNTAX", 9, 9, "?")).message).toBe("YAML:9:9: error: ?\n\n^");
  });
});

describe("withoutCaret", () => {
  it("leaves the last line out", () => {
    expect(withoutCaret("YAML:1:1: error: wrong\nhello\n^~~~~")).toBe("YAML:1:1: error: wrong\nhello");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPath, joinPath, parsePath, pathKey } from "../../src/base/index.js";

describe("paths", () => {
  it("are read into keys and indexes", () => {
    expect(parsePath("msg.match[2].value")).toEqual(["msg", "match", 2, "value"]);
    expect(parsePath('["a b"][0].c')).toEqual(["a b", 0, "c"]);
    expect(parsePath("")).toEqual([]);
  });

  it("are read up to the first step that is none", () => {
    expect(parsePath("msg.match[x].value")).toEqual(["msg", "match"]);
    expect(parsePath('["a')).toEqual([]);
  });

  it("quote keys that are no names", () => {
    expect(pathKey("table-id_2")).toBe("table-id_2");
    expect(pathKey('say "hi".')).toBe('["say \\"hi\\"."]');
    expect(pathKey("")).toBe('[""]');
  });

  it("are joined with a dot unless an index follows", () => {
    expect(joinPath("msg", "xid")).toBe("msg.xid");
    expect(joinPath(".actions", "[1].port")).toBe("actions[1].port");
    expect(joinPath("", "xid")).toBe("xid");
    expect(joinPath("msg", "")).toBe("msg");
  });

  it("come back from their text, whatever the keys are", () => {
    const part = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.nat(),
      fc.constantFrom("__proto__", "a.b", "[0]", '"'),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(parsePath(formatPath(parts))).toEqual(parts);
      }),
    );
  });
});

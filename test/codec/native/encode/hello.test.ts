import { describe, expect, it } from "vitest";
import { EncodeError } from "../../../../src/base/index.js";
import { MessageWriter } from "../../../../src/codec/message-writer.js";
import { encodeHello, helloVersion } from "../../../../src/codec/native/encode/hello.js";

function encode(version: number, m: Record<string, unknown>): [hex: string, consumed: number] {
  const w = new MessageWriter();
  w.version = version;
  const consumed = encodeHello(w, m);
  return [w.view().toString("hex"), consumed];
}

describe("the body of HELLO", () => {
  it.each([
    [6, [1, 2, 3, 4, 5, 6], ""],
    [4, [1, 4], "0001000800000012"],
    [1, [1], ""],
    [4, [4], ""],
    [5, [4, 5], "0001000800000030"],
    [5, [1, 4, 5], "0001000800000032"],
    [3, [1, 4, 5], ""],
    [6, [1, 4, 5], "0001000800000032"],
    [6, [4], "0001000800000010"],
    [6, [6, 5, 4, 3, 2, 1, 1], ""],
    [4, [0, 4], "0001000800000011"],
    [4, [], ""],
    [4, [1, 34], "0001000c000000020000000400000000"],
    [4, ["0x4", "1"], "0001000800000012"],
  ])("of version %i with versions %j is 0x%s", (version, versions, hex) => {
    expect(encode(version, { versions })).toEqual([hex, 1]);
  });

  it("is empty without versions", () => {
    expect(encode(6, {})).toEqual(["", 0]);
  });

  it("is as it was while the versions are the same", () => {
    expect(encode(4, { versions: [4], _elements: "0001000800000010" })).toEqual(["0001000800000010", 2]);
    expect(encode(4, { versions: [], _elements: "3333" })).toEqual(["3333", 2]);
    expect(encode(4, { _elements: "0001000800000010" })).toEqual(["0001000800000010", 1]);
  });

  it("follows the versions when they were edited", () => {
    expect(encode(4, { versions: [1, 4], _elements: "0001000800000010" })).toEqual(["0001000800000012", 2]);
  });

  it("does not count keys that it does not read", () => {
    expect(encode(4, { versions: [4], version: 4 })).toEqual(["", 1]);
  });

  it.each([
    [{ versions: 4 }, "versions"],
    [{ versions: [256] }, "versions[0]"],
    [{ versions: [1, -1] }, "versions[1]"],
    [{ versions: [" 4"] }, "versions[0]"],
    [{ versions: [1.5] }, "versions[0]"],
    [{ _elements: "0" }, "_elements"],
  ])("is refused for %j", (m, path) => {
    try {
      encode(4, m);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EncodeError);
      expect((error as EncodeError).path).toBe(path);
    }
  });
});

describe("the header version of a HELLO that has none", () => {
  it.each([
    [undefined, 6],
    [{}, 6],
    [{ versions: [] }, 6],
    [{ versions: [1] }, 1],
    [{ versions: [4, 1] }, 4],
    [{ versions: ["0x05"] }, 5],
  ])("for %j is %i", (msg, version) => {
    expect(helloVersion(msg)).toBe(version);
  });
});

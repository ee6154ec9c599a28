import { describe, expect, it } from "vitest";
import { lineFraming, nulFraming } from "../../../src/rpc/index.js";
import { cuts, feed } from "./feed.js";

const MIB = 1 << 20;

describe("nulFraming", () => {
  it("ends a text at each NUL byte, wherever the stream is cut", () => {
    for (const chunks of cuts('{"id":1}\0\0{"id":2}\0rest')) {
      expect(feed(nulFraming(), ...chunks)).toEqual({
        texts: ['{"id":1}', "", '{"id":2}'],
        error: undefined,
      });
    }
  });

  it("takes a text of just the limit, its NUL included: 1 MiB", () => {
    const text = `${"x".repeat(MIB - 1)}\0`;
    expect(feed(nulFraming(), text.slice(0, 1000), text.slice(1000)).texts[0]).toHaveLength(MIB - 1);
  });

  it("refuses a text over the limit as soon as it is seen, not when it ends", () => {
    expect(feed(nulFraming(), "x".repeat(MIB - 1), "x")).toEqual({
      texts: [],
      error: "RPC request is too big",
    });
    expect(
      feed(
        nulFraming(() => ({ rpcMessageBytes: 4 })),
        "abc\0abcd\0",
      ).error,
    ).toBe("RPC request is too big");
  });

  it("obeys a limit that changes", () => {
    const limits = { rpcMessageBytes: 4 };
    const framing = nulFraming(() => limits);
    expect(feed(framing, "abc\0").texts).toEqual(["abc"]);
    limits.rpcMessageBytes = 3;
    expect(feed(framing, "abc\0").error).toBe("RPC request is too big");
  });
});

describe("lineFraming", () => {
  it("ends a text at each line end of either kind, and passes over blank lines", () => {
    for (const chunks of cuts('{"id":1}\n\r\n \t \n\n{"id":2}\r\n{"a":"\r"}\nrest')) {
      expect(feed(lineFraming(), ...chunks)).toEqual({
        texts: ['{"id":1}', '{"id":2}', '{"a":"\r"}'],
        error: undefined,
      });
    }
  });

  it("takes a text of just the limit, and refuses one more byte before its line ends", () => {
    const limits = { rpcMessageBytes: 4 };
    expect(
      feed(
        lineFraming(() => limits),
        "abcd\nabc\r\n",
      ).texts,
    ).toEqual(["abcd", "abc"]);
    const error = "RPC request is too big: it has more than 4 bytes (limit rpc-message-bytes)";
    expect(
      feed(
        lineFraming(() => limits),
        "ab\nabcde\n",
      ),
    ).toEqual({ texts: ["ab"], error });
    expect(
      feed(
        lineFraming(() => limits),
        "ab\n",
        "abc",
        "de",
      ),
    ).toEqual({ texts: ["ab"], error });
  });

  it("sends a text on one line", () => {
    const { header, body, trailer } = lineFraming();
    const text = Buffer.from('{\n"a":\n\n"b\\n"}');
    expect(String(Buffer.from(body(text)))).toBe('{ "a":  "b\\n"}');
    expect(String(text)).toBe('{\n"a":\n\n"b\\n"}');
    expect([header(5).length, [...trailer]]).toEqual([0, [10]]);
  });
});

import { describe, expect, it } from "vitest";
import { contentLengthFraming } from "../../../src/rpc/index.js";
import { cuts, feed } from "./feed.js";

describe("contentLengthFraming", () => {
  it("writes the length before each text", () => {
    const { header, trailer } = contentLengthFraming();
    expect(String(Buffer.from(header(12)))).toBe("Content-Length: 12\r\n\r\n");
    expect(trailer).toHaveLength(0);
  });

  it("reads texts wherever the stream is cut, whatever other headers there are", () => {
    const stream =
      "Content-Length: 3\r\n\r\none" +
      "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:0\r\n\r\n" +
      "CONTENT-LENGTH: \t 7 \nX-Empty:\n\na\r\n\r\nb\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nsix";
    for (const chunks of cuts(stream)) {
      expect(feed(contentLengthFraming(), ...chunks)).toEqual({
        texts: ["one", "", "a\r\n\r\nb\n", "six"],
        error: undefined,
      });
    }
  });

  it.each([
    ["nothing about the length", "Content-Type: x\r\n\r\n"],
    ["no header at all", "\r\n"],
    ["a text without headers", '{"id":1}\r\n'],
    ["a name with blanks", "Content Length: 3\r\n\r\none"],
  ])("refuses %s, and says what is expected", (_, stream) => {
    const error = "RPC invalid header: 'Content-Length: N' and an empty line are expected before each text";
    for (const chunks of cuts(stream))
      expect(feed(contentLengthFraming(), ...chunks)).toEqual({ texts: [], error });
  });

  it.each(["-1", "", "0x10", "3 3", "1e3", "9999999999999999"])("refuses the length %j", (length) => {
    const shown = JSON.stringify(length);
    const error = `RPC invalid header: Content-Length is ${shown}, not a number of bytes`;
    expect(feed(contentLengthFraming(), `Content-Length: ${length}\r\n\r\n`).error).toBe(error);
  });

  it("refuses two lengths", () => {
    expect(feed(contentLengthFraming(), "Content-Length: 1\r\nContent-Length: 2\r\n\r\n").error).toBe(
      "RPC invalid header: Content-Length says both 1 and 2",
    );
  });

  it("refuses a text over the limit by its header", () => {
    const limits = { rpcMessageBytes: 3 };
    expect(
      feed(
        contentLengthFraming(() => limits),
        "Content-Length: 3\r\n\r\nabc",
      ).texts,
    ).toEqual(["abc"]);
    expect(
      feed(
        contentLengthFraming(() => limits),
        "Content-Length: 4\r\n",
      ).error,
    ).toBe("RPC request is too big: it has more than 3 bytes (limit rpc-message-bytes)");
  });

  it("refuses headers that never end", () => {
    const error = "RPC invalid header: more than 8192 bytes of headers before a text";
    expect(feed(contentLengthFraming(), "x".repeat(8192), "x").error).toBe(error);
    expect(feed(contentLengthFraming(), ..."X: y\r\n".repeat(1366)).error).toBe(error);
    const most = `Content-Length: 1\r\nX: ${"y".repeat(8192 - 19 - 3 - 2 - 2)}\r\n\r\na`;
    expect(feed(contentLengthFraming(), most.repeat(2)).texts).toEqual(["a", "a"]);
  });
});

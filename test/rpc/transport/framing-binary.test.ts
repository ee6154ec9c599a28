import { describe, expect, it } from "vitest";
import { binaryFraming } from "../../../src/rpc/index.js";
import { cuts, feed } from "./feed.js";

describe("binaryFraming", () => {
  it("writes length and tag before each text", () => {
    expect(Buffer.from(binaryFraming().header(0x010203)).toString("hex")).toBe("010203f5");
  });

  it("reads texts wherever the stream is cut", () => {
    const stream = "\0\0\x03\xf5one" + "\0\0\0\xf5" + "\0\0\x05\xf5three" + "\0\0\x02\xf5x";
    for (const chunks of cuts(stream)) {
      expect(feed(binaryFraming(), ...chunks)).toEqual({ texts: ["one", "", "three"], error: undefined });
    }
  });

  it("refuses another tag", () => {
    expect(feed(binaryFraming(), "\0\0\x01\xf5a\0\0\x01\xf6a")).toEqual({
      texts: ["a"],
      error: "RPC invalid header",
    });
  });

  it("refuses a text over the limit by its header", () => {
    expect(feed(binaryFraming(), "\x10\0\x01\xf5").error).toBe("RPC request is too big");
    expect(feed(binaryFraming(), "\x10\0\0\xf5").error).toBeUndefined();
    expect(
      feed(
        binaryFraming(() => ({ rpcMessageBytes: 2 })),
        "\0\0\x02\xf5ab\0\0\x03\xf5",
      ),
    ).toEqual({
      texts: ["ab"],
      error: "RPC request is too big",
    });
  });
});

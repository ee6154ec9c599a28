import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binaryFraming,
  type Framing,
  FramingError,
  MAX_MESSAGE_BYTES,
  nulFraming,
} from "../../../src/rpc/transport/framing.js";

function feed(framing: Framing, ...chunks: Buffer[]): string[] {
  const texts: string[] = [];
  for (const chunk of chunks) framing.split(chunk, (text) => texts.push(text.toString("latin1")));
  return texts;
}

function pieces(bytes: Buffer, cut: number): Buffer[] {
  return [bytes.subarray(0, cut), bytes.subarray(cut)];
}

describe("nulFraming", () => {
  it("ends a text at each NUL byte, wherever the stream is cut", () => {
    const stream = Buffer.from('{"id":1}\0\0{"id":2}\0rest', "latin1");
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(feed(nulFraming(), ...pieces(stream, cut))).toEqual(['{"id":1}', "", '{"id":2}']);
    }
  });

  it("takes a text of just the limit, its NUL included", () => {
    const text = Buffer.alloc(MAX_MESSAGE_BYTES, "x");
    text[MAX_MESSAGE_BYTES - 1] = 0;
    expect(feed(nulFraming(), text.subarray(0, 1000), text.subarray(1000))[0]).toHaveLength(
      MAX_MESSAGE_BYTES - 1,
    );
  });

  it("refuses a text over the limit as soon as it is seen, not when it ends", () => {
    const framing = nulFraming();
    feed(framing, Buffer.alloc(MAX_MESSAGE_BYTES - 1, "x"));
    expect(() => feed(framing, Buffer.from("x"))).toThrow(
      new FramingError("TOO_BIG", "RPC request is too big"),
    );
  });
});

describe("binaryFraming", () => {
  const frame = (text: string): Buffer =>
    Buffer.concat([binaryFraming().header(text.length), Buffer.from(text, "latin1")]);

  it("writes length and tag before each text", () => {
    expect(frame("abc").toString("hex")).toBe("000003f5616263");
  });

  it("reads texts wherever the stream is cut", () => {
    const stream = Buffer.concat([frame("one"), frame(""), frame("three")]);
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(feed(binaryFraming(), ...pieces(stream, cut))).toEqual(["one", "", "three"]);
    }
  });

  it("refuses another tag", () => {
    expect(() => feed(binaryFraming(), Buffer.from("000001f661", "hex"))).toThrow("RPC invalid header");
  });

  it("refuses a text over the limit by its header", () => {
    expect(() => feed(binaryFraming(), Buffer.from("100001f5", "hex"))).toThrow("RPC request is too big");
    expect(feed(binaryFraming(), Buffer.from("100000f5", "hex"))).toEqual([]);
  });

  it("gives texts back, or FramingError, for any bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        try {
          feed(binaryFraming(), ...chunks.map((chunk) => Buffer.from(chunk)));
        } catch (error) {
          expect(error).toBeInstanceOf(FramingError);
        }
      }),
    );
  });
});

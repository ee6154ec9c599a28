import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../../src/base/index.js";
import { FrameSplitter } from "../../src/wire/index.js";

const HELLO = "0400000800000001";
const ECHO = "0402000c00000002aabbccdd";
const STREAM = Buffer.from(HELLO + ECHO + HELLO, "hex");

function collector(maxFrame?: number) {
  const frames: string[] = [];
  const splitter = new FrameSplitter((b, o, end) => frames.push(b.toString("hex", o, end)), maxFrame);
  return { frames, splitter };
}

describe("FrameSplitter", () => {
  it("delivers frames that are whole in a chunk as views into it", () => {
    const frames: Buffer[] = [];
    new FrameSplitter((b, o, end) => frames.push(b.subarray(o, end))).push(STREAM);
    expect(frames.map((f) => f.toString("hex"))).toEqual([HELLO, ECHO, HELLO]);
    expect(frames.every((f) => f.buffer === STREAM.buffer)).toBe(true);
  });

  it("finds the same frames wherever the stream is cut in two", () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
      const { frames, splitter } = collector();
      splitter.push(STREAM.subarray(0, cut));
      splitter.push(STREAM.subarray(cut));
      expect(frames, `cut at ${cut}`).toEqual([HELLO, ECHO, HELLO]);
      expect(splitter.pending).toBe(0);
    }
  });

  it("finds the same frames in single bytes", () => {
    const { frames, splitter } = collector();
    for (const byte of STREAM) splitter.push(Buffer.of(byte));
    expect(frames).toEqual([HELLO, ECHO, HELLO]);
  });

  it("finds the same frames however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
        fc.array(fc.nat({ max: 400 })),
        (bodies, cuts) => {
          const sent = bodies.map((body) => {
            const frame = Buffer.concat([Buffer.from(HELLO, "hex"), body]);
            frame.writeUInt16BE(frame.length, 2);
            return frame;
          });
          const { frames, splitter } = collector();
          let rest = Buffer.concat(sent);
          for (const cut of cuts) {
            splitter.push(rest.subarray(0, cut));
            rest = rest.subarray(cut);
          }
          splitter.push(rest);
          expect(frames).toEqual(sent.map((f) => f.toString("hex")));
        },
      ),
    );
  });

  it("says how many bytes it holds of an unfinished frame", () => {
    const { frames, splitter } = collector();
    const pending = [3, 4, 1, 2, 2].map((n, i, all) => {
      const from = 8 + all.slice(0, i).reduce((a, b) => a + b, 0);
      splitter.push(STREAM.subarray(from, from + n));
      return splitter.pending;
    });
    expect(pending).toEqual([3, 7, 8, 10, 0]);
    expect(frames).toEqual([ECHO]);
  });

  it("does not change a delivered frame that straddled chunks", () => {
    const kept: Buffer[] = [];
    const splitter = new FrameSplitter((b, o, end) => kept.push(b.subarray(o, end)));
    for (const byte of STREAM) splitter.push(Buffer.of(byte));
    expect(kept.map((f) => f.toString("hex"))).toEqual([HELLO, ECHO, HELLO]);
  });

  it("accepts the longest frame a header can announce", () => {
    const frame = Buffer.alloc(65535);
    frame.set(Buffer.from("0402ffff", "hex"));
    const lengths: number[] = [];
    const splitter = new FrameSplitter((_, o, end) => lengths.push(end - o));
    splitter.push(Buffer.concat([frame, frame]));
    expect(lengths).toEqual([65535, 65535]);
  });

  it.each(["0400000700000001", "0400000000000001"])("refuses a length below 8, whole or cut: %s", (bad) => {
    const bytes = Buffer.from(HELLO + bad, "hex");
    for (const cut of [0, 8, 9, 12, 15]) {
      const { frames, splitter } = collector();
      const push = () => {
        splitter.push(bytes.subarray(0, cut));
        splitter.push(bytes.subarray(cut));
      };
      expect(push).toThrow(DecodeError);
      expect(push).not.toThrow(); // it ignores all that follows
      expect(frames).toEqual([HELLO]);
    }
    const length = Number.parseInt(bad.slice(4, 8), 16);
    expect(() => collector().splitter.push(bytes)).toThrow(
      `header: length ${length} is less than 8 (byte 2)`,
    );
  });

  it("refuses a frame over its limit as soon as its header is there", () => {
    const { frames, splitter } = collector(11);
    expect(() => splitter.push(Buffer.from(ECHO.slice(0, 16), "hex"))).toThrow(
      "header: length 12 is more than 11 (byte 2)",
    );
    expect([frames, splitter.pending]).toEqual([[], 0]);
  });

  it("delivers nothing after close, not even of the same chunk", () => {
    const frames: string[] = [];
    const splitter = new FrameSplitter((b, o, end) => {
      const frame = b.subarray(o, end);
      frames.push(frame.toString("hex"));
      splitter.close();
    });
    splitter.push(STREAM);
    splitter.push(STREAM);
    expect([frames, splitter.pending]).toEqual([[HELLO], 0]);
  });

  it("takes a long frame in single bytes in linear time", () => {
    const frame = Buffer.alloc(65535);
    frame.set(Buffer.from("0402ffff", "hex"));
    const { frames, splitter } = collector();
    const start = performance.now();
    for (let i = 0; i < frame.length; i++) splitter.push(frame.subarray(i, i + 1));
    expect(frames).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

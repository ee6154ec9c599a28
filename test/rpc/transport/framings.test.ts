import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  FRAMING_NAMES,
  type Framing,
  FramingError,
  type FramingName,
  makeFraming,
} from "../../../src/rpc/index.js";
import { feed } from "./feed.js";

const LIMITS = { rpcMessageBytes: 64 };

/** Cuts a stream at these places. */
function chop(stream: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (stream.length + 1)).sort((a, b) => a - b), stream.length];
  return at.slice(1).map((end, i) => stream.subarray(at[i], end));
}

function send(framing: Framing, text: Buffer): Buffer {
  const body = framing.body(text);
  return Buffer.concat([framing.header(body.length), body, framing.trailer]);
}

/** Bytes that mean something to a framing come often. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\0",
        "\n",
        "\r\n",
        "Content-Length: 3\r\n\r\n",
        "Content-Length: ",
        "\0\0\x03\xf5",
        "abc",
      ),
      fc.string({ unit: "binary", maxLength: 70 }),
    ),
  )
  .map((parts) => Buffer.from(parts.join(""), "latin1"));

describe.each(FRAMING_NAMES)("framing %s", (name: FramingName) => {
  it("gives back the texts that it sends, however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue().map((value) => Buffer.from(JSON.stringify({ value }, null, 1)))),
        fc.array(fc.nat()),
        (texts, places) => {
          const stream = Buffer.concat(
            texts.map((text) =>
              send(
                makeFraming(name, () => ({ rpcMessageBytes: 1e6 })),
                text,
              ),
            ),
          );
          const framing = makeFraming(name, () => ({ rpcMessageBytes: 1e6 }));
          const { texts: read } = feed(framing, ...chop(stream, places));
          const parse = (text: string): unknown => JSON.parse(Buffer.from(text, "latin1").toString("utf8"));
          expect(read.map(parse)).toEqual(texts.map((text) => parse(text.toString("latin1"))));
        },
      ),
    );
  });

  it("makes the same of any bytes, however they are cut", () => {
    fc.assert(
      fc.property(anyBytes, fc.array(fc.nat()), (stream, places) => {
        const whole = feed(
          makeFraming(name, () => LIMITS),
          stream,
        );
        expect(
          feed(
            makeFraming(name, () => LIMITS),
            ...chop(stream, places),
          ),
        ).toEqual(whole);
        expect(whole.texts.every((text) => text.length <= LIMITS.rpcMessageBytes)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("throws nothing but FramingError", () => {
    fc.assert(
      fc.property(anyBytes, (stream) => {
        try {
          makeFraming(name, () => LIMITS).split(stream, () => undefined);
        } catch (error) {
          expect(error).toBeInstanceOf(FramingError);
        }
      }),
    );
  });

  it("takes a million single bytes of one text in its stride", () => {
    const limits = { rpcMessageBytes: 2 << 20 };
    const stream = send(
      makeFraming(name, () => limits),
      Buffer.alloc(1 << 20, "x"),
    );
    const framing = makeFraming(name, () => limits);
    const texts: number[] = [];
    const start = process.cpuUsage();
    for (let i = 0; i < stream.length; i++)
      framing.split(stream.subarray(i, i + 1), (text) => texts.push(text.length));
    expect(texts).toEqual([1 << 20]);
    // Copying all that is held for each byte would take a minute.
    expect(process.cpuUsage(start).user).toBeLessThan(10e6);
  });
});

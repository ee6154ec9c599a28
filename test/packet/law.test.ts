/** What is read of a frame builds exactly this frame, whatever frame it is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFrame, readPacket } from "../../src/packet/index.js";
import { payloadOf } from "./frames/index.js";
import { mutatedFrames, stackedFrames } from "./generated.js";

const vectors = process.env.OFTR_VECTORS ?? "";

/** The frame built from all that is read of a frame. */
function rebuilt(frame: Buffer): string {
  const { _pkt, _pkt_more } = readPacket(frame);
  return Buffer.from(buildFrame({ _pkt, _pkt_more, _pkt_data: payloadOf(frame, _pkt) })).toString("hex");
}

describe("a frame that is read and built again is the same frame", () => {
  it("with any bytes changed, cut or prolonged", () => {
    fc.assert(
      fc.property(mutatedFrames, (frame) => {
        expect(rebuilt(frame)).toBe(frame.toString("hex"));
      }),
      { numRuns: 4000 },
    );
  });

  it("with any stack of tags and labels", () => {
    fc.assert(
      fc.property(stackedFrames, (frame) => {
        expect(rebuilt(frame)).toBe(frame.toString("hex"));
      }),
      { numRuns: 1000 },
    );
  });

  it("when it is nothing but noise", () => {
    const noise = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(noise, (frame) => {
        expect(rebuilt(frame)).toBe(frame.toString("hex"));
      }),
    );
  });

  it.skipIf(vectors === "")("in each golden row", () => {
    const rows = readFileSync(join(vectors, "pkt.jsonl"), "utf8").trim().split("\n");
    const frames = rows.map((row) => {
      const { json } = JSON.parse(row) as { readonly json: string };
      return Buffer.from(/"data":"([0-9A-F]*)"/.exec(json)?.[1] as string, "hex");
    });
    expect(frames.length).toBeGreaterThan(300);
    const broken = frames.filter((frame) => rebuilt(frame) !== frame.toString("hex"));
    expect(broken.map((frame) => frame.toString("hex"))).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { checkFrame } from "./oracle.js";
import { decoded, patched, seeds } from "./seeds.js";

describe("every truncation of a message, with its length put right", () => {
  it("decodes and comes back, or is refused", { timeout: 60_000 }, () => {
    for (const frame of seeds) {
      for (let length = 8; length < frame.length; length++) checkFrame(patched(frame.subarray(0, length)));
    }
  });

  it("does not see the bytes that were cut off", () => {
    for (const frame of seeds) {
      for (let length = 8; length < frame.length; length += 3) {
        const cut = patched(frame.subarray(0, length));
        const cover = Buffer.concat([cut, frame.subarray(length)]);
        expect(decoded(cover.subarray(0, length))).toBe(decoded(cut));
      }
    }
  });
});

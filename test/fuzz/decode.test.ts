import { describe, expect, it } from "vitest";
import { bytes } from "../codec/support.js";
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

describe("a multipart of an experimenter that is not as its definition says", () => {
  it("is an experimenter's bytes, and its padding has no say", () => {
    // NXST_FLOW_MONITOR whose match claims 0x1fff bytes; 04 in the padding of the multipart header.
    checkFrame(
      bytes(
        "02 12 0030 00000000 ffff 0000 04000000 00002320 00000002 " +
          "00000001 0001 ffff 1fff ff 00*5 ffff 0018 00002320",
      ),
    );
  });
});

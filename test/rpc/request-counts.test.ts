import { describe, expect, it } from "vitest";
import { RequestCounts } from "../../src/rpc/index.js";

describe("RequestCounts", () => {
  it("counts by method and outcome, and all methods that do not exist as one", () => {
    const counts = new RequestCounts(["OFP.SEND", "OFP.CLOSE", "OFP.LISTEN"]);
    counts.add("OFP.SEND", "ok");
    counts.add("OFP.SEND", "ok");
    counts.add("OFP.SEND", "error");
    counts.add("OFP.CLOSE", "error");
    counts.add("made-up", "error");
    counts.add("constructor", "error");
    expect([...counts.samples()]).toEqual([
      { method: "", outcome: "error", count: 2 },
      { method: "OFP.SEND", outcome: "ok", count: 2 },
      { method: "OFP.SEND", outcome: "error", count: 1 },
      { method: "OFP.CLOSE", outcome: "error", count: 1 },
    ]);
  });
});

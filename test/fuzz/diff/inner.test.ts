import { expect, it } from "vitest";
import { innerView } from "./inner.js";
import type { Comparison } from "./peer.js";

/** What another program says of a REQUESTFORWARD of 1.4 with a message of 1.3 in it. */
const comparison: Comparison = {
  subject: { kind: "message", version: 5, type: "REQUESTFORWARD", source: "whole" },
  input: "",
  theirs:
    '{"type":"REQUESTFORWARD","version":5,"msg":{"type":"EXPERIMENTER","version":4,"msg":{"data":"00"}}}',
  outcome: "both read",
  differences: [],
};

it("A difference in a message in another is one of that message", () => {
  const at = ["msg", "msg", "data"];
  const view = innerView(comparison, { path: "msg.msg.data", want: '"00"', got: "absent", at });
  expect(view?.subject).toEqual({ kind: "message", version: 4, type: "EXPERIMENTER", source: "whole" });
  expect(view?.difference.path).toBe("msg.data");
});

it("A difference of the whole message is none of a message in it", () => {
  expect(innerView(comparison, { path: "version", want: "5", got: "4", at: ["version"] })).toBeUndefined();
  expect(innerView(comparison, { path: "accepted", want: "", got: "" })).toBeUndefined();
});

/** What another `oftr` says of a frame, beside what ours says. */
import { parseExact } from "../../conformance/codec.js";
import type { Difference } from "../../conformance/differences.js";
import { judgeMessage } from "../../conformance/judge.js";
import type { Trial } from "./frames.js";
import { ask, type Comparison, subjectOf, typeIn } from "./peer.js";
import type { Reply } from "./questions.js";
import { byUnits } from "./units.js";

/** Compares what both say of a frame. */
export function compareDecoded(trial: Trial, reply: Reply): Comparison {
  const ours = ask(trial.frame);
  const hex = trial.frame.toString("hex");
  const theirs = reply.kind === "read" ? { theirs: reply.text } : {};
  const json = "json" in ours ? { ours: ours.json } : {};
  const read = theirs.theirs ?? json.ours ?? "";
  const common = { subject: subjectOf(trial, typeIn(read)), input: hex, ...theirs, ...json };
  switch (reply.kind) {
    case "read": {
      const outcome = "json" in ours ? "both read" : "one refused";
      const differences = judgeMessage({ id: hex, hex, json: reply.text, reencode_ok: false });
      return { ...common, outcome, differences: unitsOf(differences, reply.text, json.ours) };
    }
    case "refused":
      return "json" in ours
        ? {
            ...common,
            outcome: "one refused",
            differences: [{ path: "accepted", want: reply.why, got: ours.json }],
          }
        : { ...common, outcome: "both refused", differences: [] };
    case "died":
    case "silent":
      return { ...common, outcome: reply.kind, differences: [] };
  }
}

/** Those in places by units; with them those that judge.ts has words for. */
function unitsOf(
  differences: readonly Difference[],
  theirs: string,
  ours: string | undefined,
): readonly Difference[] {
  if (ours === undefined) return differences;
  const places = differences.filter(({ at }) => at !== undefined);
  const words = differences.filter(({ at }) => at === undefined);
  return [...byUnits(places, parseExact(theirs), parseExact(ours)), ...words];
}

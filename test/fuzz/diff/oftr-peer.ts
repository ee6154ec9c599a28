/** Another `oftr` beside ours: what it decodes, what it refuses, and what it encodes from its own texts. */
import { join } from "node:path";
import { encodeText } from "../../conformance/codec.js";
import type { Difference } from "../../conformance/differences.js";
import { judgeEncode, judgeMessage } from "../../conformance/judge.js";
import { KnownDifferences, type Subject } from "../../conformance/known-differences.js";
import type { Answers } from "./answers.js";
import type { Trial } from "./frames.js";
import { differOutsideOfMasks } from "./masked.js";
import { askDecode, askEncode } from "./oftr.js";
import { ask, type Comparison, type Peer, subjectOf, typeIn } from "./peer.js";

const VERSIONS = [1, 2, 3, 4, 5, 6];

/** Options of `encode`, of both programs. */
const OPTIONS = ["-j", "-M"];

/** The `oftr` at a path. */
export function oftrPeer(program: string): Peer {
  return {
    name: "oftr",
    known: ["known-differences.yaml", "fuzz/diff/known-oftr.yaml"].map((file) =>
      KnownDifferences.read(join(import.meta.dirname, "../..", file)),
    ),
    compare(trials) {
      const frames = trials.map(({ frame }) => frame);
      const decoded = askDecode(program, frames);
      const texts = [...decoded.values()].flatMap((one) => (one.kind === "read" ? [one.text] : []));
      const inputs = texts.map(inSomeVersion);
      const encoded = askEncode(program, OPTIONS, inputs);
      return [
        ...trials.map((trial, n) => compareDecoded(trial, decoded, n)),
        ...inputs.map((input, n) => compareEncoded(input, versionIn(texts[n] ?? ""), encoded, n)),
      ];
    },
  };
}

function compareDecoded(trial: Trial, answers: Answers, n: number): Comparison {
  const ours = ask(trial.frame);
  const theirs = answers.get(n) ?? { kind: "silent" };
  const hex = trial.frame.toString("hex");
  const read = theirs.kind === "read" ? theirs.text : "json" in ours ? ours.json : "";
  const common = { subject: subjectOf(trial, typeIn(read)), input: hex };
  switch (theirs.kind) {
    case "read": {
      const outcome = "json" in ours ? "both read" : "one refused";
      const differences = judgeMessage({ id: hex, hex, json: theirs.text, reencode_ok: false });
      return { ...common, outcome, differences: ofOneType(differences) };
    }
    case "refused":
      return "json" in ours
        ? {
            ...common,
            outcome: "one refused",
            differences: [{ path: "accepted", want: theirs.why, got: ours.json }],
          }
        : { ...common, outcome: "both refused", differences: [] };
    case "died":
    case "silent":
      return { ...common, outcome: theirs.kind, differences: [] };
  }
}

/** Where the types of a message differ, so does all the rest. */
function ofOneType(differences: readonly Difference[]): readonly Difference[] {
  const ofType = differences.filter(({ path }) => path === "type");
  return ofType.length > 0 ? ofType : differences;
}

/** A text that the other program printed, with another transaction id; every second one in another version. */
function inSomeVersion(text: string, n: number): string {
  const version = VERSIONS[n % (2 * VERSIONS.length)];
  return text
    .replace(/"xid":\d+/, `"xid":${n}`)
    .replace(/"version":\d+/, (own) => (version === undefined ? own : `"version":${version}`));
}

function versionIn(text: string): number {
  return Number(/"version":(\d+)/.exec(text)?.[1]);
}

/** @param from  the version of the message that the text was made from */
function compareEncoded(input: string, from: number, answers: Answers, n: number): Comparison {
  const version = versionIn(input);
  const source = version === from ? "own version" : "other version";
  const subject: Subject = { kind: "encode", version, type: typeIn(input) ?? "?", source };
  const theirs = answers.get(n) ?? { kind: "silent" };
  if (theirs.kind === "died" || theirs.kind === "silent")
    return { subject, input, outcome: theirs.kind, differences: [] };
  const row = { id: String(n), yaml: input, args: OPTIONS };
  if (theirs.kind === "refused") {
    const differences = judgeEncode({ ...row, error: theirs.why });
    return {
      subject,
      input,
      outcome: differences.length === 0 ? "both refused" : "one refused",
      differences,
    };
  }
  const differences = judgeEncode({ ...row, hex: theirs.text });
  const outcome = differences.some(({ path }) => path === "refused") ? "one refused" : "both read";
  return { subject, input, outcome, differences: differences.map((one) => named(one, input, theirs.text)) };
}

/** Names the differences of bytes that say the same. */
function named(difference: Difference, input: string, theirs: string): Difference {
  const isMask =
    difference.path === "bytes" &&
    differOutsideOfMasks(Buffer.from(theirs, "hex"), Buffer.from(encodeText(input, OPTIONS), "hex"));
  return isMask ? { ...difference, path: "bytes outside of masks" } : difference;
}

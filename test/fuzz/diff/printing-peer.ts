/** Programs that print frames in words of their own: Open vSwitch's and Wireshark's. */
import { join } from "node:path";
import { parseExact } from "../../conformance/codec.js";
import type { Difference } from "../../conformance/differences.js";
import { KnownDifferences } from "../../conformance/known-differences.js";
import { headOf, nameOf } from "../../peers/ofctl.js";
import { typesOf, typesOfOurs } from "../../peers/tshark.js";
import type { Answer, Answers } from "./answers.js";
import { flowDifferences } from "./flow-words.js";
import type { Trial } from "./frames.js";
import { askOfctl } from "./ofctl.js";
import { wordDifferences } from "./ovs-words.js";
import { ask, type Comparison, type Peer, subjectOf, typeIn } from "./peer.js";
import { askTshark } from "./tshark.js";

/** What ours says of a frame. */
interface Ours {
  readonly type: string;
  readonly xid: number;
  readonly version: number;
  readonly msg: unknown;
}

/** `ovs-ofctl ofp-parse`: all versions; type, version and transaction id, and the words of FLOW_MODs. */
export const ofctlPeer: Peer = printingPeer("ovs-ofctl", [1, 2, 3, 4, 5, 6], askOfctl, (text, ours) => {
  const head = headOf(text);
  if (head === undefined) return [difference("type", text.slice(0, 80), nameOf(ours.type))];
  return [
    ...differing("version", head.version, `1.${ours.version - 1}`),
    ...differing("xid", head.xid, ours.xid),
    ...differing("type", head.type, nameOf(ours.type)),
    ...wordDifferences(text, ours.type, ours.version, ours.msg),
    ...(ours.type === "ERROR" ? errorDifferences(text, ours.msg) : []),
    ...(/^(NXT_)?FLOW_MOD$/.test(ours.type) ? flowDifferences(text, ours.version, ours.msg) : []),
  ];
});

/** tshark: it has no 1.1 and 1.2; type, version, transaction id and length. */
export const tsharkPeer: Peer = printingPeer("tshark", [1, 4, 5, 6], askTshark, (text, ours, frame) => [
  ...differing("version", Number(/Version: 1\.\d \(0x0(\d)\)/.exec(text)?.[1]), ours.version),
  ...differing("xid", Number(/^ {4}Transaction ID: (\d+)$/m.exec(text)?.[1]), ours.xid),
  ...differing("length", Number(/^ {4}Length: (\d+)$/m.exec(text)?.[1]), frame.length),
  ...differing("type", typesOf(text).join(" "), typesOfOurs(ours.type, ours.version).join(" ")),
]);

function printingPeer(
  name: string,
  versions: readonly number[],
  askAll: (frames: readonly Buffer[]) => Answers,
  compareWords: (text: string, ours: Ours, frame: Buffer) => readonly Difference[],
): Peer {
  return {
    name,
    known: KnownDifferences.read(join(import.meta.dirname, `known-${name}.yaml`)),
    compare(trials) {
      const chosen = trials.filter(({ frame }) => versions.includes(frame[0] as number));
      const answers = askAll(chosen.map(({ frame }) => frame));
      return chosen.map((trial, n) => compared(trial, answers.get(n) ?? { kind: "silent" }, compareWords));
    },
  };
}

function compared(
  trial: Trial,
  theirs: Answer | { readonly kind: "silent" },
  compareWords: (text: string, ours: Ours, frame: Buffer) => readonly Difference[],
): Comparison {
  const ours = ask(trial.frame);
  const json = "json" in ours ? ours.json : undefined;
  const common = {
    subject: subjectOf(trial, typeIn(json ?? "")),
    input: trial.frame.toString("hex"),
    ...(theirs.kind === "read" ? { theirs: theirs.text } : {}),
    ...(json === undefined ? {} : { ours: json }),
  };
  if (theirs.kind === "died" || theirs.kind === "silent")
    return { ...common, outcome: theirs.kind, differences: [] };
  if (json !== undefined && theirs.kind === "read")
    return {
      ...common,
      outcome: "both read",
      differences: compareWords(theirs.text, parseExact(json) as Ours, trial.frame),
    };
  if (json !== undefined && theirs.kind === "refused")
    return { ...common, outcome: "one refused", differences: [difference("accepted", theirs.why, json)] };
  if ("refused" in ours && theirs.kind === "read") {
    const words = theirs.text.split("\n", 1).join();
    return { ...common, outcome: "one refused", differences: [difference("refused", words, ours.refused)] };
  }
  return { ...common, outcome: "both refused", differences: [] };
}

/** The name of the error, where both have one. */
function errorDifferences(text: string, msg: unknown): Difference[] {
  const { code } = msg as { readonly code: string };
  const name = /\(xid=\w+\): ([A-Z]\w+)/.exec(text)?.[1];
  return name === undefined || /^0x/.test(code) ? [] : differing("code", name, code);
}

function differing(path: string, theirs: string | number, ours: string | number): Difference[] {
  return theirs === ours ? [] : [difference(path, String(theirs), String(ours))];
}

function difference(path: string, want: string, got: string): Difference {
  return { path, want, got };
}

/** The bytes that another `oftr` makes of a text, beside those that ours makes. */
import { EncodeError, parsePath } from "../../../src/base/index.js";
import { decodeOrRefuse } from "../../codec/support.js";
import { encodeText, parseExact } from "../../conformance/codec.js";
import { compareJson, type Difference, type JsonPlace } from "../../conformance/differences.js";
import { bytesDifference } from "../../conformance/judge.js";
import type { Subject } from "../../conformance/known-differences.js";
import { type Comparison, partsOf, typeIn, versionIn } from "./peer.js";
import type { Reply } from "./questions.js";
import { byUnits } from "./units.js";

/** Options of `encode`, of both programs. */
export const OPTIONS = ["-j", "-M"];

/**
 * Compares what both make of a text.
 * @param from  the version of the message that the text was made from
 */
export function compareEncoded(input: string, from: number, reply: Reply): Comparison {
  const version = versionIn(input);
  const source = version === from ? "own version" : "other version";
  const subject: Subject = { kind: "encode", version, type: typeIn(input) ?? "?", source };
  if (reply.kind === "died" || reply.kind === "silent")
    return { subject, input, outcome: reply.kind, differences: [] };
  const theirs = reply.kind === "read" ? { theirs: reply.text } : {};
  const ours = encode(input);
  if ("hex" in ours) {
    const parts = (): readonly string[] => partsOf(Buffer.from(ours.hex, "hex"));
    const common = { subject: { ...subject, parts }, input, ours: ours.hex, ...theirs };
    if (reply.kind === "refused") {
      const difference = { path: "accepted", want: reply.why, got: ours.hex };
      return { ...common, outcome: "one refused", differences: [difference] };
    }
    const differences = ours.hex === reply.text ? [] : meaningsOf(reply.text, ours.hex);
    return { ...common, outcome: "both read", differences };
  }
  if (reply.kind === "refused") return { subject, input, outcome: "both refused", differences: [] };
  const difference = { path: "refused", want: reply.text, got: ours.why, at: ours.at };
  return { subject, input, ...theirs, outcome: "one refused", differences: [difference] };
}

/**
 * What the frames of both say otherwise, as ours reads them. Where ours does not read theirs it is `bytes`, where they say the
 * same `padding`.
 */
function meaningsOf(theirs: string, ours: string): readonly Difference[] {
  const [want, got] = [theirs, ours].map((hex) => decodeOrRefuse(Buffer.from(hex, "hex")));
  if (want === undefined || got === undefined) return [bytesDifference(theirs, ours)];
  const [left, right] = [parseExact(want), parseExact(got)];
  const absent = compareJson(right, left).filter((one) => one.got === "absent");
  const differences = [
    ...compareJson(left, right),
    ...absent.map((one) => ({ ...one, want: "absent", got: one.want })),
  ];
  if (differences.length === 0) return [{ ...bytesDifference(theirs, ours), path: "padding" }];
  return byUnits(differences, left, right);
}

function encode(text: string): { readonly hex: string } | { readonly why: string; readonly at: JsonPlace } {
  try {
    return { hex: encodeText(text, OPTIONS) };
  } catch (error) {
    if (error instanceof EncodeError) return { why: error.message, at: parsePath(error.path) };
    throw error;
  }
}

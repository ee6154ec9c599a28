/**
 * Which of two programs is right, by their own words. Where another `oftr` and ours disagree, it is asked again: what it makes of
 * its own text, of ours, and of its text with ours in the place in question.
 */
import type { Difference } from "../../conformance/differences.js";
import type { Comparison } from "./peer.js";
import type { Later, Questions } from "./questions.js";
import { acceptedProofs, readingProofs, refusedProofs } from "./reading-proofs.js";
import { encodeProofs } from "./text-proofs.js";

/** What can speak for ours. */
export type Proof =
  /** It writes what ours says as the bytes that ours read it from. */
  | "writes ours"
  /** It does not bring back the bytes in question from what it says itself. */
  | "loses it"
  /** It does not read its own text. */
  | "refuses itself"
  /** Ours says the bytes with a name that it does not have, and reads its text as the same bytes. */
  | "has no name"
  /** It reads what ours wrote as what the text says. */
  | "reads ours"
  /** It reads what it wrote itself as something else than the text says, in the place in question. */
  | "drops it"
  /** Ours reads what ours wrote as what the text says. */
  | "comes back"
  /** Both of the last two. */
  | "drops what ours keeps"
  /** It writes the same as ours when the key that it does not know is left out. */
  | "writes the same without it"
  /** It says the same, or writes it, when the bits of the masks of a match of 1.1 are inverted. */
  | "turns masks"
  /** Its number is that of ours, times 4: the 6 bits of a DSCP in their place in a byte. */
  | "does not shift"
  /** Its number is that of ours with the two bytes in the other order. */
  | "swaps bytes"
  /** Its value is that of ours with the mask behind it. */
  | "joins value and mask"
  /** The key that it does not know has no value, and ours writes the same without it. */
  | "says nothing there"
  /** Ours reads neither its frame nor ours, for the same reason, which is in bytes that the text tells as hex. */
  | "neither can be read";

/** Proofs for ours in one difference, once the questions have been put. */
export function proofsOf(
  comparison: Comparison,
  difference: Difference,
  questions: Questions,
): Later<readonly Proof[]> {
  if (comparison.subject.kind === "encode") return encodeProofs(comparison, difference, questions);
  switch (difference.path) {
    case "accepted":
      return acceptedProofs(comparison, questions);
    case "refused":
      return refusedProofs(comparison, questions);
    default:
      return readingProofs(comparison, difference, questions);
  }
}

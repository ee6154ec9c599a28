/** What speaks for ours where another `oftr` encodes a text to other bytes, or one of the two refuses it. */
import { decodeOrRefuse, parseExact, printExact } from "../../codec/support.js";
import type { Difference } from "../../conformance/differences.js";
import { childAt } from "./graft.js";
import { frameIn, partsThatMatter } from "./hex.js";
import { missingIn, saysNothing, withoutKey } from "./missing.js";
import type { Comparison } from "./peer.js";
import type { Proof } from "./proofs.js";
import type { Later, Questions } from "./questions.js";
import { isSameMatch, matchIn, readByOurs, turnedMatch } from "./turned-masks.js";

/** Proofs for ours in one place of a text: both frames are decoded again. */
export function encodeProofs(
  { input, theirs = "", ours = "" }: Comparison,
  { path, want, at = [] }: Difference,
  questions: Questions,
): Later<readonly Proof[]> {
  const said = parseExact(input);
  const oursRead = path === "refused" ? undefined : questions.decode(ours);
  const theirsRead = path === "accepted" ? undefined : questions.decode(theirs);
  const key = path === "accepted" ? /^unknown key '(\w+)'/.exec(want)?.[1] : undefined;
  const without = key === undefined ? undefined : questions.encode(printExact(withoutKey(said, key)));
  const again = path === "refused" ? undefined : decodeOrRefuse(Buffer.from(ours, "hex"));
  const turned = turnedMatch(theirs, at, readByOurs);
  return () => {
    const proofs: Proof[] = [];
    if (without !== undefined && frameIn(without()) === partsThatMatter(ours))
      proofs.push("writes the same without it");
    const oursAgain = oursRead?.();
    if (oursAgain?.kind === "read" && missingIn(oursAgain.text, said, at).every(saysNothing))
      proofs.push("reads ours");
    const theirsAgain = theirsRead?.();
    if (theirsAgain?.kind === "refused") proofs.push("refuses itself");
    if (theirsAgain?.kind === "read" && missingIn(theirsAgain.text, said, at).length > 0)
      proofs.push("drops it");
    if (again === undefined) return proofs;
    if (isSameMatch(turned?.(), childAt(parseExact(again), matchIn(at) ?? []))) proofs.push("turns masks");
    if (!missingIn(again, said, at).every(saysNothing)) return proofs;
    proofs.push("comes back");
    if (proofs.includes("drops it")) proofs.push("drops what ours keeps");
    return proofs;
  };
}

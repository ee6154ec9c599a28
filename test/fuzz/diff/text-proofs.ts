/** What speaks for ours where another `oftr` encodes a text to other bytes, or one of the two refuses it. */
import { decodeOrRefuse, encodeOrRefuse, parseExact, printExact } from "../../codec/support.js";
import type { Difference } from "../../conformance/differences.js";
import { childAt } from "./graft.js";
import { frameIn, partsThatMatter } from "./hex.js";
import { isEmptyKey, missingIn, saysNothing, withoutHex, withoutKey } from "./missing.js";
import { ask, type Comparison } from "./peer.js";
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
  const ownProofs: Proof[] = [
    ...(key !== undefined && isEmptyKey(said, key) && written(withoutKey(said, key)) === ours
      ? ["says nothing there" as const]
      : []),
    ...(path === "bytes" && isHexUnreadable(said, theirs, ours) ? ["neither can be read" as const] : []),
  ];
  return () => {
    const proofs = [...ownProofs];
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

function written(value: unknown): string | undefined {
  return encodeOrRefuse(printExact(value), { unchecked: true });
}

/** Whether ours refuses both frames for one reason, which is gone without what the text tells as hex. */
function isHexUnreadable(said: unknown, theirs: string, ours: string): boolean {
  const [one, other] = [theirs, ours].map((hex) => ask(Buffer.from(hex, "hex")));
  if (one === undefined || other === undefined || "json" in one || "json" in other) return false;
  const rest = written(withoutHex(said));
  return one.refused === other.refused && rest !== undefined && "json" in ask(Buffer.from(rest, "hex"));
}

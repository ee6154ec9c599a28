/** What speaks for ours where another `oftr` says something else of a frame. */
import { encodeOrRefuse, parseExact, printExact } from "../../codec/support.js";
import type { Difference } from "../../conformance/differences.js";
import { childAt, grafted, type Keyed } from "./graft.js";
import { byteAt, frameIn, isMended, partsThatMatter } from "./hex.js";
import type { Comparison } from "./peer.js";
import type { Proof } from "./proofs.js";
import type { Later, Questions, Reply } from "./questions.js";
import { isSameMatch, matchIn, turnedMatch } from "./turned-masks.js";

/** Proofs for ours in one place of what both say of a frame: texts with that of the other in the place are encoded, too. */
export function readingProofs(
  { input, theirs = "", ours = "" }: Comparison,
  { at = [] }: Difference,
  questions: Questions,
): Later<readonly Proof[]> {
  const frame = partsThatMatter(input);
  const oursInTheirs = grafted(parseExact(theirs), at, childAt(parseExact(ours), at));
  const theirsInOurs = grafted(parseExact(ours), at, childAt(parseExact(theirs), at));
  const back = questions.encode(theirs);
  const mixed = questions.encode(printExact(oursInTheirs));
  const meant = encoded(printExact(theirsInOurs));
  // Without the bits of padding that ours does not bring back.
  const right = encoded(ours) ?? frame;
  const turned = turnedMatch(input, at, (hex) => questions.decode(hex));
  const relation = [
    ...relations(childAt(parseExact(theirs), at), childAt(parseExact(ours), at)),
    ...joined(childAt(parseExact(theirs), at.slice(0, -1)), childAt(parseExact(ours), at.slice(0, -1))),
  ];
  return () => {
    const proofs: Proof[] = [...relation];
    if (isSameMatch(turned?.(), childAt(parseExact(ours), matchIn(at) ?? []))) proofs.push("turns masks");
    const [own, mix] = [frameIn(back()), frameIn(mixed())];
    // Two spellings of one value are the same bytes to both programs.
    const isSpelling = own !== undefined && own === mix && meant === right;
    if (mix === frame || isSpelling || (own !== undefined && isMended(own, mix, frame)))
      proofs.push("writes ours");
    proofs.push(
      ...lossOf(
        back(),
        frame,
        (i) => meant?.length !== right.length || byteAt(meant, i) !== byteAt(right, i),
      ),
    );
    if (own !== undefined && mix === undefined && (meant === right || meant === frame))
      proofs.push("has no name");
    return proofs;
  };
}

/** Proofs for ours where the other program refuses a frame. */
export function acceptedProofs(
  { input, ours = "" }: Comparison,
  questions: Questions,
): Later<readonly Proof[]> {
  const written = questions.encode(ours);
  return () => (frameIn(written()) === partsThatMatter(input) ? ["writes ours"] : []);
}

/** Proofs for ours where ours refuses a frame. */
export function refusedProofs(
  { input, theirs = "" }: Comparison,
  questions: Questions,
): Later<readonly Proof[]> {
  const back = questions.encode(theirs);
  return () => lossOf(back(), partsThatMatter(input), () => true);
}

/** How numbers are related that are the same in other bits. */
function relations(number: unknown, right: unknown): Proof[] {
  if (typeof number !== "number" || typeof right !== "number") return [];
  return [
    ...(number >>> 2 === right ? ["does not shift" as const] : []),
    ...(number === ((right & 0xff) << 8) + (right >>> 8) ? ["swaps bytes" as const] : []),
  ];
}

/** Whether one field has the mask of the other in its value. */
function joined(theirs: unknown, ours: unknown): Proof[] {
  const { value: both, mask: none } = (theirs ?? {}) as Keyed;
  const { value, mask } = (ours ?? {}) as Keyed;
  if (typeof value !== "string" || typeof mask !== "string" || none !== undefined) return [];
  return both === value + mask ? ["joins value and mask"] : [];
}

/** Whether what came back of a frame has lost some of the bytes that matter. */
function lossOf(back: Reply, frame: string, matters: (i: number) => boolean): Proof[] {
  if (back.kind === "refused") return ["refuses itself"];
  if (back.kind !== "read") return [];
  const own = partsThatMatter(back.text);
  if (own.length !== frame.length) return ["loses it"];
  for (let i = 0; i < frame.length; i += 2) {
    if (byteAt(own, i) !== byteAt(frame, i) && matters(i)) return ["loses it"];
  }
  return [];
}

function encoded(json: string): string | undefined {
  const hex = encodeOrRefuse(json, { unchecked: true });
  return hex && partsThatMatter(hex);
}

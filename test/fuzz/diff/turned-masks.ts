/** The masks of the match of OpenFlow 1.1, whose 1 bits mean "don't care" (OF 1.1 §A.2.3.1), the other way round. */
import { decodeOrRefuse, parseExact } from "../../codec/support.js";
import { compareJson, type JsonPlace } from "../../conformance/differences.js";
import { childAt } from "./graft.js";
import { sitesOf } from "./peer.js";
import type { Later, Reply } from "./questions.js";

/** Bytes of the match behind its type and length, and the masks in them: Ethernet, IPv4, metadata. */
const MATCH = 84;
const MASKS: readonly (readonly [at: number, bytes: number])[] = [
  [14, 6],
  [26, 6],
  [44, 4],
  [52, 4],
  [76, 8],
];

/** The frame with the bits of all such masks inverted; undefined where it has none. */
function withTurnedMasks(frame: Buffer): Buffer | undefined {
  const matches = sitesOf(frame).filter(({ name, bytes }) => /^match_1_1/.test(name) && bytes === MATCH);
  if (matches.length === 0) return undefined;
  const copy = Buffer.from(frame);
  for (const match of matches) {
    for (const [at, bytes] of MASKS) {
      for (let i = match.at + at; i < match.at + at + bytes; i++) copy[i] = ~(frame[i] as number);
    }
  }
  return copy;
}

/** The match that a place is in. */
export function matchIn(at: JsonPlace): JsonPlace | undefined {
  const i = at.indexOf("match");
  return i < 0 ? undefined : at.slice(0, i + 1);
}

/** What somebody says of the match in a place when its masks are turned. */
export function turnedMatch(
  hex: string,
  at: JsonPlace,
  read: (hex: string) => Later<Reply>,
): Later<unknown> | undefined {
  const place = matchIn(at);
  const turned = place && withTurnedMasks(Buffer.from(hex, "hex"));
  if (place === undefined || turned === undefined) return undefined;
  const reply = read(turned.toString("hex"));
  return () => {
    const said = reply();
    return said.kind === "read" ? childAt(parseExact(said.text), place) : undefined;
  };
}

/** A match with the DSCP by two bits lower. */
function shifted(match: unknown): unknown {
  if (!Array.isArray(match)) return match;
  return (match as { field: string; value: number }[]).map((one) =>
    one.field === "IP_DSCP" ? { ...one, value: one.value >>> 2 } : one,
  );
}

/** A reader like that of another program, which is ours. */
export function readByOurs(hex: string): Later<Reply> {
  const text = decodeOrRefuse(Buffer.from(hex, "hex"));
  return () => (text === undefined ? { kind: "silent" } : { kind: "read", text });
}

/** Whether a match that somebody says is the right one, perhaps with a DSCP that stands in the wrong bits. */
export function isSameMatch(match: unknown, right: unknown): boolean {
  if (match === undefined) return false;
  return [
    [match, right],
    [shifted(match), right],
    [match, shifted(right)],
  ].some(([a, b]) => compareJson(a, b).length === 0);
}

/** One round of the differential fuzzer: the same frames for each program, and what nobody has an explanation for. */
import type { Difference } from "../../conformance/differences.js";
import { makeTrials } from "./frames.js";
import { innerView } from "./inner.js";
import type { Comparison, Outcome, Peer } from "./peer.js";

/** Differences of one kind. */
export interface Finding {
  readonly peer: string;
  /** `encode v4 FLOW_MOD msg.flags`. */
  readonly title: string;
  readonly count: number;
  /** The first of them. */
  readonly difference: Difference;
  readonly input: string;
}

/** What became of the comparisons with one program. */
export type Tally = Readonly<Record<Outcome | "explained", number>>;

export interface Round {
  readonly findings: readonly Finding[];
  /** By the name of the program. */
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** Half of the frames are damaged. */
const SHARE = 0.5;

/** Asks all programs about `count` frames. */
export function runRound(peers: readonly Peer[], seed: number, count: number): Round {
  const trials = makeTrials(seed, count, SHARE);
  const findings: Finding[] = [];
  const tallies = new Map<string, Tally>();
  const compared = peers.map((peer) => ({ peer, comparisons: peer.compare(trials) }));
  const witnesses = witnessesOf(compared);
  for (const { peer, comparisons } of compared) {
    const left = unexplained(peer, comparisons, witnesses);
    findings.push(...grouped(peer.name, comparisons, left));
    tallies.set(peer.name, tallied(comparisons, left));
  }
  return { findings, tallies };
}

/** The sums of two maps of tallies. */
export function addTallies(
  a: ReadonlyMap<string, Tally>,
  b: ReadonlyMap<string, Tally>,
): ReadonlyMap<string, Tally> {
  const sums = new Map(a);
  for (const [name, tally] of b) {
    const sum = { ...(sums.get(name) ?? NOTHING) };
    for (const key of Object.keys(NOTHING) as (keyof Tally)[]) sum[key] += tally[key];
    sums.set(name, sum);
  }
  return sums;
}

const NOTHING: Tally = {
  "both read": 0,
  "both refused": 0,
  "one refused": 0,
  died: 0,
  silent: 0,
  explained: 0,
};

/** What each program does with a frame, as proofs: `ovs-ofctl reads it`, `tshark refuses it`. */
export function witnessesOf(
  compared: readonly { readonly peer: Peer; readonly comparisons: readonly Comparison[] }[],
): ReadonlyMap<string, readonly string[]> {
  const witnesses = new Map<string, readonly string[]>();
  for (const { peer, comparisons } of compared) {
    for (const { input, outcome, theirs } of comparisons) {
      if (outcome === "died" || outcome === "silent") continue;
      const verdict = `${peer.name} ${theirs === undefined ? "refuses" : "reads"} it`;
      witnesses.set(input, [...(witnesses.get(input) ?? []), verdict]);
    }
  }
  return witnesses;
}

/** The differences of each comparison that no rule covers; proofs are looked for where no rule does without one. */
export function unexplained(
  peer: Peer,
  comparisons: readonly Comparison[],
  witnesses: ReadonlyMap<string, readonly string[]>,
): (readonly Difference[])[] {
  const isOpen = (comparison: Comparison, difference: Difference, n: number): boolean => {
    const views = [{ subject: comparison.subject, difference }, innerView(comparison, difference)];
    return views.every(
      (view) => !view || peer.known.unexplained(String(n), view.subject, [view.difference]).length > 0,
    );
  };
  const open = comparisons.flatMap((comparison, n) =>
    comparison.differences
      .filter((difference) => isOpen(comparison, difference, n))
      .map((difference) => ({ comparison, difference, n })),
  );
  const proofs = peer.prove?.(open) ?? [];
  const proved = comparisons.map((): Difference[] => []);
  for (const [i, { comparison, difference, n }] of open.entries()) {
    const one = { ...difference, proof: [...(proofs[i] ?? []), ...(witnesses.get(comparison.input) ?? [])] };
    if (isOpen(comparison, one, n)) proved[n]?.push(one);
  }
  return proved;
}

function grouped(
  peer: string,
  comparisons: readonly Comparison[],
  left: readonly (readonly Difference[])[],
): Finding[] {
  const groups = new Map<string, Finding>();
  for (const [n, { subject, input }] of comparisons.entries()) {
    for (const difference of left[n] ?? []) {
      const title = `${subject.kind} v${subject.version} ${subject.type} ${difference.path}`;
      const first = groups.get(title) ?? { peer, title, count: 0, difference, input };
      groups.set(title, { ...first, count: first.count + 1 });
    }
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

function tallied(comparisons: readonly Comparison[], left: readonly (readonly Difference[])[]): Tally {
  const tally = { ...NOTHING };
  for (const [n, { outcome, differences }] of comparisons.entries()) {
    tally[outcome]++;
    tally.explained += differences.length - (left[n]?.length ?? 0);
  }
  return tally;
}

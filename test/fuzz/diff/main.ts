/**
 * `npm run fuzz:diff -- [--peer FILE] [--minutes N | --count N] [--seed N]`: random frames for our codec and for other
 * programs: the `oftr` in FILE, and `ovs-ofctl` and `tshark` where they are installed. Exit code 0: each difference has a rule;
 * 1: some have none, and are on stdout with the frame or text that shows them; 2: there is nobody to compare with.
 */
import { parseArgs } from "node:util";
import { isInstalled } from "../../peers/installed.js";
import { oftrPeer } from "./oftr-peer.js";
import type { Peer } from "./peer.js";
import { ofctlPeer, tsharkPeer } from "./printing-peer.js";
import { addTallies, runRound, type Tally } from "./round.js";

/** Frames of one round. */
const ROUND = 2000;

/** Kinds of differences that are shown, and characters of each of their parts. */
const SHOWN = 40;
const SHOWN_CHARACTERS = 400;

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    minutes: { type: "string", default: "1" },
    count: { type: "string" },
    seed: { type: "string" },
  },
});

process.exitCode = main();

function main(): number {
  const peers = chosenPeers();
  if (peers.length === 0) {
    console.log("nobody to compare with: give --peer FILE, or install ovs-ofctl or tshark");
    return 2;
  }
  console.log(`beside ${peers.map(({ name }) => name).join(", ")}`);
  let seed = values.seed === undefined ? Date.now() >>> 0 : numberOf("seed");
  const total = values.count === undefined ? Number.POSITIVE_INFINITY : numberOf("count");
  const end =
    values.count === undefined ? Date.now() + numberOf("minutes") * 60_000 : Number.POSITIVE_INFINITY;
  let tallies: ReadonlyMap<string, Tally> = new Map();
  for (let frames = 0; frames < total && Date.now() < end; seed++) {
    const count = Math.min(ROUND, total - frames);
    const round = runRound(peers, seed, count);
    frames += count;
    tallies = addTallies(tallies, round.tallies);
    if (round.findings.length > 0) {
      for (const { peer, title, count: times, difference, input } of round.findings.slice(0, SHOWN)) {
        console.log(`FOUND: ${peer}: ${title}, ${times} times`);
        console.log(`  theirs ${difference.want.slice(0, SHOWN_CHARACTERS)}`);
        console.log(`  ours   ${difference.got.slice(0, SHOWN_CHARACTERS)}`);
        console.log(`  of     ${input.slice(0, 4 * SHOWN_CHARACTERS)}`);
      }
      console.log(`again: npm run fuzz:diff -- --seed ${seed} --count ${count}${peerOption()}`);
      return 1;
    }
    console.log(`${frames} frames, each difference has a rule`);
  }
  for (const [name, tally] of tallies) {
    const counts = Object.entries(tally).map(([what, times]) => `${times} ${what}`);
    console.log(`${name.padEnd(9)}  ${counts.join(", ")}`);
  }
  return 0;
}

function chosenPeers(): Peer[] {
  return [
    ...(values.peer === undefined ? [] : [oftrPeer(values.peer)]),
    ...[ofctlPeer, tsharkPeer].filter(({ name }) => isInstalled(name)),
  ];
}

function peerOption(): string {
  return values.peer === undefined ? "" : ` --peer ${values.peer}`;
}

function numberOf(option: "minutes" | "count" | "seed"): number {
  const n = Number(values[option]);
  if (Number.isNaN(n)) throw new Error(`--${option} ${values[option]} is no number`);
  return n;
}

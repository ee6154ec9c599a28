/**
 * Random frames, whole and damaged, for our codec and for each program that is installed. What they disagree on has a rule in
 * test/fuzz/diff, or is a finding. OFTR_PEER names another `oftr` to ask.
 */
import { describe, expect, it } from "vitest";
import { oftrPeer } from "../fuzz/diff/oftr-peer.js";
import type { Peer } from "../fuzz/diff/peer.js";
import { ofctlPeer, tsharkPeer } from "../fuzz/diff/printing-peer.js";
import { runRound } from "../fuzz/diff/round.js";
import { describeWith } from "./installed.js";

const SEED = 20;
const FRAMES = 800;

/** The least share of comparisons in which both read the input: less would mean that something else was asked. */
const LEAST_READ = 0.3;

function check(peer: Peer): void {
  const { findings, tallies } = runRound([peer], SEED, FRAMES);
  expect(findings).toEqual([]);
  const { explained: _, ...outcomes } = tallies.get(peer.name) ?? { explained: 0, "both read": 0 };
  const all = Object.values(outcomes).reduce((sum, n) => sum + n, 0);
  expect(outcomes["both read"]).toBeGreaterThan(LEAST_READ * all);
}

describeWith(["ovs-ofctl"], "random frames beside ovs-ofctl", () => {
  it("are read by both alike, but for the rules", () => check(ofctlPeer));
});

describeWith(["tshark"], "random frames beside tshark", () => {
  it("are read by both alike, but for the rules", () => check(tsharkPeer));
});

const program = process.env.OFTR_PEER ?? "";
if (program !== "") {
  describe("random frames beside another oftr", () => {
    it("are read by both alike, but for the rules", () => check(oftrPeer(program)));
  });
}

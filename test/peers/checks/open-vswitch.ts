/** All that a bridge of Open vSwitch must do with `oftr jsonrpc` in one version of OpenFlow. */
import { afterAll, beforeAll, describe } from "vitest";
import { checkFlows } from "../flows/flow-case.js";
import { flowsOf } from "../flows/flows.js";
import { describeWith } from "../installed.js";
import { Lab } from "../lab.js";
import { OVS_PROGRAMS } from "../ovs.js";
import { checkBuckets } from "./buckets.js";
import { checkBundles } from "./bundles.js";
import { checkAsync, checkForwarding, checkRoles } from "./controllers.js";
import { checkExperimenters } from "./experimenters.js";
import { checkFlowMods } from "./flow-mods.js";
import { checkGroups } from "./groups.js";
import { checkHandshake } from "./handshake.js";
import { checkInexpressible } from "./inexpressible.js";
import { checkLacking } from "./lacking.js";
import { checkLargeBundles } from "./large-bundles.js";
import { checkMeters } from "./meters.js";
import { checkMonitors } from "./monitors.js";
import { checkPacketMatches } from "./packet-matches.js";
import { checkPackets } from "./packets.js";
import { checkPausedPackets } from "./paused-packets.js";
import { checkPorts } from "./ports.js";
import { checkQueues } from "./queues.js";
import { checkRequests } from "./requests.js";
import { checkStatistics } from "./statistics.js";
import { type Suite, V1_0, V1_1, V1_2, V1_3, V1_4, V1_5 } from "./suite.js";
import { checkTableFeatures, checkTableMods } from "./tables.js";
import { checkVendorMonitors } from "./vendor-monitors.js";
import { checkVendorRequests } from "./vendor-requests.js";

/** The checks, and the first version that has something to check. */
const CHECKS: readonly (readonly [title: string, since: number, check: (suite: Suite) => void])[] = [
  ["handshake", V1_0, checkHandshake],
  ["statistics", V1_0, checkStatistics],
  ["requests with their replies", V1_0, checkRequests],
  ["queues", V1_0, checkQueues],
  ["packets", V1_0, checkPackets],
  ["matches of packets", V1_0, checkPacketMatches],
  ["flow mods", V1_0, checkFlowMods],
  ["ports", V1_0, checkPorts],
  ["experimenters", V1_0, checkExperimenters],
  ["requests of vendors", V1_0, checkVendorRequests],
  ["groups", V1_1, checkGroups],
  ["tables", V1_1, checkTableMods],
  ["roles", V1_2, checkRoles],
  ["meters", V1_3, checkMeters],
  ["features of tables", V1_3, checkTableFeatures],
  ["messages that come unasked", V1_3, checkAsync],
  ["large bundles", V1_3, checkLargeBundles],
  ["requests of others", V1_4, checkForwarding],
  ["bundles", V1_4, checkBundles],
  ["flow monitors", V1_4, checkMonitors],
  ["buckets", V1_5, checkBuckets],
  ["what Open vSwitch lacks", V1_0, checkLacking],
];

/** Registers all checks of a wire version, with a bridge and a daemon of their own. */
export function checkOpenVSwitch(version: number): void {
  describeWith(OVS_PROGRAMS, `Open vSwitch over OpenFlow 1.${version - 1}`, () => {
    let lab: Lab;

    beforeAll(async () => {
      lab = await Lab.start(version);
    });

    afterAll(() => lab?.stop());

    const suite: Suite = { version, lab: () => lab };
    for (const [title, since, check] of CHECKS) {
      if (version >= since) describe(title, () => check(suite));
    }
    if (version !== V1_1 && version !== V1_2) describe("paused packets", () => checkPausedPackets(suite));
    if (version < V1_4) describe("flow monitors of vendors", () => checkVendorMonitors(suite));
    if (version < V1_5) describe("what the version lacks", () => checkInexpressible(suite));
    const { matches, actions } = flowsOf(version);
    describe("matches", () => checkFlows(() => lab, matches));
    describe("actions", () => checkFlows(() => lab, actions));
  });
}

// Messages of experimenters against a table of what Open vSwitch defines, both ways.
import { join } from "node:path";
import { expect, it } from "vitest";
import { ALL_VERSIONS, formatVersionRange } from "../../src/base/index.js";
import { bodyUnit, leastOf, type Message, type Multipart, readSchemas } from "../../src/schema/index.js";

const NX = 0x00002320;
const ONF = 0x4f4e4600;

/** Name, experimenter, its type, versions, and the least bytes of the body. */
const MESSAGES: readonly (readonly [string, number, number, string, number])[] = [
  ["NXT_ROLE_REQUEST", NX, 10, "all", 4],
  ["NXT_ROLE_REPLY", NX, 11, "all", 4],
  ["NXT_SET_FLOW_FORMAT", NX, 12, "1.0", 4],
  ["NXT_FLOW_MOD", NX, 13, "all", 32],
  ["NXT_FLOW_REMOVED", NX, 14, "all", 40],
  ["NXT_FLOW_MOD_TABLE_ID", NX, 15, "all", 8],
  ["NXT_SET_PACKET_IN_FORMAT", NX, 16, "all", 4],
  ["NXT_PACKET_IN", NX, 17, "all", 26],
  ["NXT_FLOW_AGE", NX, 18, "all", 0],
  ["NXT_SET_ASYNC_CONFIG", NX, 19, "all", 24],
  ["NXT_SET_CONTROLLER_ID", NX, 20, "all", 8],
  ["NXT_FLOW_MONITOR_CANCEL", NX, 21, "1.0-1.2", 4],
  ["NXT_FLOW_MONITOR_PAUSED", NX, 22, "1.0-1.2", 0],
  ["NXT_FLOW_MONITOR_RESUMED", NX, 23, "1.0-1.2", 0],
  ["NXT_TLV_TABLE_MOD", NX, 24, "all", 8],
  ["NXT_TLV_TABLE_REQUEST", NX, 25, "all", 0],
  ["NXT_TLV_TABLE_REPLY", NX, 26, "all", 16],
  ["NXT_SET_ASYNC_CONFIG2", NX, 27, "1.0-1.3", 0],
  ["NXT_RESUME", NX, 28, "all", 0],
  ["NXT_CT_FLUSH_ZONE", NX, 29, "all", 8],
  ["NXT_PACKET_IN2", NX, 30, "all", 0],
  ["NXT_GROUP_MOD", NX, 31, "1.0", 16],
  ["NXT_CT_FLUSH", NX, 32, "all", 8],
  ["NXT_REQUESTFORWARD", NX, 132, "1.0-1.2", 8],
  ["ONF_FLOW_MONITOR_CANCEL", ONF, 1870, "1.3", 4],
  ["ONF_FLOW_MONITOR_PAUSED", ONF, 1871, "1.3", 0],
  ["ONF_FLOW_MONITOR_RESUMED", ONF, 1872, "1.3", 0],
  ["ONF_ROLE_STATUS", ONF, 1911, "1.3", 16],
  ["ONF_BUNDLE_CONTROL", ONF, 2300, "1.3", 8],
  ["ONF_BUNDLE_ADD_MESSAGE", ONF, 2301, "1.3", 16],
  ["ONF_REQUESTFORWARD", ONF, 2350, "1.3", 8],
  ["NXST_FLOW_REQUEST", NX, 0, "1.0", 8],
  ["NXST_FLOW_REPLY", NX, 0, "1.0", 0],
  ["NXST_AGGREGATE_REQUEST", NX, 1, "1.0", 8],
  ["NXST_AGGREGATE_REPLY", NX, 1, "1.0", 24],
  ["NXST_FLOW_MONITOR_REQUEST", NX, 2, "1.0-1.2", 0],
  ["NXST_FLOW_MONITOR_REPLY", NX, 2, "1.0-1.2", 0],
  ["NXST_IPFIX_BRIDGE_REQUEST", NX, 3, "all", 0],
  ["NXST_IPFIX_BRIDGE_REPLY", NX, 3, "all", 88],
  ["NXST_IPFIX_FLOW_REQUEST", NX, 4, "all", 0],
  ["NXST_IPFIX_FLOW_REPLY", NX, 4, "all", 0],
  ["NXST_GROUP_REQUEST", NX, 7, "1.0", 8],
  ["NXST_GROUP_REPLY", NX, 7, "1.0", 0],
  ["NXST_GROUP_DESC_REQUEST", NX, 8, "1.0", 8],
  ["NXST_GROUP_DESC_REPLY", NX, 8, "1.0", 0],
  ["NXST_GROUP_FEATURES_REQUEST", NX, 9, "1.0-1.1", 0],
  ["NXST_GROUP_FEATURES_REPLY", NX, 9, "1.0-1.1", 40],
  ["ONF_FLOW_MONITOR_REQUEST", ONF, 1870, "1.3", 0],
  ["ONF_FLOW_MONITOR_REPLY", ONF, 1870, "1.3", 0],
];

it("the schemas have the messages of experimenters, with their types, versions and sizes", () => {
  const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));
  const ours = [...model.definitions.values()]
    .filter((d): d is Message | Multipart => d.kind === "message" || d.kind === "multipart")
    .filter((d) => d.experimenter !== undefined)
    .map((d) => {
      const versions = ALL_VERSIONS.filter((v) => d.type[v] !== undefined);
      const last = versions.at(-1) ?? 1;
      const least = d.jsonList ? 0 : leastOf(model, bodyUnit(d), last);
      return [d.name, d.experimenter, d.type[last], formatVersionRange(versions), least];
    });
  const byName = (a: readonly unknown[], b: readonly unknown[]): number =>
    String(a[0]) < String(b[0]) ? -1 : 1;
  expect(ours.sort(byName)).toEqual([...MESSAGES].sort(byName));
});

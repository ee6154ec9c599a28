/** What the bundles of dist/ load late, by a run of each: these functions are others in them than in src/. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const OFTR = fileURLToPath(new URL("../../bin/oftr.js", import.meta.url));

/** Runs `oftr` as installed. */
function oftr(args: readonly string[], input: string | Uint8Array): string {
  const { stdout, stderr } = spawnSync(process.execPath, [OFTR, ...args], { input });
  return stdout.toString("latin1") + stderr.toString("utf8");
}

const FRAME = "00000000000100000000000208004500001c000000004011f96b0a0000010a000002003500350008deab";

it.each([
  ["a line with an error", ["encode"], "type: HELLO\nversion: 1\nmsg: &a {}\nxid: x", "-:4:6: xid:"],
  ["an alias", ["encode"], "type: HELLO\nversion: 1\nxid: &a 1\nmsg: *a", "-:4:6: aliases are not supported"],
  [
    "a flow in Open vSwitch's words",
    ["encode", "--ovs-flow", "--ofversion=4"],
    "priority=7x",
    'priority: "7x"',
  ],
  [
    "a packet in keys",
    ["encode"],
    "{type: PACKET_OUT, version: 4, msg: {in_port: 1, actions: [], _pkt: [{field: ETH_DST, value: 00:00:00:00:00:07}]}}",
    "\x00\x00\x00\x00\x00\x07",
  ],
  [
    "a message in Open vSwitch's words",
    ["decode", "--ovs"],
    Buffer.from("0414000800000001", "hex"),
    "BARRIER_REQUEST (xid=0x1): {}",
  ],
  [
    "a capture",
    ["decode"],
    Buffer.from("a1b2c3d400020004000000000000000000040000000000ff", "hex"),
    "link-type 255",
  ],
])("%s", (_name, args, input, said) => {
  expect(oftr(args, input)).toContain(said);
});

it("what a daemon translates and filters", () => {
  const requests: readonly (readonly [method: string, params: unknown, answer: string])[] = [
    ["OFP.ENCODE", { type: "BARRIER_REQUEST", version: 4, xid: 1 }, '"data":"0414000800000001"'],
    ["OFP.ENCODE", { type: "FLOW_MOD", version: 4, flow: "priority=7,actions=drop" }, '"data":"040E0038'],
    ["OFP.DECODE", { data: "0414000800000001" }, '"type":"BARRIER_REQUEST"'],
    ["OFP.MATCH_FROM_PACKET", { data: FRAME, in_port: 1, only: ["IN_PORT"] }, '"value":1}]'],
    ["OFP.COVERS", { match: [{ field: "IPV4_DST", value: "10.0.0.0/8" }], data: FRAME }, '"covers":true'],
    ["OFP.SET_FILTER", [{ filter: "udp", action: "NONE" }], '"count":1'],
    ["OFP.SET_FILTER", [{ filter: "nonsense", action: "NONE" }], "params[0].filter: "],
  ];
  const lines = requests.map(([method, params], id) =>
    JSON.stringify({ jsonrpc: "2.0", id, method, params }),
  );
  const answers = oftr(["jsonrpc", "--framing=line"], `${lines.join("\n")}\n`)
    .trimEnd()
    .split("\n");
  expect(answers).toEqual(requests.map(([, , answer]) => expect.stringContaining(answer)));
});

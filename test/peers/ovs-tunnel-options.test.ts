// Options of Geneve in a real Open vSwitch: packets of a tunnel come with them, and tell which option each field is.
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ARP_FRAME } from "./checks/suite.js";
import { apply, match, output } from "./flows/flow-case.js";
import { describeWith } from "./installed.js";
import { BRIDGE, Lab } from "./lab.js";
import { OVS_PROGRAMS } from "./ovs.js";

/** The bridge whose port carries the tunnel. */
const UNDERLAY = "under";
const UNDERLAY_MAC = "aa55aa550001";

/** Ends of the tunnel: 10.9.0.1 is the switch's. */
const HERE = "0a090001";
const THERE = "0a090002";

const OPTION = { option_class: 0x0102, option_type: 0x80, option_len: 8 };
const OTHER = { option_class: 0xffff, option_type: 0x01, option_len: 4 };

/** Names of the fields that these two become. */
const MAPPINGS = [
  { ...OPTION, index: 3 },
  { ...OTHER, index: 60 },
];

/** An Ethernet frame in Geneve (RFC 8926 §3.4), in UDP, in IPv4. */
function inGeneve(options: string, frame: string): string {
  const words = (options.length / 8).toString(16).padStart(2, "0");
  const geneve = `${words}00655800000700${options}${frame}`;
  const length = (hex: string, head: number): string => (hex.length / 2 + head).toString(16).padStart(4, "0");
  const udp = `d43117c1${length(geneve, 8)}0000${geneve}`;
  const ip = (sum: string): string => `4500${length(udp, 20)}000000004011${sum}${THERE}${HERE}`;
  const sum = Buffer.from(ip("0000"), "hex");
  let total = 0;
  for (let i = 0; i < sum.length; i += 2) total += sum.readUInt16BE(i);
  const folded = (total & 0xffff) + (total >> 16);
  const checksum = (0xffff - folded).toString(16).padStart(4, "0");
  return `${UNDERLAY_MAC}0200000000990800${ip(checksum)}${udp}`;
}

describeWith(OVS_PROGRAMS, "options of tunnels in Open vSwitch", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.start(4);
    const { ovs } = lab;
    await ovs.addBridge(UNDERLAY, { versions: [4], datapathId: "000000000000002b", ports: 1 });
    const tunnel = ["options:remote_ip=10.9.0.2", "options:key=flow", "ofport_request=9"];
    await ovs.vsctl(
      ...[
        "set",
        "bridge",
        UNDERLAY,
        "fail-mode=standalone",
        `other-config:hwaddr=${mac(UNDERLAY_MAC)}`,
        "--",
      ],
      ...["add-port", BRIDGE, "tunnel", "--", "set", "interface", "tunnel", "type=geneve", ...tunnel],
    );
    await ovs.appctl("netdev-dummy/ip4addr", UNDERLAY, "10.9.0.1/24");
    await ovs.appctl("ovs/route/add", "10.9.0.0/24", UNDERLAY);
    await lab.request("NXT_TLV_TABLE_MOD", { command: "ADD", mappings: MAPPINGS });
  });

  afterAll(() => lab?.stop());

  beforeEach(() => lab.reset());

  const VALUE = "11223344aabbccdd";
  const receive = (value: string, frame: string): Promise<void> =>
    lab.ovs.inject(`${UNDERLAY}-p1`, inGeneve(`01028002${value}ffff01010000beef`, frame));

  it("come with packets, and say what they are", async () => {
    const toController = { action: "OUTPUT", port_no: "CONTROLLER", max_len: "NO_BUFFER" };
    await lab.addFlow({ match: match({ IN_PORT: 9 }), instructions: apply(toController) });
    await receive(VALUE, ARP_FRAME);
    const { msg } = await lab.daemon.next("PACKET_IN");
    expect(msg.match).toEqual([
      ...match({ IN_PORT: 9, TUNNEL_ID: 7, NX_TUN_IP4_SRC: "10.9.0.2", NX_TUN_IP4_DST: "10.9.0.1" }),
      { field: "NX_TUN_METADATA3", value: VALUE.toUpperCase(), option: OPTION },
      { field: "NX_TUN_METADATA60", value: "0000BEEF", option: OTHER },
    ]);
  });

  it("are matched and set without the number of their field", async () => {
    const wanted = {
      field: "NX_TUN_METADATA",
      value: `${VALUE.slice(0, 8)}00000000`,
      mask: "FFFFFFFF00000000",
    };
    const set = { action: "SET_FIELD", field: "NX_TUN_METADATA", value: "12345678", option: OTHER };
    const flow = { match: [{ ...wanted, option: OPTION }], instructions: apply(set, output(1)) };
    await lab.addFlow(flow);
    expect(await lab.flows()).toEqual([
      "priority=0,tun_metadata3=0x1122334400000000/0xffffffff00000000 actions=set_field:0x12345678->tun_metadata60,output:1",
    ]);
    const [told] = await lab.flowDesc();
    expect(told?.match).toEqual([{ ...wanted, field: "NX_TUN_METADATA3", option: OPTION }]);
    expect(told?.instructions).toEqual(apply({ ...set, field: "NX_TUN_METADATA60" }, output(1)));
    const frame = ARP_FRAME.replace("0a000002", "0a00c302");
    await receive(VALUE, frame);
    await lab.ovs.sent(`${BRIDGE}-p1`, frame);
  });

  it("are those that the switch knows, also after it has refused a change", async () => {
    const change = { command: "ADD", mappings: [{ ...OPTION, option_len: 4, index: 60 }] };
    await expect(lab.request("NXT_TLV_TABLE_MOD", change)).rejects.toMatchObject({
      data: { error: { _error: "NXTTMFC_ALREADY_MAPPED" } },
    });
    await lab.addFlow({ match: [{ field: "NX_TUN_METADATA60", value: "00000005" }] });
    const [told] = await lab.flowDesc();
    expect(told?.match).toEqual([{ field: "NX_TUN_METADATA60", value: "00000005", option: OTHER }]);
  });
});

function mac(hex: string): string {
  return (hex.match(/../g) ?? []).join(":");
}

import { describe, expect, it } from "vitest";
import { wordDifferences } from "./ovs-words.js";

const TEXT =
  "OFPST_PORT reply (OF1.3) (xid=0x2): 2 ports\n" +
  "  port  2: rx pkts=1, bytes=20, drop=0, errs=0, frame=0, over=0, crc=0\n" +
  "           tx pkts=3, bytes=40, drop=0, errs=0, coll=0\n" +
  "  port  3: rx pkts=?, bytes=5, drop=0, errs=0, frame=0, over=0, crc=7\n" +
  "           tx pkts=4, bytes=0xff, drop=0, errs=0, coll=0\n";

const first = { rx_packets: 1, tx_packets: 3, rx_bytes: 20, tx_bytes: 40, rx_crc_err: 0 };
const second = { rx_packets: 9, tx_packets: 4, rx_bytes: 5, tx_bytes: 255, rx_crc_err: 7 };

describe("words of Open vSwitch", () => {
  it("are the values of their keys, in their order", () => {
    expect(wordDifferences(TEXT, "PORT_STATS_REPLY", 4, [first, second])).toEqual([]);
  });

  it("are told where two keys have changed places", () => {
    const swapped = { ...first, rx_bytes: 40, tx_bytes: 20 };
    expect(wordDifferences(TEXT, "PORT_STATS_REPLY", 4, [swapped, second])).toEqual([
      { path: "word bytes=", want: "20 40 5 255", got: "40 20 5 255" },
    ]);
  });

  it("are not judged where it leaves some out, or the type has none", () => {
    expect(wordDifferences(TEXT, "PORT_STATS_REPLY", 4, [first])).toEqual([]);
    expect(wordDifferences(TEXT, "ECHO_REQUEST", 4, [second, first])).toEqual([]);
  });

  it("are those that it prints: no weight of 0, and none of actions, which have their own", () => {
    const text =
      "OFPT_GROUP_MOD (OF1.5) (xid=0x1):\n ADD group_id=7,type=select," +
      "bucket=bucket_id:1,weight:5,actions=output:3,group:9,bucket=bucket_id:2,actions=output:4";
    const group = (weight: number, port: number): unknown => ({
      group_id: 7,
      buckets: [
        { bucket_id: 1, weight, actions: [{ port_no: 3 }, { port_no: "CONTROLLER" }, { group_id: 9 }] },
        { bucket_id: 2, weight: 0, actions: [{ port_no: port }] },
      ],
    });
    expect(wordDifferences(text, "GROUP_MOD", 6, group(5, 4))).toEqual([]);
    expect(wordDifferences(text, "GROUP_MOD", 6, group(6, 2))).toEqual([
      { path: "word weight:", want: "5", got: "6" },
      { path: "word output:", want: "3 4", got: "3 2" },
    ]);
    expect(wordDifferences(text, "GROUP_MOD", 6, group(0, 4))).toEqual([
      { path: "word weight:", want: "5", got: "" },
    ]);
  });

  it("come with those of WRITE_ACTIONS last, whatever the order of instructions", () => {
    const text = "OFPT_FLOW_MOD (OF1.3) (xid=0x1): ADD actions=output:2,write_actions(output:1)";
    const said = (instructions: readonly string[]): unknown => ({
      instructions: instructions.map((instruction, i) => ({ instruction, actions: [{ port_no: i + 1 }] })),
    });
    expect(wordDifferences(text, "FLOW_MOD", 4, said(["WRITE_ACTIONS", "APPLY_ACTIONS"]))).toEqual([]);
    expect(wordDifferences(text, "FLOW_MOD", 4, said(["APPLY_ACTIONS", "WRITE_ACTIONS"]))).toHaveLength(1);
  });

  it("may tell a reserved port by its 16 bits", () => {
    const text = "OFPST_PORT request (xid=0x1): port_no=65504";
    expect(wordDifferences(text, "PORT_STATS_REQUEST", 4, { port_no: 4294967264 })).toEqual([]);
    expect(wordDifferences(text, "PORT_STATS_REQUEST", 4, { port_no: 4294967265 })).toHaveLength(1);
  });
});

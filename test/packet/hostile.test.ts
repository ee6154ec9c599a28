/** Frames made to cost time: the longest ones, with chains as long as they can be. */
import { describe, expect, it } from "vitest";
import { buildFrame, readPacket, writePacketKeys } from "../../src/packet/index.js";
import { Text } from "../../src/text/index.js";
import { payloadOf } from "./frames/index.js";

const LIMIT = 50;
const MACS = "020000000002020000000001";
const IPV6 = "60000000fe00";
const ADDRESSES6 = "fe800000000000000000000000000001fe800000000000000000000000000002";

/** A frame of 65,535 bytes at most: MACs, `head`, and `piece` as often as there is room, 10,000 times at least where it is short. */
function chain(head: string, piece: string): Buffer {
  const start = Buffer.from(MACS + head, "hex");
  const one = Buffer.from(piece, "hex");
  const n = Math.floor((65_535 - start.length) / one.length);
  return Buffer.concat([start, ...Array.from({ length: n }, () => one)]);
}

const FRAMES: readonly (readonly [string, Buffer])[] = [
  ["tags of VLANs", chain("", "81000001")],
  ["tags of VLANs, the last one cut", chain("", "88a80001").subarray(0, 40_002)],
  ["labels of MPLS", chain("8847", "00064040")],
  ["options of IPv4", chain("08004f00ffff00000000ff010000" + "0a0000010a000002", "01")],
  ["options of TCP", chain(`86dd${IPV6}0640${ADDRESSES6}0001000200000000000000006f02`, "01")],
  ["hop-by-hop headers", chain(`86dd${IPV6}0040${ADDRESSES6}`, "0000000000000000")],
  ["destination headers", chain(`86dd${IPV6}3c40${ADDRESSES6}`, "3c00000000000000")],
  ["fragment headers", chain(`86dd${IPV6}2c40${ADDRESSES6}`, "2c00000100000000")],
  ["the longest extension headers", chain(`86dd${IPV6}3c40${ADDRESSES6}`, `3cff${"00".repeat(2046)}`)],
  [
    "options of neighbour discovery",
    chain(`86dd${IPV6}3aff${ADDRESSES6}87000000${"00".repeat(20)}`, "0e01000000000000"),
  ],
  [
    "options of neighbour discovery without end",
    chain(`86dd${IPV6}3aff${ADDRESSES6}87000000${"00".repeat(20)}0101020000000001`, "0e00000000000000"),
  ],
  ["elements of LLDP without values", chain("88cc", "0800")],
  ["elements of LLDP without names", chain("88cc", "0600")],
  ["elements of LLDP with texts to escape", chain("88cc", "0a08ffffffffffff0101")],
  ["capabilities of LLDP", chain("88cc", "0e04ffffffff")],
  ["elements of LLDP of the longest kind", chain("88cc", `09ff${"01".repeat(511)}`)],
  ["zeros", chain("", "00")],
  ["ones", chain("", "ff")],
];

/** CPU time of the shortest of three runs, milliseconds: others may use the machine, too. */
function fastest(run: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe.each(FRAMES)("a long frame of %s", (_name, frame) => {
  it("is read in little time", () => {
    expect(frame.length).toBeGreaterThan(40_000);
    const w = new Text();
    const write = (): void => {
      w.rewind();
      w.room(64 * frame.length + 256);
      writePacketKeys(frame, 0, frame.length, w, "fields");
    };
    expect(fastest(write)).toBeLessThan(LIMIT);
    expect(fastest(() => readPacket(frame))).toBeLessThan(LIMIT);
  });

  it("is the same when it is built again", () => {
    const { _pkt, _pkt_more } = readPacket(frame);
    const built = Buffer.from(buildFrame({ _pkt, _pkt_more, _pkt_data: payloadOf(frame, _pkt) }));
    expect(built.equals(frame)).toBe(true);
  });

  it("needs no more text than is promised", () => {
    const w = new Text(64 * frame.length + 256);
    const slab = w.o;
    writePacketKeys(frame, 0, frame.length, w, "fields");
    expect(w.o).toBe(slab);
    expect(JSON.parse(`{"data":""${w.takeString()}}`)).toHaveProperty("_pkt");
  });
});

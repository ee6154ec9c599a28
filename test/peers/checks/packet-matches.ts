/** Matches that are made from packets, and what they take: Open vSwitch says which flow a frame hits. */
import { expect, it } from "vitest";
import type { Version } from "../../../src/base/index.js";
import type { Field } from "../../../src/codec/catalog.js";
import { matchCovers, matchFromPacket } from "../../../src/codec/match.js";
import { GOLDEN_FRAMES, padded } from "../../packet/frames/index.js";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE } from "../lab.js";
import { poll } from "../programs.js";
import { ARP_FRAME, resetBefore, type Suite, V1_0, V1_2 } from "./suite.js";

const PORT = 3;
/** How Open vSwitch 3.1 reads packets: its `vlan-limit`. */
const READING = { vlanTags: 1 };
/** Fields that Open vSwitch 3.1 does not know. */
const UNKNOWN = { except: ["IPV6_EXTHDR", "PBB_ISID", "PBB_UCA"] };

const FRAMES = GOLDEN_FRAMES.map(({ name, frame }) => ({ name, frame: padded(frame) }));

/** Matches with masks, prefixes and fields of vendors. */
const WIDE: readonly Field[][] = [
  { ETH_TYPE: 0x0806 },
  { ETH_TYPE: 0x0800, IPV4_DST: ["10.0.0.0", "255.255.255.0"] },
  { ETH_TYPE: 0x0800, IPV4_SRC: ["10.0.0.2", "255.255.255.254"] },
  { ETH_TYPE: 0x0800, IP_PROTO: 17, UDP_DST: 53 },
  { VLAN_VID: 0 },
  { VLAN_VID: 0x1000 },
  { ETH_TYPE: 0x86dd },
  { ETH_TYPE: 0x05ff },
].map((fields) => match(fields) as unknown as Field[]);
/** 1.0 alone says that ports of fragments are 0, which they are in Open vSwitch over all versions. */
const WIDE_1_0: readonly Field[][] = [
  { ETH_TYPE: 0x0800, IP_PROTO: 17, UDP_DST: 4321 },
  { ETH_TYPE: 0x0800, IP_PROTO: 17, UDP_DST: 0 },
].map((fields) => match(fields) as unknown as Field[]);
const WIDE_OXM: readonly Field[][] = [
  { ETH_DST: ["01:00:00:00:00:00", "01:00:00:00:00:00"] },
  { VLAN_VID: [0x1000, 0x1000] },
  { ETH_TYPE: 0x86dd, IPV6_SRC: ["fe80::", "ffff::"] },
  { ETH_TYPE: 0x86dd, IPV6_FLABEL: [0x10000, 0x10000] },
  { ETH_TYPE: 0x86dd, IP_PROTO: 58, ICMPV6_TYPE: 136 },
  { ETH_TYPE: 0x0800, NX_IP_TTL: 64 },
  { ETH_TYPE: 0x0800, NX_IP_FRAG: [1, 1] },
  { ETH_TYPE: 0x0800, NX_IP_FRAG: 3 },
  { NX_VLAN_TCI: [0x1000, 0x1000] },
  { ETH_TYPE: 0x0800, IP_PROTO: 6, NX_TCP_FLAGS: [2, 2] },
].map((fields) => match(fields) as unknown as Field[]);

export function checkPacketMatches(suite: Suite): void {
  const { lab } = suite;
  const version = suite.version as Version;
  resetBefore(suite);

  const exact = (frame: Buffer): Field[] => matchFromPacket(frame, PORT, version, { ...READING, ...UNKNOWN });

  const addFlow = (match: readonly Field[], n: number): Promise<void> =>
    lab().addFlow({ priority: 100 + n, cookie: 1 + n, match, instructions: apply(output(2)) });

  /** Number of the flow that a frame hits; -1 when it hits none. */
  async function hit(frame: Buffer): Promise<number> {
    const flow = `in_port=${PORT}`;
    const trace = await lab().ovs.appctl("ofproto/trace", BRIDGE, flow, frame.toString("hex"));
    const [, cookie] = /^ 0\. .*priority \d+, cookie (0x[0-9a-f]+)$/m.exec(trace) ?? [];
    return cookie === undefined ? -1 : Number(cookie) - 1;
  }

  it.each(FRAMES)("the match of $name takes it", async ({ frame }) => {
    await addFlow([], 0);
    await addFlow(exact(frame), 1);
    expect(await hit(frame)).toBe(1);
  });

  it.each([
    ["", (list: readonly Field[][]) => list],
    [", in reverse", (list: readonly Field[][]) => list.toReversed()],
  ])("of many flows, with and without masks, packets hit the one that we say%s", async (_, inOrder) => {
    const wide = inOrder([...WIDE, ...(version === V1_0 ? WIDE_1_0 : version < V1_2 ? [] : WIDE_OXM)]);
    // The later, the higher is the priority.
    const matches = [[], ...FRAMES.map(({ frame }) => exact(frame)), ...wide];
    for (const [n, one] of matches.entries()) await addFlow(one, n);
    for (const { name, frame } of FRAMES) {
      const ours = matches.findLastIndex((one) => matchCovers(one, frame, PORT, version, READING));
      expect([name, await hit(frame)]).toEqual([name, ours]);
    }
  });

  it("frames that come in are counted by the flow with their match", async () => {
    const frame = Buffer.from(ARP_FRAME, "hex");
    await addFlow([], 0);
    await addFlow(exact(frame), 1);
    await lab().ovs.inject(`${BRIDGE}-p${PORT}`, ARP_FRAME);
    await poll(
      "one packet in the flow",
      async () =>
        (await lab().flowDesc()).map(({ cookie, packet_count }) => `${cookie} ${packet_count}`).sort(),
      (counts) => counts.join() === "1 0,2 1",
    );
  });
}

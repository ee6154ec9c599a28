// The flows of ovs-flows.txt in a real Open vSwitch: our daemon installs them, ovs-ofctl and our own statistics read them back.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decode, parseExact } from "../codec/support.js";
import type { Json } from "./daemon.js";
import { canonical } from "./flows/canonical.js";
import { isPlain, linesOf } from "./flows/ovs-flows.js";
import { describeWith } from "./installed.js";
import { BRIDGE, DATAPATH, Lab } from "./lab.js";
import { OVS_PROGRAMS } from "./ovs.js";
import { recordFlows } from "./recorder.js";

/** What the switch refuses: fields that are its own business, a metadata type that does not exist, a group where it has none. */
const REFUSED: Readonly<Record<string, string>> = {
  "dp_hash=17,actions=drop": "OFPBRC_EPERM",
  "dp_hash=1/1,actions=drop": "OFPBRC_EPERM",
  "recirc_id=17,actions=drop": "OFPBRC_EPERM",
  "eth_type=0x894f,nsh_mdtype=17,actions=drop": "OFPBMC_BAD_VALUE",
  "ip,actions=group:5": "OFPBAC_BAD_OUT_GROUP",
};

/** Each of the 64 fields of tunnel options gets an option of 4 bytes. */
const TUNNEL_OPTIONS = Array.from(
  { length: 64 },
  (_, i) => `{class=0xffff,type=${i},len=4}->tun_metadata${i}`,
);

/** A flow that ovs-ofctl dumps. What is not its match stands before the priority. */
const DUMPED = /^ *cookie=(0x[0-9a-f]+),.*? ?priority=\d+,?(\S*) actions=(.*?) *$/gm;

/** Priorities tell the flows apart. */
const FIRST_PRIORITY = 1000;

/**
 * Whether Open vSwitch 3.1 cannot tell a flow in statistics of 1.0: it pads properties of NX_CONTROLLER2 to 8 bytes of the message, in
 * which entries of 1.0 start at a multiple of 4, and cannot read that itself.
 */
function isMisaligned(line: string): boolean {
  return /controller\(.*(userdata|pause|meter_id)/.test(line);
}

interface Flow extends Json {
  readonly priority: number;
  readonly cookie: number;
  readonly match: unknown;
  readonly instructions: unknown;
}

describe.each([1, 4, 5, 6])("wire version %i", (version) => {
  describeWith(OVS_PROGRAMS, "a bridge with the flows of ovs-ofctl", () => {
    const lines = linesOf(version).filter((line) => version > 1 || (isPlain(line) && !isMisaligned(line)));
    const sent = new Map<string, Flow>();
    let lab: Lab;

    beforeAll(async () => {
      const frames = await recordFlows(version, lines, version === 1 ? "OpenFlow10" : undefined);
      lab = await Lab.start(version);
      await lab.ovs.ofctl(BRIDGE, version, "add-tlv-map", TUNNEL_OPTIONS.join(","));
      if (version > 1) {
        const meter = { meter_id: 4, flags: ["KBPS"], bands: [{ type: "DROP", rate: 1000, burst_size: 0 }] };
        await lab.tell("METER_MOD", { command: "ADD", ...meter });
        await lab.tell("GROUP_MOD", { command: "ADD", type: "ALL", group_id: 5, buckets: [] });
      }
      for (const [n, frame] of frames.entries()) {
        const { msg } = parseExact(decode(frame)) as { readonly msg: Flow };
        sent.set(lines[n] as string, { ...msg, priority: FIRST_PRIORITY + n, cookie: n + 1 });
      }
    }, 120_000);

    afterAll(() => lab?.stop());

    it("takes them, but for a few", { timeout: 120_000 }, async () => {
      const lineOf = new Map<number, string>();
      for (const [line, flow] of sent) lineOf.set(await lab.daemon.send(DATAPATH, "FLOW_MOD", flow), line);
      await lab.ask("BARRIER_REQUEST", {});
      const refused = lab.daemon
        .takeEvents((event) => event.type === "ERROR")
        .map(({ xid, msg }) => {
          const { code, _error } = msg as { readonly code: string; readonly _error?: string };
          return [lineOf.get(xid ?? 0), _error ?? code];
        });
      const expected = Object.entries(REFUSED).filter(
        ([line]) => sent.has(line) && !(line.includes("group") && version > 1),
      );
      expect(refused.sort()).toEqual(expected.sort());
      for (const [line] of expected) sent.delete(line);
      expect(sent.size).toBeGreaterThan(version === 1 ? 120 : 450);
    });

    it("tells them as they were sent, by our own statistics", { timeout: 120_000 }, async () => {
      const told = new Map((await lab.flowDesc()).map((flow) => [(flow as Flow).priority, flow as Flow]));
      const read = [...sent].map(([line, { priority }]) => {
        const flow = told.get(priority);
        return { line, match: flow?.match, instructions: exactly(flow?.instructions) };
      });
      const ours = [...sent].map(([line, { match, instructions }]) => ({
        line,
        match,
        instructions: exactly(instructions),
      }));
      expect(read).toEqual(ours);
    });

    it("has them for ovs-ofctl as ovs-ofctl writes them itself", { timeout: 120_000 }, async () => {
      const wanted = await canonical(version, lines);
      const expected = lines.flatMap((line, n) => {
        const flow = sent.get(line);
        return flow === undefined ? [] : [{ cookie: flow.cookie, ...matchAndActions(wanted[n] ?? "") }];
      });
      const text = await lab.ovs.ofctl(BRIDGE, version, "dump-flows", "--no-stats");
      const found = Array.from(text.matchAll(DUMPED), ([, cookie, match, actions]) => ({
        cookie: Number(cookie),
        match,
        actions,
      }));
      expect(found.sort((a, b) => a.cookie - b.cookie)).toEqual(expected);
    });
  });
});

/** Actions name a tunnel option with its length as soon as the switch knows that: 4 bytes. */
function exactly(instructions: unknown): unknown {
  return JSON.parse(
    JSON.stringify(instructions ?? null, (_, value: unknown) =>
      typeof value === "bigint" ? `${value}` : value,
    ).replace(/(NX_TUN_METADATA\d+)(?:\(4\))?(?=\[|"\})/g, "$1"),
  );
}

/** Of a flow that ovs-ofctl sends, without table and priority before the match, and cookie and timeouts behind it. */
function matchAndActions(text: string): { readonly match: string; readonly actions: string } {
  const rest = text.replace(/^ADD (table:\d+ )?(priority=\d+,?)?/, "");
  const at = rest.search(/\bactions=/);
  return { match: rest.slice(0, at).split(" ")[0] ?? "", actions: rest.slice(at + "actions=".length) };
}

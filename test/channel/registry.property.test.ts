// Whatever happens in whatever order: what is told of a connection has a beginning and an end.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { End } from "./duplex-pair.js";
import { BARRIER_REPLY, features, HELLO, PORT_DESC, RegistryLab, turn } from "./registry-lab.js";

const POLICIES = ["newest", "oldest", "reject", "probe"] as const;

/** What a switch may say; some of it is not what is waited for, some is no OpenFlow. */
const SAYINGS = [
  HELLO,
  PORT_DESC,
  BARRIER_REPLY,
  "0401000c0000000100010005",
  "0401000c0000000200010005",
  "04030010fbd0ff863f3f4f4654523f3f",
  "0115000800000009",
  "0415",
  "0003000000000000",
  "040a000c00000063ffffffff",
];

const which = fc.nat({ max: 7 });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("up"),
      dpid: fc.constantFrom(1, 2),
      policy: fc.constantFrom(...POLICIES),
    }),
  },
  fc.record({ do: fc.constant("aux"), dpid: fc.constantFrom(1, 2), aux: fc.constantFrom(1, 2) }),
  fc.record({ do: fc.constant("open"), features: fc.boolean() }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("say"),
      which,
      what: fc.constantFrom(...SAYINGS, features(1), features(2), features(1, 1)),
    }),
  },
  fc.record({ do: fc.constantFrom("end", "break", "close", "error"), which }),
  fc.record({ do: fc.constant("pass"), seconds: fc.constantFrom(1, 5, 11, 30) }),
  fc.record({ do: fc.constantFrom("pause", "resume", "turn") }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function carryOut(lab: RegistryLab, peers: End[], one: Step): Promise<void> {
  switch (one.do) {
    case "up":
      peers.push(await lab.bringUp(one.dpid, { duplicates: one.policy }));
      break;
    case "aux":
      peers.push(await lab.connect({}, HELLO, features(one.dpid, one.aux)));
      break;
    case "open":
      peers.push(await lab.connect({ features: one.features }));
      break;
    case "say":
      peers[one.which]?.write(Buffer.from(one.what, "hex"), () => undefined);
      break;
    case "end":
      peers[one.which]?.end();
      break;
    case "break":
      peers[one.which]?.destroy();
      break;
    case "error":
      [...lab.registry.channels()][one.which]?.fail({ reason: "TLS_FAILED", message: "late" });
      break;
    case "close":
      [...lab.registry.channels()][one.which]?.close();
      break;
    case "pass":
      lab.clock.advance(one.seconds * 1000);
      break;
    case "pause":
      lab.registry.pause();
      break;
    case "resume":
      lab.registry.resume();
      break;
    default:
      await turn();
  }
}

/** Lines of what was told, by connection. */
function byConnection(told: readonly string[]): Map<string, string[]> {
  const lives = new Map<string, string[]>();
  for (const line of told) {
    const [what = "", connId = ""] = line.split(" ");
    lives.set(connId, [...(lives.get(connId) ?? []), what]);
  }
  return lives;
}

describe("what is told of connections", () => {
  it("is one end for each beginning, and nothing after it, whatever happens", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const lab = new RegistryLab();
        const peers: End[] = [];
        for (const one of steps) {
          await carryOut(lab, peers, one);
          // Never two main connections of a datapath at a time.
          const up = [...lab.registry.channels()].filter(
            ({ phase, datapathId }) => phase === "up" && datapathId !== "",
          );
          expect(new Set(up.map(({ datapathId }) => datapathId)).size).toBe(up.length);
          for (const channel of up) expect(lab.registry.datapath(channel.datapathId)).toBe(channel);
        }
        await turn();
        lab.registry.resume();
        await turn();
        lab.registry.close(true);
        const end = lab.told.length;
        lab.clock.advance(60_000);
        for (let i = 0; i < 4; i++) await turn();
        expect(lab.told).toHaveLength(end);
        expect(lab.registry.connections()).toEqual([]);
        for (const [connId, life] of byConnection(lab.told)) {
          const ups = life.filter((what) => what === "up").length;
          const downs = life.filter((what) => what === "down").length;
          expect([connId, ups]).toEqual([connId, Math.min(ups, 1)]);
          expect([connId, downs]).toEqual([connId, ups]);
          if (downs > 0) expect([connId, life.at(-1)]).toEqual([connId, "down"]);
          const before = life.slice(0, life.indexOf("up") < 0 ? 0 : life.indexOf("up"));
          expect(before.filter((what) => what === "frame")).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

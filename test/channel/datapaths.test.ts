// Two connections that say they are the same datapath, and auxiliary ones.
import { beforeEach, describe, expect, it } from "vitest";
import { duplexPair } from "./duplex-pair.js";
import { BARRIER_REPLY, features, HELLO, PORT_DESC, RegistryLab, turn } from "./registry-lab.js";

const DPID = "00:00:00:00:00:00:00:01";
const ECHO_REPLY = "04030010fbd0ff863f3f4f4654523f3f";

describe("a second connection of a datapath", () => {
  let lab: RegistryLab;

  beforeEach(() => {
    lab = new RegistryLab();
  });

  const present = (): number | undefined => lab.registry.datapath(DPID)?.facts.connId;

  it("takes the place of the first, whose end is told before", async () => {
    await lab.bringUp(1);
    await lab.bringUp(1);
    expect(lab.told).toEqual(["up 1", "down 1 REPLACED", "up 2"]);
    expect(present()).toBe(2);
  });

  it.each(["oldest", "reject"] as const)("is refused by the policy %s, with an alert", async (duplicates) => {
    await lab.bringUp(1, { duplicates });
    await lab.bringUp(1, { duplicates });
    expect(lab.told).toEqual([
      "up 1",
      `alert 2 DUPLICATE_DATAPATH: Connection refused: conn_id 1 of [::1]:5 is that of ${DPID}`,
    ]);
    expect(present()).toBe(1);
    expect([...lab.registry.channels()]).toHaveLength(1);
    expect(lab.registry.tally.handshakeFailures).toEqual({ DUPLICATE_DATAPATH: 1 });
  });

  it("is welcome when the first has ended, under the policy oldest too", async () => {
    const first = await lab.bringUp(1, { duplicates: "oldest" });
    first.end();
    await turn();
    await turn();
    await lab.bringUp(1, { duplicates: "oldest" });
    expect(lab.told).toEqual(["up 1", "down 1 PEER_CLOSED", "up 2"]);
  });

  it("takes the place of one made under oldest, but not of one made under reject", async () => {
    await lab.bringUp(1, { duplicates: "oldest" });
    await lab.bringUp(1);
    await lab.bringUp(2, { duplicates: "reject" });
    await lab.bringUp(2, { duplicates: "probe" });
    expect(lab.told.map((line) => line.split(":")[0])).toEqual([
      "up 1",
      "down 1 REPLACED",
      "up 2",
      "up 3",
      "alert 4 DUPLICATE_DATAPATH",
    ]);
  });

  describe("under the policy probe", () => {
    it("is refused as soon as the first shows life", async () => {
      const first = await lab.bringUp(1);
      await lab.bringUp(1, { duplicates: "probe" });
      expect(lab.told).toEqual(["up 1"]);
      first.write(Buffer.from(ECHO_REPLY, "hex"));
      await turn();
      expect(lab.told.slice(1)).toEqual([expect.stringContaining("alert 2 DUPLICATE_DATAPATH")]);
      expect(present()).toBe(1);
    });

    it("asks the first by an ECHO_REQUEST", async () => {
      const first = await lab.bringUp(1);
      let heard = "";
      first.on("data", (chunk: Buffer) => {
        heard += chunk.toString("hex");
      });
      await lab.bringUp(1, { duplicates: "probe" });
      expect(heard).toBe("04020010fbd0ff863f3f4f4654523f3f");
    });

    it("takes its place when that stays silent, and gets what came meanwhile", async () => {
      await lab.bringUp(1);
      await lab.connect({ duplicates: "probe" }, HELLO, features(1), PORT_DESC, BARRIER_REPLY);
      lab.clock.advance(2999);
      expect(lab.told).toEqual(["up 1"]);
      lab.clock.advance(1);
      expect(lab.told).toEqual(["up 1", "down 1 REPLACED", "up 2", `frame 2 ${BARRIER_REPLY}`]);
      expect(present()).toBe(2);
    });

    it("waits as long as it was told", async () => {
      await lab.bringUp(1);
      await lab.bringUp(1, { duplicates: "probe", timeouts: { probe: 100 } });
      lab.clock.advance(100);
      expect(lab.told).toEqual(["up 1", "down 1 REPLACED", "up 2"]);
    });

    it("is up at once when the first ends meanwhile", async () => {
      const first = await lab.bringUp(1);
      await lab.bringUp(1, { duplicates: "probe" });
      first.destroy();
      await turn();
      await turn();
      expect(lab.told).toEqual(["up 1", "down 1 PEER_CLOSED", "up 2"]);
    });

    it("has no part in it any more when it has ended itself", async () => {
      await lab.bringUp(1);
      const second = await lab.bringUp(1, { duplicates: "probe" });
      second.end();
      await turn();
      await turn();
      lab.clock.advance(10_000);
      expect(lab.told).toEqual([
        "up 1",
        "alert 2 PEER_CLOSED: Handshake failed: the peer closed the connection",
      ]);
      expect(present()).toBe(1);
    });

    it("lets one of several in, and refuses the others", async () => {
      await lab.bringUp(1);
      await lab.bringUp(1, { duplicates: "probe" });
      await lab.bringUp(1, { duplicates: "probe" });
      await lab.bringUp(1, { duplicates: "probe" });
      lab.clock.advance(3000);
      expect(lab.told.map((line) => line.split(":")[0])).toEqual([
        "up 1",
        "down 1 REPLACED",
        "alert 3 DUPLICATE_DATAPATH",
        "alert 4 DUPLICATE_DATAPATH",
        "up 2",
      ]);
      expect(present()).toBe(2);
    });

    it("gives way to one under newest that comes while it waits", async () => {
      await lab.bringUp(1);
      await lab.bringUp(1, { duplicates: "probe" });
      await lab.bringUp(1);
      expect(lab.told.map((line) => line.split(":")[0])).toEqual([
        "up 1",
        "down 1 REPLACED",
        "alert 2 DUPLICATE_DATAPATH",
        "up 3",
      ]);
    });
  });
});

describe("an auxiliary connection", () => {
  let lab: RegistryLab;

  beforeEach(() => {
    lab = new RegistryLab();
  });

  it("joins its main connection whatever the policy for duplicates is", async () => {
    await lab.bringUp(1, { duplicates: "reject" });
    await lab.connect({ duplicates: "reject" }, HELLO, features(1, 1), BARRIER_REPLY);
    await lab.connect({ duplicates: "reject" }, HELLO, features(1, 1), BARRIER_REPLY);
    expect(lab.told).toEqual(["up 1", `frame 2 ${BARRIER_REPLY}`, `frame 3 ${BARRIER_REPLY}`]);
    expect(lab.registry.datapath(DPID, 1)?.facts.connId).toBe(3);
  });

  it("is refused in another version than that of the main connection", async () => {
    await lab.bringUp(1);
    const inVersion5 = features(1, 1).replace(/^04/, "05");
    await lab.connect({ versions: [5] }, HELLO.replace("04", "05"), inVersion5);
    expect(lab.told[1]).toBe(
      "alert 2 AUXILIARY_REFUSED: Auxiliary connection refused: its version 5 is not that of the main connection, 4",
    );
  });

  it("is refused from another address, however that is written", async () => {
    const start = async (host: string, frames: string[]): Promise<void> => {
      const [ours, peer] = duplexPair();
      peer.resume();
      lab.adopt(ours, {}, host);
      for (const frame of frames) peer.write(Buffer.from(frame, "hex"));
      await turn();
      await turn();
    };
    await start("::ffff:192.0.2.1", [HELLO, features(1), PORT_DESC]);
    await start("192.0.2.1", [HELLO, features(1, 1)]);
    await start("192.0.2.2", [HELLO, features(1, 2)]);
    expect(lab.told).toEqual([
      "up 1",
      "alert 3 AUXILIARY_REFUSED: Auxiliary connection refused: it comes from 192.0.2.2, the main connection from 192.0.2.1",
    ]);
  });

  it("ends with the main connection that is replaced, and not with another datapath's", async () => {
    await lab.bringUp(1);
    await lab.connect({}, HELLO, features(1, 1));
    await lab.bringUp(2);
    await lab.connect({}, HELLO, features(2, 1));
    await lab.bringUp(1);
    expect([...lab.registry.channels()].map(({ facts }) => facts.connId)).toEqual([3, 4, 5]);
    expect(lab.left).toEqual([2]);
    expect(lab.registry.datapath(DPID, 1)).toBeUndefined();
  });
});

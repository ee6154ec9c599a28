/**
 * Several queues at one port, with counters. Dummy ports have one without: this needs a device of the system, and the
 * right to make one.
 */
import { expect, it } from "vitest";
import { ARP_FRAME, V1_2, V1_4 } from "./checks/suite.js";
import type { Json } from "./daemon.js";
import { describeWith } from "./installed.js";
import { BRIDGE, Lab } from "./lab.js";
import { OVS_PROGRAMS } from "./ovs.js";
import { addPortWithQueues, sendByQueue } from "./tap-port.js";

const PORT = 9;
/** What the frame is counted as. */
const BYTES = 60;
/** A rate that is not told (1.3.5 §7.2.2.1). */
const NO_RATE = 0xffff;

describeWith([...OVS_PROGRAMS, "python3"], "Queues with counters", () => {
  it.each([1, 2, 3, 4, 5, 6])("are told over wire version %i", async (version) => {
    const lab = await Lab.start(version);
    try {
      // A device's name has up to 15 characters.
      const name = `oq${version}-${process.pid}`;
      await addPortWithQueues(lab.ovs, BRIDGE, name, PORT, [0, 5, 7]);
      await start(lab);
      await sendByQueue(name, 7, ARP_FRAME, 3);
      await sendByQueue(name, 5, ARP_FRAME, 1);

      const all = await lab.list("QUEUE_STATS_REQUEST", { port_no: PORT, queue_id: "ALL" });
      const counters = (tx_packets: number): Json => ({
        tx_packets,
        tx_bytes: tx_packets * BYTES,
        tx_errors: 0,
      });
      expect(byNumber(all)).toMatchObject([
        // What the system itself sends is in this one.
        { port_no: PORT, queue_id: 0, tx_errors: 0 },
        { port_no: PORT, queue_id: 5, ...counters(1) },
        { port_no: PORT, queue_id: 7, ...counters(3) },
      ]);
      const one = await lab.list("QUEUE_STATS_REQUEST", { port_no: PORT, queue_id: 7 });
      expect(one).toMatchObject([{ port_no: PORT, queue_id: 7, ...counters(3) }]);
      expect(await lab.ovs.ofctl(BRIDGE, version, "queue-stats", String(PORT), "7")).toContain(
        `port ${PORT} queue 7: bytes=${3 * BYTES}, pkts=3, errors=0`,
      );

      expect(byNumber(await configured(lab))).toEqual(
        [0, 5, 7].map((queue_id) => ({
          queue_id,
          port_no: version >= V1_2 ? PORT : 0,
          min_rate: NO_RATE,
          max_rate: NO_RATE,
          properties: [],
        })),
      );
    } finally {
      await lab.stop();
    }
  });
});

/** Has the device take frames: it begins as a port that is down. */
async function start(lab: Lab): Promise<void> {
  const { msg } = await lab.daemon.event(
    "the port",
    ({ type, msg }) => type === "PORT_STATUS" && msg.port_no === PORT && msg.reason === "ADD",
  );
  const port = { port_no: PORT, hw_addr: msg.hw_addr, advertise: [] };
  await lab.tell("PORT_MOD", { ...port, config: [], mask: ["PORT_DOWN"] });
}

async function configured(lab: Lab): Promise<readonly Json[]> {
  if (lab.version >= V1_4) return lab.list("QUEUE_DESC_REQUEST", { port_no: PORT, queue_id: "ALL" });
  const { msg } = await lab.ask("QUEUE_GET_CONFIG_REQUEST", { port_no: PORT });
  return msg.queues as readonly Json[];
}

function byNumber(queues: readonly Json[]): readonly Json[] {
  return [...queues].sort((one, other) => Number(one.queue_id) - Number(other.queue_id));
}

/**
 * Queues. A dummy port has one of number 0, without counters and rates, and ovs-vsctl cannot give it others:
 * ovs-queues.test.ts has ports with several.
 */
import { expect, it } from "vitest";
import { resetBefore, type Suite, V1_2, V1_3, V1_4 } from "./suite.js";

/** What is not counted. */
const UNKNOWN = 0xffff_ffff_ffff_ffffn;
/** A rate that is not set (1.3.5 §7.2.2.1). */
const NO_RATE = 0xffff;

export function checkQueues(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("QUEUE_STATS of a port has its only queue", async () => {
    const queues = await lab().list("QUEUE_STATS_REQUEST", { port_no: 2, queue_id: "ALL" });
    const counters = { tx_packets: UNKNOWN, tx_bytes: UNKNOWN, tx_errors: UNKNOWN };
    expect(queues).toEqual([
      {
        port_no: 2,
        queue_id: 0,
        ...counters,
        duration: expect.stringMatching(version < V1_3 ? /^0$/ : /^4294967295\./),
        ...(version >= V1_4 ? { properties: [] } : {}),
      },
    ]);
  });

  it("QUEUE_STATS of all ports and of one queue", async () => {
    const all = await lab().list("QUEUE_STATS_REQUEST", { port_no: "ANY", queue_id: "ALL" });
    const ids = all.map(({ port_no, queue_id }) => [port_no, queue_id]);
    expect(ids.sort()).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      ["LOCAL", 0],
    ]);
    const one = await lab().list("QUEUE_STATS_REQUEST", { port_no: 1, queue_id: 0 });
    expect(one).toMatchObject([{ port_no: 1, queue_id: 0 }]);
  });

  it("QUEUE_STATS of a queue or port that is not there is an error", async () => {
    const queue = await lab().ask("QUEUE_STATS_REQUEST", { port_no: 1, queue_id: 9 });
    expect(queue.msg).toMatchObject({ type: "QUEUE_OP_FAILED", code: "OFPQOFC_BAD_QUEUE" });
    const port = await lab().ask("QUEUE_STATS_REQUEST", { port_no: 99, queue_id: "ALL" });
    expect(port.msg).toMatchObject({ type: "QUEUE_OP_FAILED", code: "OFPQOFC_BAD_PORT" });
  });

  if (version < V1_4) {
    it("QUEUE_GET_CONFIG of a port has its only queue", async () => {
      const reply = await lab().ask("QUEUE_GET_CONFIG_REQUEST", { port_no: 2 });
      const port_no = version >= V1_2 ? 2 : 0;
      const queue = { queue_id: 0, port_no, min_rate: NO_RATE, max_rate: NO_RATE, properties: [] };
      expect(reply).toMatchObject({ type: "QUEUE_GET_CONFIG_REPLY", msg: { port_no: 2, queues: [queue] } });
    });

    it("QUEUE_GET_CONFIG of a port that is not there is an error", async () => {
      const { msg } = await lab().ask("QUEUE_GET_CONFIG_REQUEST", { port_no: 99 });
      expect(msg).toMatchObject({ type: "QUEUE_OP_FAILED", code: "OFPQOFC_BAD_PORT" });
    });
  } else {
    it("QUEUE_DESC of a port has its only queue", async () => {
      const queues = await lab().list("QUEUE_DESC_REQUEST", { port_no: 2, queue_id: "ALL" });
      const rates = { min_rate: NO_RATE, max_rate: NO_RATE, properties: [] };
      expect(queues).toEqual([{ port_no: 2, queue_id: 0, ...rates }]);
    });

    it("QUEUE_DESC of a queue or port that is not there is an error", async () => {
      const queue = await lab().ask("QUEUE_DESC_REQUEST", { port_no: 1, queue_id: 9 });
      expect(queue.msg).toMatchObject({ type: "QUEUE_OP_FAILED", code: "OFPQOFC_BAD_QUEUE" });
      const port = await lab().ask("QUEUE_DESC_REQUEST", { port_no: 99, queue_id: "ALL" });
      expect(port.msg).toMatchObject({ type: "QUEUE_OP_FAILED", code: "OFPQOFC_BAD_PORT" });
    });
  }
}

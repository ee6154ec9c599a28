// Flows in Open vSwitch's notation, in the methods that send messages.
import { beforeAll, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { MemoryGateway } from "./gateway-in-memory.js";

beforeAll(() => configureLog({ level: "silent" }));

/** FLOW_MOD of 1.3 (1.3.5 §7.3.4.1): ADD, priority 0x8000, IN_PORT 1, APPLY_ACTIONS of OUTPUT to port 2; but for its xid. */
const FLOW_MOD = [
  "040e0058 xxxxxxxx 0000000000000000 0000000000000000 00 00 0000 0000 8000 ffffffff ffffffff ffffffff 0000 0000",
  "0001000c 80000004 00000001 00000000 0004 0018 00000000 0000 0010 00000002 0000 000000000000",
]
  .join("")
  .replaceAll(" ", "");

const FLOW = { flow: "in_port=1,actions=output:2" };
const WRONG = { flow: "in_port=1,actions=outptu:2" };

describe("a flow in Open vSwitch's notation", () => {
  it.each<[string, (message: object) => object, string]>([
    ["OFP.SEND", (message) => ({ conn_id: 1, ...message }), "params.flow"],
    ["OFP.REQUEST", (message) => ({ conn_id: 1, ...message }), "params.flow"],
    ["OFP.SEND_BATCH", (message) => ({ conn_id: 1, messages: [message] }), "params.messages[0].flow"],
  ])("is sent by %s, which says where it is wrong", async (method, params, path) => {
    const daemon = new MemoryGateway();
    const one = await daemon.connect();
    await daemon.say(method, params(FLOW));
    expect(one.received[0]?.replace(/^(.{8}).{8}/, "$1xxxxxxxx")).toBe(FLOW_MOD);
    one.received = [];
    daemon.texts();
    const [, sentence, place] = await daemon.refusal(method, params(WRONG));
    expect([sentence, place]).toEqual([expect.stringContaining("outptu"), path]);
    expect(one.received).toEqual([]);
  });
});

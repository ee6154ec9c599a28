/** Packets that wait in the switch until the controller lets them go on: NX_CONTROLLER2 with PAUSE, NXT_RESUME. */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { OpenFlowMessage } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE } from "../lab.js";
import { ARP_FRAME, resetBefore, type Suite } from "./suite.js";

/** The packet waits, with two bytes for the controller. */
const PAUSE = { action: "NX_CONTROLLER2", userdata: "CAFE", properties: [{ property: "PAUSE" }] };

interface PacketIn {
  readonly data: string;
  readonly _pkt?: unknown;
  readonly properties: readonly { readonly property: string; readonly data?: string }[];
}

export function checkPausedPackets(suite: Suite): void {
  const { lab } = suite;
  resetBefore(suite);

  const setFormat = (format: string): Promise<void> => lab().tell("NXT_SET_PACKET_IN_FORMAT", { format });
  beforeEach(() => setFormat("NXT_PACKET_IN2"));
  afterEach(() => setFormat("PACKET_IN"));

  // Frames that no other check lets out of port 2.
  const frame = (n: number): string => ARP_FRAME.replace("0a000002", `0a00b${n}02`);

  /** Lets a frame come in at port 1, where a flow pauses it, and gives what the controller hears. */
  async function pause(n: number): Promise<OpenFlowMessage & { readonly msg: PacketIn }> {
    await lab().addFlow({ cookie: 5, match: match({ IN_PORT: 1 }), instructions: apply(PAUSE, output(2)) });
    await lab().ovs.inject(`${BRIDGE}-p1`, frame(n));
    return (await lab().daemon.next("NXT_PACKET_IN2")) as OpenFlowMessage & { readonly msg: PacketIn };
  }

  it("go on to the next action when they are sent back as they came", async () => {
    const { msg } = await pause(1);
    expect(msg).toMatchObject({
      cookie: 5,
      match: match({ IN_PORT: 1 }),
      userdata: "CAFE",
      data: frame(1).toUpperCase(),
      _pkt: expect.arrayContaining([{ field: "ARP_TPA", value: "10.0.177.2" }]),
      properties: [{ property: "CONTINUATION", data: expect.stringMatching(/^([0-9A-F]{2})+$/) }],
    });
    expect(lab().ovs.hasSent(`${BRIDGE}-p2`, frame(1))).toBe(false);
    await lab().tell("NXT_RESUME", msg);
    await lab().ovs.sent(`${BRIDGE}-p2`, frame(1));
  });

  it("go on as the controller has changed them, if the switch knows of them", async () => {
    const { msg } = await pause(2);
    const data = frame(3);
    // What is told of the old packet would contradict the new one.
    const { _pkt, ...changed } = { ...msg, data };
    await lab().tell("NXT_RESUME", changed);
    await lab().ovs.sent(`${BRIDGE}-p2`, data);
    expect(lab().ovs.hasSent(`${BRIDGE}-p2`, frame(2))).toBe(false);

    const stale = msg.properties.map((one) =>
      one.property === "CONTINUATION" ? { ...one, data: withOtherBridge(one.data) } : one,
    );
    const { msg: error } = await lab().refusal("NXT_RESUME", { ...changed, properties: stale });
    expect(error).toMatchObject({ _error: "NXR_STALE" });
  });
}

/** A continuation of another bridge, whose UUID is 16 bytes behind the first 8. */
function withOtherBridge(continuation = ""): string {
  return continuation.replace(/^(.{16}).{32}/, `$1${"7".repeat(32)}`);
}

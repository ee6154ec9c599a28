import { describe, expect, it } from "vitest";
import { SimulatedSwitch } from "../../src/switch/index.js";
import { duplexPair } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function open(version: 1 | 4 = 4) {
  const [ours, controller] = duplexPair();
  const clock = new FakeClock();
  const options = { version, datapathId: "00:00:00:00:00:00:00:01", ports: 1 };
  const simulated = new SimulatedSwitch(ours, options, clock);
  let received = "";
  controller.on("data", (chunk: Buffer) => {
    received += chunk.toString("hex");
  });
  /** Sends frames and gives what has come since the last time. */
  const say = async (...frames: string[]): Promise<string> => {
    for (const frame of frames) controller.write(Buffer.from(frame, "hex"));
    await turn();
    await turn();
    const bytes = received;
    received = "";
    return bytes;
  };
  return { simulated, controller, clock, say };
}

describe("SimulatedSwitch", () => {
  it("greets at once, in its version", async () => {
    expect(await open(4).say()).toBe("0400000800000000");
    expect(await open(1).say()).toBe("0100000800000000");
  });

  it("answers with the xid of the question", async () => {
    const { say } = open();
    await say("0400000800000000");
    expect(await say("041400080000002a")).toBe("041500080000002a");
  });

  it("refuses a controller of another version", async () => {
    const { say, controller } = open(4);
    await say();
    expect(await say("0100000800000000")).toBe("0401000c0000000000000000");
    expect(controller.readableEnded).toBe(true);
  });

  it("sends the packets that no flow takes", async () => {
    const { say, simulated } = open();
    await say("0400000800000000");
    simulated.inject(1, Buffer.from("abcd", "hex"));
    const packetIn = await say();
    expect(packetIn.slice(0, 16)).toBe("040a002c00000000");
    expect(packetIn.slice(-4)).toBe("abcd");
  });

  it("answers a message that cannot be decoded with ERROR, and goes on", async () => {
    const { say } = open();
    await say("0400000800000000");
    expect(await say("040e000c0000000700000000")).toBe(
      "040100180000000000010006" + "040e000c0000000700000000",
    );
    expect(await say("041400080000002a")).toBe("041500080000002a");
  });

  it("hangs up on bytes that are no messages", async () => {
    const { say, controller } = open();
    await say("0400000800000000");
    await say("0400000000000000");
    expect(controller.readableEnded).toBe(true);
  });

  it("is silent once it is closed", async () => {
    const { say, simulated, clock } = open();
    await say("0400000800000000");
    simulated.close();
    simulated.inject(1, Buffer.alloc(14));
    clock.advance(5000);
    expect(await say("041400080000002a")).toBe("");
  });
});

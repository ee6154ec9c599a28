import { beforeEach, describe, expect, it } from "vitest";
import { Outlet, PACKET_IN_AHEAD } from "../../src/rpc/index.js";
import { MemoryTransport } from "./memory-transport.js";

const LIMITS = { clientPacketInBytes: 30, clientQueueBytes: 1 << 20 };
const text = (name: string): Buffer => Buffer.from(name);

describe("an outlet", () => {
  let transport: MemoryTransport;
  let outlet: Outlet;
  let full: boolean[];

  beforeEach(() => {
    transport = new MemoryTransport();
    full = [];
    outlet = new Outlet(transport, LIMITS, (now) => full.push(now));
  });

  /** The transport has so many bytes before it. */
  function load(bytes: number): void {
    transport.queuedBytes = bytes;
    transport.accepts = bytes <= 1 << 20;
  }

  function drain(): void {
    load(0);
    transport.resume();
  }

  it("sends PACKET_INs at once while there is not much before them", () => {
    load(PACKET_IN_AHEAD - 1);
    outlet.offer(text("in"), 1);
    expect(transport.sent).toEqual(["in"]);
  });

  it("lets what must not be lost overtake PACKET_INs", () => {
    load(PACKET_IN_AHEAD);
    outlet.offer(text("in 1"), 1);
    outlet.keep(text("reply"));
    expect(transport.sent).toEqual(["reply"]);
    load(0);
    outlet.offer(text("in 2"), 1);
    expect(transport.sent).toEqual(["reply"]);
    drain();
    expect(transport.sent).toEqual(["reply", "in 1", "in 2"]);
  });

  it("copies what waits", () => {
    load(PACKET_IN_AHEAD);
    const bytes = text("in 1");
    outlet.offer(bytes, 1);
    bytes.fill(0);
    drain();
    expect(transport.sent).toEqual(["in 1"]);
  });

  it("drops and counts PACKET_INs beyond the limit, the newest first, and nothing else", () => {
    load(PACKET_IN_AHEAD);
    for (const name of ["0123456789", "1123456789", "2123456789"]) outlet.offer(text(name), 1);
    expect(outlet.takesPacketIn()).toBe(false);
    outlet.offer(text("3"), 1);
    expect(outlet.dropped).toBe(2);
    outlet.keep(text("event"));
    drain();
    expect(transport.sent).toEqual(["event", "0123456789", "1123456789", "2123456789"]);
    expect(outlet.takesPacketIn()).toBe(true);
    expect(outlet.queuedBytes).toBe(0);
  });

  it("gives the transport no more than it takes", () => {
    load(PACKET_IN_AHEAD);
    outlet.offer(text("a"), 1);
    outlet.offer(text("b"), 1);
    const send = transport.send.bind(transport);
    transport.send = (bytes) => {
      load(PACKET_IN_AHEAD);
      return send(bytes);
    };
    drain();
    expect(transport.sent).toEqual(["a"]);
    drain();
    expect(transport.sent).toEqual(["a", "b"]);
  });

  it("forgets the PACKET_INs of a connection that has ended, and counts them", () => {
    load(PACKET_IN_AHEAD);
    outlet.offer(text("of 1"), 1);
    outlet.offer(text("of 2"), 2);
    outlet.offer(text("of 1"), 1);
    outlet.forget(1);
    expect(outlet.dropped).toBe(2);
    drain();
    expect(transport.sent).toEqual(["of 2"]);
  });

  it("tells that it is full once, and when that is over", () => {
    load((1 << 20) + 1);
    outlet.keep(text("a"));
    outlet.keep(text("b"));
    expect(full).toEqual([true]);
    drain();
    expect(full).toEqual([true, false]);
    expect(transport.sent).toEqual(["a", "b"]);
  });
});

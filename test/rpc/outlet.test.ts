import { beforeEach, describe, expect, it } from "vitest";
import { Outlet, type OutletLimits } from "../../src/rpc/index.js";
import { MemoryTransport } from "./memory-transport.js";

const text = (name: string): Buffer => Buffer.from(name);

describe("an outlet", () => {
  let transport: MemoryTransport;
  let outlet: Outlet;
  let full: boolean[];
  let limits: OutletLimits;

  beforeEach(() => {
    transport = new MemoryTransport();
    full = [];
    limits = { clientPacketInBytes: 30, clientQueueBytes: 1 << 20 };
    outlet = new Outlet(
      transport,
      () => limits,
      (now) => full.push(now),
    );
  });

  /** The kernel takes nothing more. */
  function block(): void {
    transport.blocked = true;
  }

  function drain(): void {
    transport.blocked = false;
    transport.queuedBytes = 0;
    transport.resume();
  }

  it("sends PACKET_INs at once while the kernel takes them", () => {
    transport.queuedBytes = 1 << 20;
    outlet.offer(text("in"), 1);
    expect(transport.sent).toEqual(["in"]);
  });

  it("lets what must not be lost overtake PACKET_INs", () => {
    block();
    outlet.offer(text("in 1"), 1);
    outlet.keep(text("reply"));
    expect(transport.sent).toEqual(["reply"]);
    transport.blocked = false;
    outlet.offer(text("in 2"), 1);
    expect(transport.sent).toEqual(["reply"]);
    drain();
    expect(transport.sent).toEqual(["reply", "in 1", "in 2"]);
  });

  it("copies what waits", () => {
    block();
    const bytes = text("in 1");
    outlet.offer(bytes, 1);
    bytes.fill(0);
    drain();
    expect(transport.sent).toEqual(["in 1"]);
  });

  it("drops and counts PACKET_INs beyond the limit, the newest first, and nothing else", () => {
    block();
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
    block();
    outlet.offer(text("a"), 1);
    outlet.offer(text("b"), 1);
    const send = transport.send.bind(transport);
    transport.send = (bytes) => {
      block();
      return send(bytes);
    };
    drain();
    expect(transport.sent).toEqual(["a"]);
    drain();
    expect(transport.sent).toEqual(["a", "b"]);
  });

  it("forgets the PACKET_INs of a connection that has ended, and counts them", () => {
    block();
    outlet.offer(text("of 1"), 1);
    outlet.offer(text("of 2"), 2);
    outlet.offer(text("of 1"), 1);
    outlet.forget(1);
    expect(outlet.dropped).toBe(2);
    drain();
    expect(transport.sent).toEqual(["of 2"]);
  });

  it("tells that it is full once, and when that is over", () => {
    transport.queuedBytes = (1 << 20) + 1;
    outlet.keep(text("a"));
    outlet.keep(text("b"));
    expect(full).toEqual([true]);
    drain();
    expect(full).toEqual([true, false]);
    expect(transport.sent).toEqual(["a", "b"]);
  });

  it("obeys limits as they are now", () => {
    block();
    outlet.offer(text("0123456789"), 1);
    limits = { clientPacketInBytes: 15, clientQueueBytes: 5 };
    outlet.offer(text("1123456789"), 1);
    expect(outlet.dropped).toBe(1);
    transport.queuedBytes = 6;
    outlet.keep(text("reply"));
    expect(full).toEqual([true]);
  });
});

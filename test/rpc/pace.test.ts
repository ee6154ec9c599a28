import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { FULL_BYTES, Pace, type RpcTransport, SLOW_BYTES, STALL_TIME } from "../../src/rpc/index.js";
import { FakeClock } from "../channel/fake-clock.js";

const EVENT = Buffer.from("event");
const PACKET_IN = true;

class FakeTransport implements RpcTransport {
  queuedBytes = 0;
  sent = 0;
  #resume: () => void = () => undefined;
  readonly closed = Promise.resolve();
  start(): void {}
  close(): void {}
  destroy(): void {}
  send(): boolean {
    this.sent++;
    return this.queuedBytes === 0;
  }
  onDrain(resume: () => void): void {
    this.#resume = resume;
  }
  drain(): void {
    this.queuedBytes = 0;
    this.#resume();
  }
}

describe("Pace", () => {
  let clock: FakeClock;
  let pace: Pace;
  let one: FakeTransport;
  let two: FakeTransport;
  let paused: boolean;

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(() => {
    clock = new FakeClock();
    pace = new Pace(clock);
    one = new FakeTransport();
    two = new FakeTransport();
    paused = false;
    pace.watch({
      pause: () => {
        paused = true;
      },
      resume: () => {
        paused = false;
      },
    });
    pace.add(one);
  });

  it("pauses the source while the client is behind, and loses nothing", () => {
    one.queuedBytes = 1;
    pace.send(EVENT, PACKET_IN);
    expect(paused).toBe(true);
    pace.send(EVENT, PACKET_IN);
    expect(one.sent).toBe(2);
    expect(pace.wantsPacketIn()).toBe(true);
    one.drain();
    expect(paused).toBe(false);
    expect(pace.dropped(one)).toBe(0);
  });

  it("waits for a client that takes something each second", () => {
    one.queuedBytes = 1000;
    pace.send(EVENT, PACKET_IN);
    for (let i = 0; i < 10; i++) {
      one.queuedBytes -= 1;
      clock.advance(STALL_TIME);
    }
    expect(paused).toBe(true);
    expect(pace.wantsPacketIn()).toBe(true);
  });

  it("goes on without PACKET_INs for a client that takes nothing for a second, until it has caught up", () => {
    one.queuedBytes = 1000;
    pace.send(EVENT, PACKET_IN);
    clock.advance(STALL_TIME - 1);
    expect(paused).toBe(true);
    clock.advance(1);
    expect(paused).toBe(false);
    expect(pace.wantsPacketIn()).toBe(false);
    pace.send(EVENT, PACKET_IN);
    pace.send(EVENT, false);
    expect(one.sent).toBe(2);
    expect(pace.dropped(one)).toBe(2);
    one.drain();
    expect(pace.wantsPacketIn()).toBe(true);
    pace.send(EVENT, PACKET_IN);
    expect(one.sent).toBe(3);
  });

  it("stops all when a client is full, for as long as it takes", () => {
    one.queuedBytes = 1000;
    pace.send(EVENT, false);
    clock.advance(STALL_TIME);
    one.queuedBytes = FULL_BYTES + 1;
    pace.send(EVENT, false);
    expect(paused).toBe(true);
    clock.advance(100 * STALL_TIME);
    expect(paused).toBe(true);
    one.drain();
    expect(paused).toBe(false);
  });

  it("goes at the pace of the quickest client; one that is too far behind misses PACKET_INs", () => {
    pace.add(two);
    one.queuedBytes = SLOW_BYTES;
    pace.send(EVENT, PACKET_IN);
    expect(paused).toBe(false);
    expect(pace.dropped(one)).toBe(0);
    one.queuedBytes = SLOW_BYTES + 1;
    pace.send(EVENT, PACKET_IN);
    pace.send(EVENT, PACKET_IN);
    expect([one.sent, two.sent]).toEqual([2, 3]);
    expect([pace.dropped(one), pace.dropped(two)]).toEqual([1, 0]);
    two.queuedBytes = 1;
    pace.send(EVENT, PACKET_IN);
    expect(paused).toBe(true);
  });

  it("forgets a client that is gone, and what it held up", () => {
    one.queuedBytes = FULL_BYTES + 1;
    pace.send(EVENT, false);
    expect(paused).toBe(true);
    pace.remove(one);
    expect(paused).toBe(false);
    expect(pace.dropped(one)).toBe(0);
  });
});

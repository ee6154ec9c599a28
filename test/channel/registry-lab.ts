// A registry on a clock of our own, what it tells, and switches on streams in memory.
import type { Limits } from "../../src/base/index.js";
import { DEFAULT_LIMITS } from "../../src/base/index.js";
import {
  type Channel,
  type ChannelListener,
  type ConnectionOptions,
  Registry,
} from "../../src/channel/index.js";
import { duplexPair, type End } from "./duplex-pair.js";
import { FakeClock } from "./fake-clock.js";

export const HELLO = "0400000800000007";
export const PORT_DESC = "0413001000000002000d000000000000";
export const BARRIER_REPLY = "0415000800000009";

/** A FEATURES_REPLY of OpenFlow 1.3. */
export const features = (dpid: number, aux = 0): string =>
  `0406002000000001000000000000000${dpid}00000100fe0${aux}00000000004f00000000`;

export const OPTIONS: ConnectionOptions = {
  versions: [4],
  features: true,
  auxiliary: true,
  checkVersion: true,
};

const WHERE = { local: { host: "::1", port: 6653 }, remote: { host: "::1", port: 5 } };

/** Lets the streams do what they have to do. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class RegistryLab {
  /** One line for each call: what, the number of the connection, and what it is about. */
  readonly told: string[] = [];
  /** Auxiliary connections that have ended. */
  readonly left: number[] = [];
  readonly clock = new FakeClock();
  readonly registry: Registry;
  limits: Limits = DEFAULT_LIMITS;

  constructor() {
    const say = (what: string, connId: number, ...more: string[]): void => {
      this.told.push([what, connId, ...more].join(" "));
    };
    const audience: ChannelListener = {
      onUp: (channel) => say("up", channel.facts.connId),
      onFrame: (channel, frame) => say("frame", channel.facts.connId, frame.toString("hex")),
      onAlert: ({ facts }, message, _data, reason) => say("alert", facts.connId, `${reason}:`, message),
      onForeign: ({ facts }, message) => say("foreign", facts.connId, message),
      onDown: (channel, { reason }) => say("down", channel.facts.connId, reason),
      onLeft: ({ facts }) => this.left.push(facts.connId),
    };
    this.registry = new Registry(audience, this.clock, () => this.limits);
  }

  /** A switch connects and says these frames. */
  async connect(change: Partial<ConnectionOptions>, ...frames: string[]): Promise<End> {
    const [ours, peer] = duplexPair();
    peer.resume();
    this.adopt(ours, change);
    for (const frame of frames) {
      peer.write(Buffer.from(frame, "hex"));
      await turn();
    }
    await turn();
    return peer;
  }

  /** A connection is made, from another address if need be. */
  adopt(stream: End, change: Partial<ConnectionOptions> = {}, host = "::1"): Channel {
    const remote = { host, port: 5 };
    return this.registry.adopt(stream, { ...WHERE, remote, ...OPTIONS, ...change });
  }

  /** A switch of this datapath connects, and is up if it may. */
  bringUp(dpid: number, change: Partial<ConnectionOptions> = {}): Promise<End> {
    return this.connect(change, HELLO, features(dpid), PORT_DESC);
  }

  /** A whole number of seconds passes. */
  async pass(seconds: number): Promise<void> {
    for (let s = 0; s < seconds; s++) {
      this.clock.advance(1000);
      await turn();
    }
  }
}

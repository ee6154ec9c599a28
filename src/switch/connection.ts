// The connection of a simulated switch to its controller.
import type { Duplex } from "node:stream";
import { DecodeError } from "../base/index.js";
import { type Clock, connectTcp, type Endpoint, makeHello, negotiate, readOffer } from "../channel/index.js";
import { readMessage } from "../codec/decode.js";
import { makeFrame } from "../codec/encode.js";
import { FrameSplitter, peekType } from "../wire/index.js";
import { Datapath, type DatapathOptions } from "./datapath.js";
import type { Outgoing } from "./describe.js";

const HELLO = 0;

/** Milliseconds between two looks at the flows' timeouts. */
const EXPIRY_INTERVAL = 1000;

/** A switch with a connection to a controller. */
export class SimulatedSwitch {
  readonly datapath: Datapath;
  readonly #stream: Duplex;
  readonly #splitter: FrameSplitter;
  readonly #stopExpiring: () => void;
  #agreed = false;

  /** Greets the controller at once. @param stream  an open connection to it */
  constructor(stream: Duplex, options: Omit<DatapathOptions, "now">, clock: Clock) {
    this.datapath = new Datapath({ ...options, now: clock.now });
    this.#stream = stream;
    this.#splitter = new FrameSplitter((b, o, end) => this.#onFrame(b.subarray(o, end)));
    this.#stopExpiring = clock.every(EXPIRY_INTERVAL, () => this.#send(this.datapath.expire()));
    stream.on("data", (chunk: Buffer) => this.#onChunk(chunk));
    stream.on("error", () => undefined);
    stream.on("close", () => this.#stopExpiring());
    stream.write(makeHello([options.version]));
  }

  /** A packet comes in at a port. The controller gets it when no flow takes it. */
  inject(inPort: number, packet: Uint8Array): void {
    this.#send(this.datapath.receive(inPort, packet));
  }

  /** Ends the connection; what was sent arrives. */
  close(): void {
    this.#splitter.close();
    this.#stream.end();
  }

  #onChunk(chunk: Buffer): void {
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#stream.destroy();
    }
  }

  #onFrame(frame: Buffer): void {
    const { version } = this.datapath.options;
    if (!this.#agreed) {
      this.#agreed = peekType(frame) === HELLO && negotiate([version], readOffer(frame)) !== 0;
      if (!this.#agreed) {
        const msg = { type: "HELLO_FAILED", code: "OFPHFC_INCOMPATIBLE", data: "" };
        this.#send([{ type: "ERROR", msg }]);
        this.close();
      }
      return;
    }
    this.#send(this.#answer(frame));
  }

  #answer(frame: Buffer): Outgoing[] {
    try {
      return this.datapath.answer(readMessage(frame), frame);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const data = frame.toString("hex", 0, 64);
      return [{ type: "ERROR", msg: { type: "BAD_REQUEST", code: "OFPBRC_BAD_LEN", data } }];
    }
  }

  #send(messages: readonly Outgoing[]): void {
    if (!this.#stream.writable) return;
    const { version } = this.datapath.options;
    for (const message of messages) this.#stream.write(makeFrame({ xid: 0, ...message }, { version }));
  }
}

/** Connects a new switch to a controller. Rejects with SystemError. */
export async function connectSwitch(
  controller: Endpoint,
  options: Omit<DatapathOptions, "now">,
  clock: Clock,
): Promise<SimulatedSwitch> {
  const { socket, connected } = connectTcp(controller);
  await connected;
  return new SimulatedSwitch(socket, options, clock);
}

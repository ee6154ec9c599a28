// Texts over a pair of byte streams: stdin and stdout, or both sides of a socket.
import type { Readable, Writable } from "node:stream";
import { Outbox } from "../../channel/index.js";
import type { Framing } from "./framing.js";
import { BUSY_BYTES, FULL_BYTES, type RpcTransport } from "./transport.js";

/** Bytes that are gathered before they are written. */
const CHUNK_SIZE = 65536;

/** A transport over byte streams. */
export class DelimitedTransport implements RpcTransport {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #framing: Framing;
  readonly #outbox: Outbox;
  readonly closed: Promise<void>;
  #waiting: (() => void)[] = [];
  #ended = false;
  #broken = false;
  /** The peer does not take our texts; its own wait to be carried out. */
  #paused = false;
  #held = false;

  constructor(input: Readable, output: Writable, framing: Framing) {
    this.#input = input;
    this.#output = output;
    this.#framing = framing;
    this.#outbox = new Outbox(output, CHUNK_SIZE);
    this.closed = new Promise((resolve) => {
      output.once("finish", () => {
        // A socket of which only our side is closed would stay open.
        this.#input.destroy();
        resolve();
      });
      output.once("close", resolve);
    });
  }

  get queuedBytes(): number {
    return this.#outbox.queuedBytes;
  }

  start(onText: (text: string) => void, onClose: (reason?: Error) => void): void {
    const end = (reason?: Error): void => {
      if (this.#ended) return;
      this.#ended = true;
      this.#stopReading();
      onClose(reason);
    };
    const onBytes = (text: Buffer): void => {
      if (!this.#ended) onText(text.toString("utf8"));
    };
    this.#input.on("data", (chunk: Buffer) => {
      if (this.#ended) return;
      try {
        this.#framing.split(chunk, onBytes);
      } catch (error) {
        end(error as Error);
      }
    });
    this.#input.on("end", () => end());
    this.#input.on("close", () => end());
    // A peer that breaks off has ended all the same.
    this.#input.on("error", () => end());
    this.#output.on("error", () => {
      this.#broken = true;
      end();
    });
    this.#output.on("drain", () => this.#onDrain());
  }

  send(text: Uint8Array): boolean {
    if (this.#broken) return true;
    const body = this.#framing.body(text);
    this.#outbox.append(this.#framing.header(body.length));
    this.#outbox.append(body);
    this.#outbox.append(this.#framing.trailer);
    this.#outbox.schedule();
    const { queuedBytes } = this.#outbox;
    if (queuedBytes > FULL_BYTES && !this.#paused) {
      this.#paused = true;
      this.#flow();
    }
    return queuedBytes <= BUSY_BYTES;
  }

  onDrain(resume: () => void): void {
    this.#waiting.push(resume);
  }

  hold(held: boolean): void {
    this.#held = held;
    this.#flow();
  }

  close(): void {
    this.#ended = true;
    this.#outbox.flush();
    this.#output.end();
    this.#stopReading();
  }

  destroy(): void {
    this.#input.destroy();
    this.#output.destroy();
  }

  #flow(): void {
    if (this.#ended) return;
    if (this.#paused || this.#held) this.#input.pause();
    else this.#input.resume();
  }

  #stopReading(): void {
    if ((this.#input as unknown) === this.#output) this.#input.pause();
    else this.#input.destroy();
  }

  #onDrain(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#flow();
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

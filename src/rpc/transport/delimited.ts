// Texts over a pair of byte streams: stdin and stdout, or both sides of a socket.
import type { Readable, Writable } from "node:stream";
import { Outbox, toSystemError } from "../../channel/streams.js";
import type { Framing } from "./framing.js";
import type { RpcTransport } from "./transport.js";

/** Bytes that are gathered before they are written. */
const CHUNK_SIZE = 65536;

/** A transport over byte streams. */
export class DelimitedTransport implements RpcTransport {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #framing: Framing;
  readonly #outbox: Outbox;
  readonly closed: Promise<void>;
  #ended = false;
  #broken = false;
  #failure: Error | undefined;

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

  get blocked(): boolean {
    return this.#outbox.blocked;
  }

  get failure(): Error | undefined {
    return this.#failure;
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
    this.#output.on("error", (error: NodeJS.ErrnoException) => {
      this.#broken = true;
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") this.#failure ??= toSystemError(error);
      end();
    });
  }

  send(text: Uint8Array): void {
    if (this.#broken) return;
    const body = this.#framing.body(text);
    this.#outbox.append(this.#framing.header(body.length));
    this.#outbox.append(body);
    this.#outbox.append(this.#framing.trailer);
    this.#outbox.schedule();
  }

  onDrain(resume: () => void): void {
    this.#outbox.onDrain(resume);
  }

  hold(held: boolean): void {
    if (this.#ended) return;
    if (held) this.#input.pause();
    else this.#input.resume();
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

  #stopReading(): void {
    if ((this.#input as unknown) === this.#output) this.#input.pause();
    else this.#input.destroy();
  }
}

// A client in this very process.
import { RpcError } from "../../base/index.js";
import type { RpcTransport } from "./transport.js";

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Sends requests to the gateway that serves it, and hears its events. */
export class LocalClient implements RpcTransport {
  readonly #onEvent: (text: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #onText: ((text: string) => void) | undefined;
  #onClose: (() => void) | undefined;
  #lastId = 0;
  #resolveClosed: () => void = () => undefined;
  readonly closed = new Promise<void>((resolve) => {
    this.#resolveClosed = resolve;
  });

  /** @param onEvent  gets the JSON text of each event */
  constructor(onEvent: (text: string) => void) {
    this.#onEvent = onEvent;
  }

  readonly queuedBytes = 0;

  start(onText: (text: string) => void, onClose: () => void): void {
    this.#onText = onText;
    this.#onClose = onClose;
  }

  send(text: Uint8Array): boolean {
    const json = Buffer.from(text).toString("utf8");
    if (json.startsWith('{"id":')) this.#settle(json);
    else this.#onEvent(json);
    return true;
  }

  onDrain(resume: () => void): void {
    resume();
  }

  hold(): void {}

  close(): void {
    this.#resolveClosed();
    this.#onClose?.();
    for (const { reject } of this.#waiting.values()) reject(new Error("the client is closed"));
    this.#waiting.clear();
  }

  destroy(): void {
    this.close();
  }

  /** Carries out a request and gives its result. Rejects with RpcError. */
  request(method: string, params?: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#onText?.(JSON.stringify({ id, method, params }));
    });
  }

  #settle(json: string): void {
    const reply = JSON.parse(json) as {
      id: number;
      result?: unknown;
      error?: { code: number; message: string; data?: unknown };
    };
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    const { error } = reply;
    if (error === undefined) waiting?.resolve(reply.result);
    else waiting?.reject(new RpcError(error.code, error.message, error.data));
  }
}

// A client of JSON-RPC over a transport: requests, their replies, and events.
import { OftrError, RpcError } from "../base/index.js";
import type { Clock } from "../channel/streams.js";
import type { DialectName, RpcTransport } from "../rpc/calling.js";
import { jsonMembers } from "../text/index.js";

/** A request that gets no reply. CLOSED: the connection has ended; TIMEOUT: it took too long. */
export class CallError extends OftrError<"CLOSED" | "TIMEOUT" | "PROTOCOL"> {
  override readonly name = "CallError";
}

/** What a client needs, besides a transport that was not started. */
export interface RpcClientOptions {
  readonly clock: Clock;
  readonly dialect: DialectName;
  /** Gets the JSON text of each event. */
  readonly onEvent?: (text: string) => void;
  /** Called once when the connection has ended. */
  readonly onClose?: () => void;
}

interface Waiting {
  readonly resolve: (result: string) => void;
  readonly reject: (error: Error) => void;
  readonly stopTimer: () => void;
}

/** Sends requests to a daemon and gives their results. */
export class RpcClient {
  readonly #transport: RpcTransport;
  readonly #options: RpcClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #closed = false;

  constructor(transport: RpcTransport, options: RpcClientOptions) {
    this.#transport = transport;
    this.#options = options;
    transport.start(
      (text) => this.#onText(text),
      (reason) => this.#onClose(reason),
    );
  }

  /**
   * Has a request carried out; resolves with the JSON text of its result. Rejects with RpcError when the answer is an
   * error, with CallError when there is none.
   * @param params   JSON text
   * @param timeout  milliseconds until it is given up; without it never
   */
  request(method: string, params?: string, timeout?: number): Promise<string> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new CallError("CLOSED", "the connection has ended"));
        return;
      }
      const giveUp = (): void => {
        this.#waiting.delete(id);
        reject(
          new CallError(
            "TIMEOUT",
            `no reply came within ${Number(((timeout as number) / 1000).toFixed(1))} s`,
          ),
        );
      };
      const stopTimer = timeout === undefined ? () => undefined : this.#options.clock.after(timeout, giveUp);
      this.#waiting.set(id, { resolve, reject, stopTimer });
      const version = this.#options.dialect === "strict" ? '"jsonrpc":"2.0",' : "";
      const rest = params === undefined ? "" : `,"params":${params}`;
      this.#transport.send(Buffer.from(`{${version}"id":${id},"method":${JSON.stringify(method)}${rest}}`));
    });
  }

  /** Ends the connection. Requests that wait are rejected. */
  close(): void {
    this.#transport.close();
    this.#onClose();
  }

  #onText(text: string): void {
    let message: Reply;
    try {
      message = readMessage(text);
    } catch {
      this.#fail(
        new CallError("PROTOCOL", `the daemon has sent what is no JSON object: ${text.slice(0, 80)}`),
      );
      return;
    }
    const { id, error } = message;
    if ("method" in message) {
      this.#options.onEvent?.(text);
      return;
    }
    // An error without an id is about something that the daemon could not read.
    const ids = id === null && error !== undefined ? [...this.#waiting.keys()] : [id as number];
    for (const one of ids) {
      const waiting = this.#waiting.get(one);
      this.#waiting.delete(one);
      waiting?.stopTimer();
      if (error === undefined) waiting?.resolve((jsonMembers(text).get("result") ?? "null").trim());
      else waiting?.reject(new RpcError(error.code, error.message, error.data));
    }
  }

  #onClose(reason?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    const detail = reason === undefined ? "the daemon has closed the connection" : reason.message;
    this.#fail(new CallError("CLOSED", detail));
    this.#transport.close();
    this.#options.onClose?.();
  }

  #fail(error: CallError): void {
    for (const { reject, stopTimer } of this.#waiting.values()) {
      stopTimer();
      reject(error);
    }
    this.#waiting.clear();
  }
}

interface Reply {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

function readMessage(text: string): Reply {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("no object");
  return value;
}

// A connection inside this process, for programs that are daemon and client at once.
import type { RpcTransport } from "./transport.js";

/** Both ends of a connection: `daemon` is served, a client speaks through `client`. */
export function localConnection(): { readonly daemon: RpcTransport; readonly client: RpcTransport } {
  const daemon = new LocalEnd();
  const client = new LocalEnd();
  daemon.join(client);
  client.join(daemon);
  return { daemon, client };
}

/** One end. What is sent is there at once, or as soon as the other end is started. */
class LocalEnd implements RpcTransport {
  readonly queuedBytes = 0;
  readonly blocked = false;
  #other: LocalEnd | undefined;
  #onText: ((text: string) => void) | undefined;
  #onClose: () => void = () => undefined;
  #early: string[] = [];
  #resolveClosed: () => void = () => undefined;
  readonly closed = new Promise<void>((resolve) => {
    this.#resolveClosed = resolve;
  });

  join(other: LocalEnd): void {
    this.#other = other;
  }

  start(onText: (text: string) => void, onClose: () => void): void {
    this.#onText = onText;
    this.#onClose = onClose;
    for (const text of this.#early.splice(0)) onText(text);
  }

  send(text: Uint8Array): void {
    this.#other?.receive(Buffer.from(text).toString("utf8"));
  }

  receive(text: string): void {
    if (this.#onText === undefined) this.#early.push(text);
    else this.#onText(text);
  }

  onDrain(resume: () => void): void {
    resume();
  }

  hold(): void {
    // Requests come one by one from a program that we know.
  }

  close(): void {
    const other = this.#other;
    if (other === undefined) return;
    this.#other = undefined;
    this.#resolveClosed();
    this.#onClose();
    other.close();
  }

  destroy(): void {
    this.close();
  }
}

import type { RpcTransport } from "../../src/rpc/index.js";

/** A client in memory. */
export class MemoryTransport implements RpcTransport {
  readonly sent: string[] = [];
  queuedBytes = 0;
  blocked = false;
  held = false;
  isClosed = false;
  #resolveClosed: () => void = () => undefined;
  readonly closed = new Promise<void>((resolve) => {
    this.#resolveClosed = resolve;
  });
  onText: (text: string) => void = () => undefined;
  onClose: (reason?: Error) => void = () => undefined;
  resume: () => void = () => undefined;

  start(onText: (text: string) => void, onClose: (reason?: Error) => void): void {
    this.onText = onText;
    this.onClose = onClose;
  }
  send(text: Uint8Array): void {
    this.sent.push(Buffer.from(text).toString("utf8"));
  }
  onDrain(resume: () => void): void {
    this.resume = resume;
  }
  hold(held: boolean): void {
    this.held = held;
  }
  close(): void {
    this.isClosed = true;
    this.#resolveClosed();
  }
  destroy(): void {
    this.close();
  }
}

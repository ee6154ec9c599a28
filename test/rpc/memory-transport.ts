import type { RpcTransport } from "../../src/rpc/index.js";

/** A client in memory. */
export class MemoryTransport implements RpcTransport {
  readonly sent: string[] = [];
  queuedBytes = 0;
  accepts = true;
  closed = false;
  onText: (text: string) => void = () => undefined;
  onClose: (reason?: Error) => void = () => undefined;
  resume: () => void = () => undefined;

  start(onText: (text: string) => void, onClose: (reason?: Error) => void): void {
    this.onText = onText;
    this.onClose = onClose;
  }
  send(text: Uint8Array): boolean {
    this.sent.push(Buffer.from(text).toString("utf8"));
    return this.accepts;
  }
  onDrain(resume: () => void): void {
    this.resume = resume;
  }
  close(): void {
    this.closed = true;
  }
}

/** Carries whole JSON texts both ways; knows nothing of JSON-RPC. */
export interface RpcTransport {
  /**
   * Begins to read. `onText` is called for each text that comes. `onClose` is called once, after the last text, when
   * no more will come: with the reason when the peer broke the framing. Texts can still be sent then.
   */
  start(onText: (text: string) => void, onClose: (reason?: Error) => void): void;
  /** Queues a copy of one text (UTF-8 bytes, no delimiter). */
  send(text: Uint8Array): void;
  /** What was queued before is not taken by the kernel yet: what is sent now waits behind it. `onDrain` tells the end of that. */
  readonly blocked: boolean;
  /** Calls `resume` once, when the kernel has taken what was queued. */
  onDrain(resume: () => void): void;
  /** Reads no more from the peer while `held`; texts of what was read already may still come. */
  hold(held: boolean): void;
  /** Bytes that the peer has not taken yet. */
  readonly queuedBytes: number;
  /** Sends what is queued, then closes. Nothing is read any more. */
  close(): void;
  /** Closes at once; what is queued is lost. */
  destroy(): void;
  /** Why what was sent could not be written, other than that the peer has gone: a disk that is full. */
  readonly failure?: Error | undefined;
  /** Resolves when it is closed towards the peer, in good order or not. Never rejects. */
  readonly closed: Promise<void>;
}

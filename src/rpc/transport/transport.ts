/** Carries whole JSON texts both ways; knows nothing of JSON-RPC. */
export interface RpcTransport {
  /**
   * Begins to read. `onText` is called for each text that comes. `onClose` is called once, after the last text, when
   * no more will come: with the reason when the peer broke the framing. Texts can still be sent then.
   */
  start(onText: (text: string) => void, onClose: (reason?: Error) => void): void;
  /**
   * Queues a copy of one text (UTF-8 bytes, no delimiter).
   * False: the peer is slow, wait for `onDrain` before sending more.
   */
  send(text: Uint8Array): boolean;
  /** Calls `resume` once, when the peer has taken what was queued. */
  onDrain(resume: () => void): void;
  /** Reads no more from the peer while `held`; texts of what was read already may still come. */
  hold(held: boolean): void;
  /** Bytes that the peer has not taken yet. */
  readonly queuedBytes: number;
  /** Sends what is queued, then closes. Nothing is read any more. */
  close(): void;
  /** Closes at once; what is queued is lost. */
  destroy(): void;
  /** Resolves when it is closed towards the peer, in good order or not. Never rejects. */
  readonly closed: Promise<void>;
}

/** Unsent bytes above which `send` returns false. */
export const BUSY_BYTES = 1 << 20;

/** Unsent bytes above which no more requests are read, for they make more of them. */
export const FULL_BYTES = 64 << 20;

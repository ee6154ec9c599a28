// Texts over a WebSocket (RFC 6455): one text frame each.
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { countLimitHit } from "../../base/index.js";
import { Outbox } from "../../channel/streams.js";
import { FramingError, overLimit } from "./framing.js";
import type { RpcTransport } from "./transport.js";

/** Status codes of RFC 6455 section 7.4.1. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;

/** FIN, and the opcode of text. */
const TEXT_FRAME = 0x81;

/** Bytes that are gathered before they are written. */
const CHUNK_SIZE = 65536;

/** The number that ws gives to a message over its limit. */
const TOO_LONG = "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";

/** A transport over a WebSocket that is open, on either side. */
export class WebSocketTransport implements RpcTransport {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  /** Frames of a client are masked, which is left to ws. */
  readonly #isClient: boolean;
  readonly #outbox: Outbox;
  readonly closed: Promise<void>;
  #ended = false;
  #fault: FramingError | undefined;
  /** Something has come from the peer since it was looked at last. */
  #heard = true;
  /**
   * What the kernel had taken then, and whether more was waiting: only if so does it take a peer that lives to make
   * room for more.
   */
  #taken = 0;
  #behind = false;

  /**
   * @param socket  from ws
   * @param stream  what it runs over
   * @param limit   bytes of a message that `socket` accepts
   */
  constructor(socket: WebSocket, stream: Duplex, limit: number) {
    this.#socket = socket;
    this.#stream = stream;
    // Only clients know the address that they have asked for.
    this.#isClient = Boolean(socket.url);
    this.#outbox = new Outbox(stream, CHUNK_SIZE);
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // The socket is closed by ws, which tells the peer why. An error of the network needs no words.
      if (error.code !== TOO_LONG) return;
      countLimitHit("rpcMessageBytes");
      this.#fault = new FramingError("TOO_BIG", `RPC request is too big${overLimit(limit)}`);
    });
    socket.on("pong", () => {
      this.#heard = true;
    });
    // Nothing may come before somebody listens.
    socket.pause();
  }

  get queuedBytes(): number {
    return this.#socket.bufferedAmount + this.#outbox.gatheredBytes;
  }

  get blocked(): boolean {
    return this.#outbox.blocked;
  }

  start(onText: (text: string) => void, onClose: (reason?: Error) => void): void {
    this.#socket.on("message", (data: Buffer, isBinary: boolean) => {
      this.#heard = true;
      if (this.#ended) return;
      if (isBinary) this.#socket.close(UNSUPPORTED_DATA, "JSON is expected in text frames");
      else onText(data.toString("utf8"));
    });
    this.#socket.once("close", () => {
      if (this.#ended) return;
      this.#ended = true;
      onClose(this.#fault);
    });
    this.#socket.resume();
  }

  send(text: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#isClient) this.#socket.send(Buffer.from(text), { binary: false });
    else this.#append(text);
  }

  onDrain(resume: () => void): void {
    this.#outbox.onDrain(resume);
  }

  hold(held: boolean): void {
    if (this.#ended) return;
    if (held) this.#socket.pause();
    else this.#socket.resume();
  }

  close(): void {
    this.#ended = true;
    this.#outbox.flush();
    this.#socket.close(this.#isClient ? NORMAL : GOING_AWAY);
    // The peer's answer ends it, so it must be read.
    this.#socket.resume();
  }

  destroy(): void {
    this.#ended = true;
    this.#socket.terminate();
  }

  /**
   * To be called now and then: sends a ping, and closes when the peer has neither answered the last one, nor sent
   * anything, nor taken any of the bytes that wait for it.
   */
  checkLife(): void {
    const taken = takenBytes(this.#stream);
    const alive = this.#heard || (this.#behind && taken > this.#taken);
    this.#heard = false;
    this.#taken = taken;
    this.#behind = this.queuedBytes > 0;
    if (!alive) this.#socket.terminate();
    else if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /**
   * Writes the frame without ws, which would make a write of each. What ws writes itself, answers to pings, must not
   * come into the middle of one: so what waits in the outbox is whole frames always.
   */
  #append(text: Uint8Array): void {
    const header = frameHeader(text.length);
    this.#outbox.append(header);
    this.#outbox.append(text);
    if (this.#outbox.gatheredBytes < header.length + text.length) this.#outbox.flush();
    else this.#outbox.schedule();
  }
}

/** A text frame, whole and not masked (RFC 6455 section 5.2): what stands before its text. */
function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.of(TEXT_FRAME, length);
  const short = length < 0x10000;
  const header = Buffer.alloc(short ? 4 : 10);
  header[0] = TEXT_FRAME;
  header[1] = short ? 126 : 127;
  header.writeUIntBE(length, short ? 2 : 4, short ? 2 : 6);
  return header;
}

/**
 * Bytes that the kernel has taken. Streams count whole writes only, and one of megabytes may take a slow peer minutes;
 * Node's own timers look at the handle for the same reason.
 */
function takenBytes(stream: Duplex): number {
  const { _handle: handle } = stream as { _handle?: { bytesWritten: number; writeQueueSize: number } | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0;
}

// Tells clients what happens on the channels. Messages of switches go from their bytes to the text of an event in
// one step: no object, no JSON.stringify, no string.
import { DecodeError, log } from "../base/index.js";
import {
  type Channel,
  type ChannelListener,
  type Clock,
  type Features,
  formatEndpoint,
  formatWallTime,
  type Registry,
} from "../channel/index.js";
import { decodeMessage } from "../codec/decode.js";
import { formatHex, Text } from "../text/index.js";
import { peekType, peekXid } from "../wire/index.js";
import { traceFrame, traceRpc } from "./trace.js";
import type { RpcTransport } from "./transport/transport.js";

/** Unsent bytes to one client above which nothing more is read from switches. */
export const FULL_BYTES = 64 << 20;

/** What can be wrong, for a CHANNEL_ALERT that does not come from a channel. */
export interface Alert {
  readonly xid: number;
  readonly connId: number;
  /** "" leaves the key out. */
  readonly datapathId: string;
  readonly message: string;
  readonly data: Uint8Array;
}

/** A client that hears events. */
interface Listener {
  readonly transport: RpcTransport;
  /** It has more than SLOW_BYTES to read. */
  slow: boolean;
  dropped: number;
}

const PREFIX = Buffer.from('{"params":');
const SUFFIX = Buffer.from(',"method":"OFP.MESSAGE"}');

/** Type 10 in all versions. A network makes more of these than of anything else, and can repeat them. */
const PACKET_IN = 10;

/** Space for the text of one message, to begin with. */
const TEXT_SIZE = 1 << 16;

/** Sends events to all clients. To a slow one it sends no PACKET_IN, and counts them; see FULL_BYTES for the rest. */
export class Notifier implements ChannelListener {
  readonly #clock: Clock;
  readonly #listeners = new Map<RpcTransport, Listener>();
  readonly #text = new Text(TEXT_SIZE);
  #registry: Registry | undefined;
  /** Events made so far. */
  sent = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Names the registry that is paused while a client is full. */
  watch(registry: Registry): void {
    this.#registry = registry;
  }

  /** Sends all events to this client too. */
  add(transport: RpcTransport): void {
    this.#listeners.set(transport, { transport, slow: false, dropped: 0 });
  }

  /** Sends no more events to this client. */
  remove(transport: RpcTransport): void {
    this.#listeners.delete(transport);
    this.#balance();
  }

  /** PACKET_INs that this client has missed because it was slow. */
  dropped(transport: RpcTransport): number {
    return this.#listeners.get(transport)?.dropped ?? 0;
  }

  onFrame(channel: Channel, frame: Buffer): void {
    traceFrame("read", channel.facts.connId, frame);
    const packetIn = peekType(frame) === PACKET_IN;
    if (packetIn && !this.#anyoneReady()) return;
    const text = this.#text;
    // The transports copy what they are given.
    text.rewind();
    text.room(PREFIX.length);
    append(PREFIX, text);
    try {
      decodeMessage(frame, text, channel.envelope);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#alertOf(channel, `DECODE FAILED: ${error.message}`, frame, peekXid(frame));
      return;
    }
    text.room(SUFFIX.length);
    append(SUFFIX, text);
    this.#send(text.take(), packetIn);
  }

  onUp(channel: Channel, features: Features | undefined): void {
    const endpoint = formatEndpoint(channel.facts.remote);
    const params = {
      type: "CHANNEL_UP",
      time: formatWallTime(channel.envelope),
      xid: 0,
      version: channel.version,
      conn_id: channel.facts.connId,
      ...datapathKey(channel.datapathId),
      msg: features === undefined ? { endpoint } : { endpoint, features },
    };
    log.info({ conn_id: channel.facts.connId, version: channel.version, endpoint }, "channel up");
    this.#sendChannelEvent(params);
  }

  onDown(channel: Channel): void {
    const params = {
      type: "CHANNEL_DOWN",
      time: this.#time(),
      xid: 0,
      version: channel.version,
      conn_id: channel.facts.connId,
      ...datapathKey(channel.datapathId),
    };
    log.info({ conn_id: channel.facts.connId }, "channel down");
    this.#sendChannelEvent(params);
  }

  onAlert(channel: Channel, message: string, data: Uint8Array): void {
    this.#alertOf(channel, message, data, 0);
  }

  #alertOf(channel: Channel, message: string, data: Uint8Array, xid: number): void {
    this.alert({ xid, connId: channel.facts.connId, datapathId: channel.datapathId, message, data });
  }

  /** Sends a CHANNEL_ALERT. */
  alert({ xid, connId, datapathId, message, data }: Alert): void {
    const params = {
      type: "CHANNEL_ALERT",
      time: this.#time(),
      xid,
      conn_id: connId,
      ...datapathKey(datapathId),
      msg: { message, data: formatHex(data) },
    };
    log.warn({ conn_id: connId, xid, message }, "channel alert");
    this.#sendChannelEvent(params);
  }

  #time(): string {
    const time = { sec: 0, nsec: 0 };
    this.#clock.wall(time);
    return formatWallTime(time);
  }

  #sendChannelEvent(params: object): void {
    this.#send(Buffer.from(`{"method":"OFP.MESSAGE","params":${JSON.stringify(params)}}`), false);
  }

  #anyoneReady(): boolean {
    let ready = false;
    for (const listener of this.#listeners.values()) {
      if (listener.slow) listener.dropped++;
      else ready = true;
    }
    return ready;
  }

  #send(text: Uint8Array, packetIn: boolean): void {
    this.sent++;
    traceRpc("write", text);
    for (const listener of this.#listeners.values()) {
      if (packetIn && listener.slow) continue;
      if (!listener.transport.send(text)) this.#onSlow(listener);
    }
  }

  #onSlow(listener: Listener): void {
    const { transport } = listener;
    if (!listener.slow) {
      listener.slow = true;
      transport.onDrain(() => {
        listener.slow = false;
        if (listener.dropped > 0)
          log.warn({ dropped: listener.dropped }, "PACKET_INs dropped for a slow client");
        this.#balance();
      });
    }
    if (transport.queuedBytes > FULL_BYTES) this.#registry?.pause();
  }

  /** Reads from switches again unless a client is still full. */
  #balance(): void {
    for (const { transport } of this.#listeners.values()) if (transport.queuedBytes > FULL_BYTES) return;
    this.#registry?.resume();
  }
}

function append(bytes: Uint8Array, text: Text): void {
  text.o.set(bytes, text.p);
  text.p += bytes.length;
}

function datapathKey(datapathId: string): { datapath_id?: string } {
  return datapathId === "" ? {} : { datapath_id: datapathId };
}

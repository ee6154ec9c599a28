// Tells clients what happens on the channels. Messages of switches go from their bytes to the text of an event in
// one step: no object, no JSON.stringify, no string.
import { DecodeError, log } from "../base/index.js";
import {
  type AlertReason,
  type Channel,
  type ChannelListener,
  type Clock,
  type Connection,
  type Features,
  formatEndpoint,
  formatWallTime,
} from "../channel/index.js";
import { decodeMessage, type PacketPrinter } from "../codec/decode.js";
import { packetPrinter } from "../packet/index.js";
import { formatHex, Text } from "../text/index.js";
import { peekType, peekXid } from "../wire/index.js";
import { FilterTable } from "./filter-table.js";
import { Pace } from "./pace.js";
import { traceRpc } from "./trace.js";
import type { RpcTransport } from "./transport/transport.js";

/** What can be wrong, for a CHANNEL_ALERT that does not come from a channel. */
export interface Alert {
  readonly xid: number;
  readonly connId: number;
  /** "" leaves the key out. */
  readonly datapathId: string;
  readonly message: string;
  readonly data: Uint8Array;
  /** For programs; undefined leaves the key out. */
  readonly reason?: AlertReason | undefined;
}

const PREFIX = Buffer.from('{"params":');
const SUFFIX = Buffer.from(',"method":"OFP.MESSAGE"}');

/** Type 10 in all versions. A network makes more of these than of anything else, and can repeat them. */
const PACKET_IN = 10;

/** Clients get the fields of packets with each PACKET_IN and PACKET_OUT. */
const PACKETS: PacketPrinter = packetPrinter("fields");

/** Space for the text of one message, to begin with. */
const TEXT_SIZE = 1 << 16;

/** Sends events to all clients, as fast as they can take them: see `Pace`. */
export class Notifier implements ChannelListener {
  readonly pace: Pace;
  /** Decides which PACKET_INs become events. */
  readonly filters: FilterTable;
  readonly #clock: Clock;
  readonly #text = new Text(TEXT_SIZE);
  /** Events made so far. */
  sent = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.pace = new Pace(clock);
    this.filters = new FilterTable(clock);
  }

  /** Sends all events to this client too. */
  add(transport: RpcTransport): void {
    this.pace.add(transport);
  }

  /** Sends no more events to this client. */
  remove(transport: RpcTransport): void {
    this.pace.remove(transport);
  }

  onFrame(channel: Channel, frame: Buffer): void {
    const packetIn = peekType(frame) === PACKET_IN;
    if (packetIn && this.filters.active) this.#filter(channel, frame);
    else this.#tell(channel, frame, packetIn);
  }

  #filter(channel: Channel, frame: Buffer): void {
    const { passes, replied } = this.filters.apply(channel, frame);
    if (!passes) return;
    const { envelope } = channel;
    envelope.replied = replied;
    this.#tell(channel, frame, true);
    envelope.replied = false;
  }

  #tell(channel: Channel, frame: Buffer, packetIn: boolean): void {
    if (packetIn && !this.pace.wantsPacketIn()) return;
    const text = this.#text;
    // The transports copy what they are given.
    text.rewind();
    text.room(PREFIX.length);
    append(PREFIX, text);
    try {
      decodeMessage(frame, text, channel.envelope, PACKETS);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const { facts, datapathId } = channel;
      const message = `DECODE FAILED: ${error.message}`;
      this.alert({ xid: peekXid(frame), connId: facts.connId, datapathId, message, data: frame });
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

  onAlert({ facts, datapathId }: Connection, message: string, data: Uint8Array, reason?: AlertReason): void {
    this.alert({ xid: 0, connId: facts.connId, datapathId, message, data, reason });
  }

  /** Sends a CHANNEL_ALERT. */
  alert({ xid, connId, datapathId, message, data, reason }: Alert): void {
    const reasonKey = reason === undefined ? {} : { reason };
    const params = {
      type: "CHANNEL_ALERT",
      time: this.#time(),
      xid,
      conn_id: connId,
      ...datapathKey(datapathId),
      msg: { message, data: formatHex(data), ...reasonKey },
    };
    log.warn({ conn_id: connId, xid, message, ...reasonKey }, "channel alert");
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

  #send(text: Uint8Array, packetIn: boolean): void {
    this.sent++;
    traceRpc("write", text);
    this.pace.send(text, packetIn);
  }
}

function append(bytes: Uint8Array, text: Text): void {
  text.o.set(bytes, text.p);
  text.p += bytes.length;
}

function datapathKey(datapathId: string): { datapath_id?: string } {
  return datapathId === "" ? {} : { datapath_id: datapathId };
}

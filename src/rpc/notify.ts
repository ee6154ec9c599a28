// Tells clients what happens on the channels: each client what it wants to hear, answers only the client whose question they answer.
import { DecodeError, type Limits, log } from "../base/index.js";
import {
  type AlertSubject,
  type Channel,
  type ChannelListener,
  type ChannelReason,
  type Clock,
  type CloseCause,
  type Features,
  formatEndpoint,
  type WallTime,
} from "../channel/index.js";
import { packetPrinter } from "../packet/index.js";
import { formatHex } from "../text/index.js";
import { peekXid } from "../wire/index.js";
import { Client, type ClientFacts } from "./client.js";
import { type Alert, channelAlert, channelDown, channelUp, formatEvent, MessageEvent } from "./events.js";
import { FilterTable } from "./filter-table.js";
import { isPacketIn } from "./packet-in.js";
import type { RpcTransport } from "./transport/transport.js";
import { unstampXid, XidTable } from "./xids.js";

/** What can be stopped when nobody takes what it makes. */
export interface Source {
  pause(): void;
  resume(): void;
}

/** The clients, and what they are told. */
export class Notifier implements ChannelListener {
  /** Decides which PACKET_INs become events. */
  readonly filters: FilterTable;
  /** Whose the transaction ids are. */
  readonly xids = new XidTable();
  readonly #clock: Clock;
  readonly #limits: () => Limits;
  readonly #clients = new Set<Client>();
  /** Channels that are up, with what clients that come later are told of them. */
  readonly #up = new Map<Channel, Features | undefined>();
  readonly #plain = new MessageEvent(undefined);
  /** Made when the first client wants packets: the code that reads them is loaded then. */
  #detailed: MessageEvent | undefined;
  #source: Source | undefined;

  constructor(clock: Clock, limits: () => Limits) {
    this.#clock = clock;
    this.#limits = limits;
    this.filters = new FilterTable(clock);
  }

  /** Names what is paused while a lone client cannot follow. */
  watch(source: Source): void {
    this.#source = source;
  }

  /** The clients, oldest first. */
  get clients(): ReadonlySet<Client> {
    return this.#clients;
  }

  /** Adds a client. It is told of the channels that are up. */
  add(transport: RpcTransport, facts: ClientFacts): Client {
    const client = new Client(transport, facts, {
      clock: this.#clock,
      limits: this.#limits,
      onFull: (full) => {
        if (full) this.#source?.pause();
        else this.#source?.resume();
      },
    });
    this.#clients.add(client);
    this.replay(client);
    return client;
  }

  /** Sends no more events to a client. */
  remove(client: Client): void {
    this.#clients.delete(client);
    client.leave();
    if (client.facts.lone) this.#source?.resume();
  }

  /** Tells a client of the channels that are up and that it wants to hear of. */
  replay(client: Client): void {
    for (const [channel, features] of this.#up) {
      this.#tellOne(client, channelUp(channel, features, true), channel);
    }
  }

  onFrame(channel: Channel, frame: Buffer): void {
    if (isPacketIn(frame)) this.#onPacketIn(channel, frame);
    else this.#onMessage(channel, frame);
  }

  #onPacketIn(channel: Channel, frame: Buffer): void {
    if (!this.filters.active) {
      this.#tellPacketIn(channel, frame);
      return;
    }
    const { passes, replied } = this.filters.apply(channel, frame);
    if (!passes) return;
    channel.envelope.replied = replied;
    this.#tellPacketIn(channel, frame);
    channel.envelope.replied = false;
  }

  #tellPacketIn(channel: Channel, frame: Buffer): void {
    this.#tell(
      channel,
      frame,
      (client) => client.subscription.wants(channel, frame) && client.takesPacketIn(channel),
      (client, text) => client.packetIn(text, channel),
    );
  }

  #onMessage(channel: Channel, frame: Buffer): void {
    const owner = this.xids.ownerOf(channel, frame);
    if (owner === undefined) {
      this.#tell(channel, frame, (client) => client.subscription.wants(channel, frame), keep);
      return;
    }
    const { client, xid, handler } = owner;
    const wire = peekXid(frame);
    // Those who watch see what is on the wire.
    const watches = (other: Client): boolean =>
      other !== client && other.subscription.choice.allReplies && other.subscription.wants(channel, frame);
    this.#tell(channel, frame, watches, keep);
    const restore = xid === undefined || xid === wire ? undefined : unstampXid(frame, xid);
    if (handler === undefined) this.tell(client, channel, frame);
    const answered = handler?.onReply(frame, channel) === true;
    restore?.();
    if (answered) this.xids.release(channel, wire);
    else if (handler === undefined) this.xids.settle(channel, frame);
  }

  /** Sends a message of a switch to one client, whatever it wants to hear. */
  tell(client: Client, channel: Channel, frame: Buffer): void {
    this.#tell(channel, frame, (other) => other === client, keep, peekXid(frame));
  }

  /**
   * Sends a message to the clients that want it; its text is made for the first of each kind.
   * @param xid  by which they know it, for alerts: 0 unless it answers them
   */
  #tell(
    channel: Channel,
    frame: Buffer,
    wants: (client: Client) => boolean,
    send: (client: Client, text: Uint8Array) => void,
    xid = 0,
  ): void {
    let plain = false;
    let detailed = false;
    let undecodable = 0;
    for (const client of this.#clients) {
      if (!wants(client)) continue;
      const event = client.packets ? this.#eventWithPackets() : this.#plain;
      try {
        if (!(client.packets ? detailed : plain)) event.render(channel, frame);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        undecodable = 1;
        this.#tellUndecodable(client, { channel, frame, xid }, error);
        continue;
      }
      if (client.packets) detailed = true;
      else plain = true;
      send(client, event.in(client.dialect.name));
    }
    channel.counters.decodeErrors += undecodable;
  }

  #eventWithPackets(): MessageEvent {
    this.#detailed ??= new MessageEvent(packetPrinter("fields"));
    return this.#detailed;
  }

  #tellUndecodable(
    client: Client,
    { channel, frame, xid }: { readonly channel: Channel; readonly frame: Buffer; readonly xid: number },
    error: DecodeError,
  ): void {
    const { facts, datapathId } = channel;
    const message = `DECODE FAILED: ${error.message}`;
    const about = { xid, connId: facts.connId, datapathId };
    this.alert({ ...about, message, data: formatHex(frame), reason: "DECODE_FAILED" }, client);
  }

  onUp(channel: Channel, features: Features | undefined): void {
    this.#up.set(channel, features);
    const endpoint = formatEndpoint(channel.facts.remote);
    log.info({ ...logFacts(channel), version: channel.version, endpoint }, "channel up");
    this.#tellAll(channelUp(channel, features), channel);
  }

  onDown(channel: Channel, cause: CloseCause): void {
    this.#up.delete(channel);
    // What was asked fails before its asker hears of the end.
    this.onLeft(channel);
    log.info({ ...logFacts(channel), ...cause }, "channel down");
    const params = channelDown(channel, cause, this.#time());
    for (const client of this.#clients) {
      if (wants(client, params, channel)) client.eventAfterReplies(textFor(client, params));
    }
  }

  onLeft(channel: Channel): void {
    this.xids.down(channel);
    for (const client of this.#clients) client.forget(channel);
  }

  onAlert(
    { facts, datapathId }: AlertSubject,
    message: string,
    data: Uint8Array,
    reason: ChannelReason,
  ): void {
    this.alert({ xid: 0, connId: facts.connId, datapathId, message, data: formatHex(data), reason });
  }

  onForeign(channel: Channel, message: string, frame: Buffer): void {
    const about = { connId: channel.facts.connId, datapathId: channel.datapathId };
    const alert = { ...about, xid: 0, message, data: formatHex(frame), reason: "WRONG_VERSION" } as const;
    logAlert({ ...alert, xid: peekXid(frame) });
    const owner = this.xids.ownerOf(channel, frame);
    const time = this.#time();
    const params = channelAlert(alert, time);
    for (const client of this.#clients) {
      if (client === owner?.client) {
        const xid = owner.xid ?? peekXid(frame);
        client.event(textFor(client, channelAlert({ ...alert, xid }, time)));
      } else this.#tellOne(client, params, channel);
    }
  }

  /** Sends a CHANNEL_ALERT to one client, whatever it wants to hear, or to all that want to hear of its connection. */
  alert(alert: Alert, client?: Client): void {
    logAlert(alert);
    const params = channelAlert(alert, this.#time());
    if (client === undefined) this.#tellAll(params, subjectOf(alert));
    else client.event(textFor(client, params));
  }

  #time(): WallTime {
    const time = { sec: 0, nsec: 0 };
    this.#clock.wall(time);
    return time;
  }

  #tellAll(params: object, about: AlertSubject): void {
    for (const client of this.#clients) this.#tellOne(client, params, about);
  }

  #tellOne(client: Client, params: object, about: AlertSubject): void {
    if (wants(client, params, about)) client.event(textFor(client, params));
  }
}

function wants({ subscription }: Client, params: object, { facts, datapathId }: AlertSubject): boolean {
  return subscription.wantsEvent((params as { type: string }).type, facts.connId, datapathId);
}

function textFor({ dialect }: Client, params: object): Uint8Array {
  return formatEvent(dialect.name, JSON.stringify(params));
}

function subjectOf({ connId, datapathId }: Alert): AlertSubject {
  return { facts: { connId }, datapathId };
}

function logAlert(alert: Alert): void {
  const { xid, message, reason } = alert;
  log.warn({ ...logFacts(subjectOf(alert)), xid, message, reason }, "channel alert");
}

/** What a line of the log says of a connection; a datapath_id that is not known is left out. */
function logFacts({ facts: { connId }, datapathId }: AlertSubject): Record<string, unknown> {
  return datapathId === "" ? { conn_id: connId } : { conn_id: connId, datapath_id: datapathId };
}

function keep(client: Client, text: Uint8Array): void {
  client.event(text);
}

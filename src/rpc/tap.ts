// Shows one client what goes over the connections, in events of their own: TAPPED.
import { DecodeError } from "../base/index.js";
import { type Channel, type Clock, formatEndpoint, formatWallTime, type WallTime } from "../channel/index.js";
import { decodeMessage, type Envelope, makeEnvelope } from "../codec/decode.js";
import { packetPrinter } from "../packet/index.js";
import { formatHex, Text } from "../text/index.js";
import type { Client } from "./client.js";
import { formatEvent } from "./events.js";
import type { TapDirection, TappedEvent } from "./gen/types.js";
import type { TapChoice } from "./tap-choice.js";

/** How messages are shown. */
export interface TapForm {
  /** As hex digits, not as JSON. */
  readonly bytes: boolean;
  /** With the fields of packets. */
  readonly packets: boolean;
}

/** When a tap ends of itself. */
export interface TapEnd {
  /** Messages that are shown, at least one; undefined is no end. */
  readonly count: number | undefined;
  /** Called with the last one. */
  readonly onEnd: () => void;
}

/** What a tap knows of a connection. */
interface View {
  /** What the client knows of the options of tunnels, as JSON text, and what that was made of. */
  options: string;
  entries: unknown;
  readonly ways: Readonly<Record<TapDirection, Way>>;
}

/** What a tap knows of one direction of a connection. */
interface Way {
  /** What its events have in common, as JSON text. */
  keys: string;
  /** Of the channel when `keys` was made: there is another one once more is known of the switch. */
  envelope: Envelope | undefined;
  /** Of the message within an event: no keys, but what is known of the options of tunnels. */
  readonly content: Envelope;
  /** What the client has missed since the last message that it was sent. */
  missed: number;
  missedBytes: number;
}

const NO_OPTIONS = "[]";

const text = new Text();

/** A tap of one client. */
export class Tap {
  readonly #client: Client;
  readonly #choice: TapChoice;
  readonly #form: TapForm;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  /** Messages that are still to be shown. */
  #left: number;
  readonly #views = new WeakMap<Channel, View>();
  readonly #now: WallTime = { sec: 0, nsec: 0 };

  constructor(client: Client, choice: TapChoice, form: TapForm, clock: Clock, { count, onEnd }: TapEnd) {
    this.#client = client;
    this.#choice = choice;
    this.#form = form;
    this.#clock = clock;
    this.#left = count ?? Number.POSITIVE_INFINITY;
    this.#onEnd = onEnd;
  }

  /** Shows a message, if it is wanted and the client keeps up. `frame` is valid during the call only. Never throws. */
  show(channel: Channel, direction: TapDirection, frame: Buffer): void {
    if (!this.#choice.takes(channel, direction, frame)) return;
    const view = this.#viewOf(channel);
    const way = view.ways[direction];
    // Asked before the text is made: what the client misses costs next to nothing.
    if (!this.#client.takesTapped()) {
      way.missed++;
      way.missedBytes += frame.length;
      return;
    }
    if (way.envelope !== channel.envelope) {
      way.keys = formatKeys(channel, direction);
      way.envelope = channel.envelope;
    }
    if (direction === "TO_SWITCH") this.#clock.wall(this.#now);
    const time = formatWallTime(direction === "TO_SWITCH" ? this.#now : channel.envelope);
    const missed = way.missed === 0 ? "" : `,"missed":${way.missed},"missed_bytes":${way.missedBytes}`;
    const content = this.#form.bytes ? bytesOf(frame, view, channel) : this.#messageOf(frame, way.content);
    const params = `{"type":"TAPPED","time":"${time}"${way.keys}${missed},${content}}`;
    this.#client.tapped(formatEvent(this.#client.dialect.name, params));
    way.missed = way.missedBytes = 0;
    if (--this.#left === 0) this.#onEnd();
  }

  #viewOf(channel: Channel): View {
    let view = this.#views.get(channel);
    if (view === undefined) {
      view = {
        options: NO_OPTIONS,
        entries: undefined,
        ways: { FROM_SWITCH: makeWay(channel), TO_SWITCH: makeWay(channel) },
      };
      this.#views.set(channel, view);
    }
    return view;
  }

  #messageOf(frame: Buffer, envelope: Envelope): string {
    text.rewind();
    try {
      decodeMessage(frame, text, envelope, this.#form.packets ? packetPrinter("fields") : undefined);
      return `"message":${text.takeString()}`;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return `${dataOf(frame)},"error":${JSON.stringify(error.message)}`;
    }
  }
}

function makeWay({ options }: Channel): Way {
  return { keys: "", envelope: undefined, content: makeEnvelope({}, options), missed: 0, missedBytes: 0 };
}

function dataOf(frame: Buffer): string {
  return `"data":"${formatHex(frame)}"`;
}

/** The bytes, and before them what a client needs to decode them that it was not told yet. */
function bytesOf(frame: Buffer, view: View, { options }: Channel): string {
  const before = view.options;
  if (view.entries !== options.entries) {
    view.entries = options.entries;
    view.options = JSON.stringify(options.mappings);
  }
  return `${view.options === before ? "" : `"tunnel_options":${view.options},`}${dataOf(frame)}`;
}

function formatKeys({ facts, datapathId, auxiliaryId }: Channel, direction: TapDirection): string {
  const [switchSide, ourSide] = [formatEndpoint(facts.remote), formatEndpoint(facts.local)];
  const fromSwitch = direction === "FROM_SWITCH";
  const keys = {
    conn_id: facts.connId,
    ...(datapathId === "" ? {} : { datapath_id: datapathId }),
    ...(auxiliaryId === 0 ? {} : { auxiliary_id: auxiliaryId }),
    direction,
    src: fromSwitch ? switchSide : ourSide,
    dst: fromSwitch ? ourSide : switchSide,
    transport: facts.transport,
    opened_by: facts.accepted ? "SWITCH" : "DAEMON",
  } satisfies Partial<TappedEvent>;
  return `,${JSON.stringify(keys).slice(1, -1)}`;
}

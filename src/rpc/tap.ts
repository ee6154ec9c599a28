// Shows one client what goes over the connections, in events of their own: TAPPED.
import { DecodeError } from "../base/index.js";
import { type Channel, type Clock, formatEndpoint, formatWallTime, type WallTime } from "../channel/index.js";
import { decodeMessage, type Envelope, makeEnvelope } from "../codec/decode.js";
import { packetPrinter } from "../packet/index.js";
import { formatHex, Text } from "../text/index.js";
import type { Client } from "./client.js";
import { formatEvent } from "./events.js";
import type { TapDirection } from "./gen/types.js";
import type { TapChoice } from "./tap-choice.js";

/** How messages are shown. */
export interface TapForm {
  /** As hex digits, not as JSON. */
  readonly bytes: boolean;
  /** With the fields of packets. */
  readonly packets: boolean;
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

const PACKETS = packetPrinter("fields");
const text = new Text();

/** A tap of one client. */
export class Tap {
  readonly #client: Client;
  readonly #choice: TapChoice;
  readonly #form: TapForm;
  readonly #clock: Clock;
  readonly #ways: Readonly<Record<TapDirection, WeakMap<Channel, Way>>> = {
    FROM_SWITCH: new WeakMap(),
    TO_SWITCH: new WeakMap(),
  };
  readonly #now: WallTime = { sec: 0, nsec: 0 };

  constructor(client: Client, choice: TapChoice, form: TapForm, clock: Clock) {
    this.#client = client;
    this.#choice = choice;
    this.#form = form;
    this.#clock = clock;
  }

  /** Shows a message, if it is wanted and the client keeps up. `frame` is valid during the call only. Never throws. */
  show(channel: Channel, direction: TapDirection, frame: Buffer): void {
    if (!this.#choice.takes(channel, direction, frame)) return;
    const way = this.#wayOf(channel, direction);
    // Asked before the text is made: what the client misses costs next to nothing.
    if (!this.#client.takesTapped()) {
      way.missed++;
      way.missedBytes += frame.length;
      return;
    }
    if (direction === "TO_SWITCH") this.#clock.wall(this.#now);
    const time = formatWallTime(direction === "TO_SWITCH" ? this.#now : channel.envelope);
    const missed = way.missed === 0 ? "" : `,"missed":${way.missed},"missed_bytes":${way.missedBytes}`;
    const params = `{"type":"TAPPED","time":"${time}"${way.keys}${missed},${this.#contentOf(frame, way.content)}}`;
    this.#client.tapped(formatEvent(this.#client.dialect.name, params));
    way.missed = way.missedBytes = 0;
  }

  #wayOf(channel: Channel, direction: TapDirection): Way {
    let way = this.#ways[direction].get(channel);
    if (way === undefined) {
      way = {
        keys: "",
        envelope: undefined,
        content: makeEnvelope({}, channel.options),
        missed: 0,
        missedBytes: 0,
      };
      this.#ways[direction].set(channel, way);
    }
    if (way.envelope !== channel.envelope) {
      way.keys = formatKeys(channel, direction);
      way.envelope = channel.envelope;
    }
    return way;
  }

  #contentOf(frame: Buffer, envelope: Envelope): string {
    const data = (): string => `"data":"${formatHex(frame)}"`;
    if (this.#form.bytes) return data();
    text.rewind();
    try {
      decodeMessage(frame, text, envelope, this.#form.packets ? PACKETS : undefined);
      return `"message":${text.takeString()}`;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return `${data()},"error":${JSON.stringify(error.message)}`;
    }
  }
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
  };
  return `,${JSON.stringify(keys).slice(1, -1)}`;
}

// The texts of events. Messages of switches go from their bytes to the text of an event in one step: no object, no JSON.stringify, no
// string; and one text serves both dialects:
//
//     {"jsonrpc":"2.0","params":{"type": … },"method":"OFP.MESSAGE"}      strict, from the first byte
//                     {"params":{"type": … },"method":"OFP.MESSAGE"}      classic, from the comma on, which becomes a brace
import {
  type Channel,
  type ChannelFacts,
  type CloseCause,
  type Features,
  formatEndpoint,
  formatWallTime,
  type WallTime,
} from "../channel/index.js";
import { decodeMessage, type PacketPrinter } from "../codec/decode.js";
import { Text } from "../text/index.js";
import type { DialectName } from "./dialect/index.js";

const PREFIX = Buffer.from('{"jsonrpc":"2.0","params":');
const SUFFIX = Buffer.from(',"method":"OFP.MESSAGE"}');

/** Where the classic text begins, and what stands there. */
const CLASSIC_START = PREFIX.indexOf(',"params"');
const COMMA = 0x2c;
const BRACE = 0x7b;

/** Space for the text of one message, to begin with. */
const TEXT_SIZE = 1 << 16;

/** The text of the event of one message. It is written over by the next one. */
export class MessageEvent {
  readonly #text = new Text(TEXT_SIZE);
  readonly #packets: PacketPrinter | undefined;

  /** @param packets  prints what PACKET_INs and PACKET_OUTs hold; nobody does when it is not given */
  constructor(packets: PacketPrinter | undefined) {
    this.#packets = packets;
  }

  /** Makes the text. Throws DecodeError. */
  render(channel: Channel, frame: Buffer): void {
    const text = this.#text;
    text.rewind();
    text.room(PREFIX.length);
    append(PREFIX, text);
    decodeMessage(frame, text, channel.envelope, this.#packets);
    text.room(SUFFIX.length);
    append(SUFFIX, text);
  }

  /** The text, valid until the next one is made. */
  in(dialect: DialectName): Uint8Array {
    const { o, start, p } = this.#text;
    const classic = dialect === "classic";
    o[start + CLASSIC_START] = classic ? BRACE : COMMA;
    return o.subarray(classic ? start + CLASSIC_START : start, p);
  }
}

function append(bytes: Uint8Array, text: Text): void {
  text.o.set(bytes, text.p);
  text.p += bytes.length;
}

/** The text of an event that no switch has sent. @param params  JSON text */
export function formatEvent(dialect: DialectName, params: string): Uint8Array {
  const head = dialect === "classic" ? "{" : '{"jsonrpc":"2.0",';
  return Buffer.from(`${head}"method":"OFP.MESSAGE","params":${params}}`);
}

/** The params of a CHANNEL_UP. @param replay  for a client that has come later */
export function channelUp(channel: Channel, features: Features | undefined, replay = false): object {
  const endpoint = formatEndpoint(channel.facts.remote);
  return {
    type: "CHANNEL_UP",
    time: formatWallTime(channel.envelope),
    xid: 0,
    version: channel.version,
    conn_id: channel.facts.connId,
    ...datapathKey(channel.datapathId),
    ...(replay ? { replay } : {}),
    msg: { endpoint, ...connectKey(channel.facts), ...(features === undefined ? {} : { features }) },
  };
}

/** The params of a CHANNEL_DOWN. */
export function channelDown(channel: Channel, { reason, message }: CloseCause, time: WallTime): object {
  return {
    type: "CHANNEL_DOWN",
    time: formatWallTime(time),
    xid: 0,
    version: channel.version,
    conn_id: channel.facts.connId,
    ...datapathKey(channel.datapathId),
    msg: { reason, message },
  };
}

/** What can be wrong, for a CHANNEL_ALERT. */
export interface Alert {
  readonly xid: number;
  /** 0 when it is about no connection. */
  readonly connId: number;
  /** "" leaves the key out. */
  readonly datapathId: string;
  readonly message: string;
  /** Hexadecimal: the bytes that it is about. */
  readonly data: string;
  /** For programs; undefined leaves the key out. */
  readonly reason?: string | undefined;
  /** Further keys of `msg`. */
  readonly facts?: object;
}

/** The params of a CHANNEL_ALERT. */
export function channelAlert(alert: Alert, time: WallTime): object {
  const { xid, connId, datapathId, message, data, reason, facts } = alert;
  return {
    type: "CHANNEL_ALERT",
    time: formatWallTime(time),
    xid,
    conn_id: connId,
    ...datapathKey(datapathId),
    msg: { message, data, ...(reason === undefined ? {} : { reason }), ...facts },
  };
}

/** A connection that is made again and again tells the number that OFP.CONNECT gave. */
function connectKey({ accepted, originId }: ChannelFacts): { connect_id?: number } {
  return accepted || originId === undefined ? {} : { connect_id: originId };
}

function datapathKey(datapathId: string): { datapath_id?: string } {
  return datapathId === "" ? {} : { datapath_id: datapathId };
}

// What went over connections, as a capture of the TCP packets that may have carried it.
import { Writer } from "../wire/index.js";
import { type PcapngFacts, writePcapngHeader, writePcapngPacket } from "./pcapng-writer.js";
import { ACK, addressBytes, FIN, MAX_SEGMENT, PSH, SYN, type TcpEnd, tcpFrame } from "./tcp-frame.js";

/** Address and port; the address is that of an interface, not a name. */
export interface ConversationEnd {
  readonly host: string;
  /** 0..65535 */
  readonly port: number;
}

/** A connection, as whoever records it knows it. One object for each, always the same. */
export interface Conversation {
  /** Who has made the connection. */
  readonly client: ConversationEnd;
  readonly server: ConversationEnd;
  /** Its packets are marked: those of the client as inbound, the others as outbound. */
  readonly clientIsRemote: boolean;
  /** Said of its first packet. */
  readonly comment?: string | undefined;
}

/** Who has sent some bytes. */
export type ConversationSide = "client" | "server";

/** When something happened. */
export interface CaptureTime {
  /** Seconds since 1970. */
  readonly sec: number;
  /** 0..999999999 */
  readonly nsec: number;
}

interface State {
  readonly ends: Readonly<Record<ConversationSide, TcpEnd>>;
  /** Sequence numbers of the next byte of each side. */
  readonly next: Record<ConversationSide, number>;
  comment: string | undefined;
}

/** Addresses that nobody has: locally administered. */
const MACS = { client: Buffer.from("020000000001", "hex"), server: Buffer.from("020000000002", "hex") };

const NO_BYTES = new Uint8Array(0);

/** Bytes that are written before they have to be taken: the longest message, its headers and comments are far shorter. */
const LIMIT = 1 << 24;

/** Writes a capture file piece by piece. */
export class ConversationWriter {
  readonly #out = new Writer(LIMIT);
  /** Of conversations that somebody still knows. */
  readonly #states = new WeakMap<Conversation, State>();
  #id = 0;

  constructor(facts: PcapngFacts) {
    writePcapngHeader(this.#out, facts);
  }

  /** The bytes of the file since the last time; valid until the next call of any method. */
  take(): Buffer {
    const bytes = this.#out.view();
    this.#out.reset();
    return bytes;
  }

  /** The connection was made. To be left out for one that was there before. */
  open(conversation: Conversation, time: CaptureTime): void {
    this.#states.delete(conversation);
    const state = this.#stateOf(conversation, 0);
    this.#segment(conversation, state, "client", SYN, NO_BYTES, time);
    state.next.client = 1;
    this.#segment(conversation, state, "server", SYN | ACK, NO_BYTES, time);
    state.next.server = 1;
    this.#segment(conversation, state, "client", ACK, NO_BYTES, time);
  }

  /** A side has sent bytes. @param comment  said of their first packet */
  add(
    conversation: Conversation,
    side: ConversationSide,
    bytes: Uint8Array,
    time: CaptureTime,
    comment?: string,
  ): void {
    const state = this.#stateOf(conversation, 1);
    if (comment !== undefined)
      state.comment = state.comment === undefined ? comment : `${state.comment}\n${comment}`;
    for (let o = 0; o < bytes.length; o += MAX_SEGMENT) {
      const piece = bytes.subarray(o, o + MAX_SEGMENT);
      this.#segment(conversation, state, side, PSH | ACK, piece, time);
      state.next[side] = (state.next[side] + piece.length) >>> 0;
    }
  }

  /** A side has sent bytes of which only the number is known. */
  skip(conversation: Conversation, side: ConversationSide, bytes: number): void {
    const { next } = this.#stateOf(conversation, 1);
    next[side] = (next[side] + bytes) % 2 ** 32;
  }

  /** The connection has ended. */
  close(conversation: Conversation, time: CaptureTime): void {
    const state = this.#states.get(conversation);
    if (state === undefined) return;
    for (const side of ["client", "server"] as const) {
      this.#segment(conversation, state, side, FIN | ACK, NO_BYTES, time);
      state.next[side] = (state.next[side] + 1) >>> 0;
    }
    this.#states.delete(conversation);
  }

  #stateOf(conversation: Conversation, sequence: number): State {
    let state = this.#states.get(conversation);
    if (state === undefined) {
      state = {
        ends: makeEnds(conversation),
        next: { client: sequence, server: sequence },
        comment: conversation.comment,
      };
      this.#states.set(conversation, state);
    }
    return state;
  }

  #segment(
    { clientIsRemote }: Conversation,
    state: State,
    side: ConversationSide,
    flags: number,
    bytes: Uint8Array,
    { sec, nsec }: CaptureTime,
  ): void {
    const { ends, next, comment } = state;
    const other = side === "client" ? "server" : "client";
    this.#id = (this.#id + 1) & 0xffff;
    const acknowledged = (flags & ACK) === 0 ? 0 : next[other];
    const facts = { from: ends[side], to: ends[other], sequence: next[side], acknowledged };
    const frame = tcpFrame({ ...facts, flags, id: this.#id, bytes });
    const direction = (side === "client") === clientIsRemote ? "inbound" : "outbound";
    writePcapngPacket(this.#out, frame, sec, nsec, { direction, comment });
    state.comment = undefined;
  }
}

function makeEnds({ client, server }: Conversation): Record<ConversationSide, TcpEnd> {
  const [a, b] = [addressBytes(client.host), addressBytes(server.host)];
  // One header has one family; an IPv4 address among IPv6 ones is written as RFC 4291 section 2.5.5.2 says.
  const same = a.length === b.length;
  return {
    client: { address: same ? a : mapped(a), port: client.port, mac: MACS.client },
    server: { address: same ? b : mapped(b), port: server.port, mac: MACS.server },
  };
}

function mapped(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const whole = new Uint8Array(16);
  whole.set([0xff, 0xff, ...address], 10);
  return whole;
}

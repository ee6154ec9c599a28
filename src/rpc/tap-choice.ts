// Which messages a tap shows.
import { DecodeError } from "../base/index.js";
import type { Channel } from "../channel/index.js";
import {
  carriesPacket,
  decodeMessage,
  frameTypeName,
  makeEnvelope,
  type PacketPrinter,
} from "../codec/decode.js";
import type { PacketFilter } from "../packet/index.js";
import { Text } from "../text/index.js";
import type { TypePattern } from "./choice-params.js";
import type { TapDirection } from "./gen/types.js";

/** What a client wants to see; what is undefined is not limited. */
export interface TapWishes {
  /** Undefined: all but echoes and the messages of handshakes. */
  readonly types: readonly TypePattern[] | undefined;
  readonly exceptTypes: readonly TypePattern[] | undefined;
  /** Echoes, whatever `types` says. */
  readonly echoes: boolean;
  /** The messages of handshakes, whatever `types` says. */
  readonly handshakes: boolean;
  readonly datapathIds: ReadonlySet<string> | undefined;
  readonly connIds: ReadonlySet<number> | undefined;
  readonly direction: TapDirection | undefined;
  /** Takes PACKET_INs and PACKET_OUTs by their packets. */
  readonly filter: Pick<PacketFilter, "matches"> | undefined;
}

const ECHOES: ReadonlySet<string> = new Set(["ECHO_REQUEST", "ECHO_REPLY"]);

/** What the daemon and a switch say to each other before a channel is up. Others may come early. */
const HANDSHAKE: ReadonlySet<string> = new Set([
  "HELLO",
  "FEATURES_REQUEST",
  "FEATURES_REPLY",
  "PORT_DESC_REQUEST",
  "PORT_DESC_REPLY",
]);

/** Decides for one tap. */
export class TapChoice {
  readonly #wishes: TapWishes;
  /** Answers by type, before and after a channel is up. */
  readonly #early = new Map<string, boolean>();
  readonly #later = new Map<string, boolean>();

  constructor(wishes: TapWishes) {
    this.#wishes = wishes;
  }

  /** True for a message that is wanted. Never throws. */
  takes(channel: Channel, direction: TapDirection, frame: Buffer): boolean {
    const { filter, direction: only } = this.#wishes;
    if (only !== undefined && direction !== only) return false;
    if (!this.#takesChannel(channel)) return false;
    const type = frameTypeName(frame, 0, frame.length) ?? "_RAW_MESSAGE";
    if (!this.#takesType(type, channel.phase === "handshake")) return false;
    return filter === undefined || !carriesPacket(type) || hasPacket(frame, filter);
  }

  #takesChannel({ facts, datapathId }: Channel): boolean {
    const { datapathIds, connIds } = this.#wishes;
    if (datapathIds === undefined && connIds === undefined) return true;
    return datapathIds?.has(datapathId) === true || connIds?.has(facts.connId) === true;
  }

  #takesType(type: string, early: boolean): boolean {
    const known = early ? this.#early : this.#later;
    let takes = known.get(type);
    if (takes === undefined) {
      takes = this.#judgeType(type, early);
      known.set(type, takes);
    }
    return takes;
  }

  #judgeType(type: string, early: boolean): boolean {
    const { types, exceptTypes = [], echoes, handshakes } = this.#wishes;
    const isLike = ({ matches }: TypePattern): boolean => matches(type);
    const isEcho = ECHOES.has(type);
    const isHandshake = early && HANDSHAKE.has(type);
    if (exceptTypes.some(isLike)) return false;
    if ((echoes && isEcho) || (handshakes && isHandshake)) return true;
    return types === undefined ? !isEcho && !isHandshake : types.some(isLike);
  }
}

const ENVELOPE = makeEnvelope({});

/** Decoding is synchronous: one text and one answer serve all messages. */
const text = new Text();
let wanted: Pick<PacketFilter, "matches"> | undefined;
let matched = false;

const MATCHER: PacketPrinter = {
  detail: "fields",
  writeFields(b, o, end) {
    matched = wanted?.matches(b, o, end) === true;
  },
  writeOthers: () => undefined,
};

/** False for the message of a packet that the filter does not match. One that cannot be decoded is to be seen. */
function hasPacket(frame: Buffer, filter: Pick<PacketFilter, "matches">): boolean {
  wanted = filter;
  matched = false;
  text.rewind();
  try {
    decodeMessage(frame, text, ENVELOPE, MATCHER);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return true;
  }
  return matched;
}

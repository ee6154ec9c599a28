// What tells the start of an OpenFlow message from any other bytes.
import { headerTypeName } from "../codec/decode.js";
import { HEADER_LENGTH, peekLength, peekType, peekVersion } from "../wire/index.js";

const HELLO = 0;
const LAST_VERSION = 6;

/** Whether a type is one of a version: at version * 256 + type. */
const KNOWN = Uint8Array.from({ length: (LAST_VERSION + 1) * 256 }, (_, n) => {
  const [version, type] = [n >> 8, n & 255];
  return version > 0 && headerTypeName(version, type) !== `TYPE_${type}` ? 1 : 0;
});

/** What both directions of a connection know of it. */
export interface Speech {
  /** Version of its messages, 1 to 6; 0 before the first one but HELLO. */
  version: number;
  /** It is TLS. */
  encrypted: boolean;
}

/**
 * Whether a message may start with the header at `o`: of the version that the connection speaks, and of a type of that version.
 * For places that nothing else speaks for.
 */
export function isLikelyHeader(b: Uint8Array, o: number, speech: Speech): boolean {
  const version = peekVersion(b, o);
  if (version > LAST_VERSION || KNOWN[(version << 8) | peekType(b, o)] !== 1) return false;
  if (peekLength(b, o) < HEADER_LENGTH) return false;
  return peekType(b, o) === HELLO || speech.version === 0 || version === speech.version;
}

/**
 * Whether a message can start with the header at `o`, where one is due. A HELLO may be of any version: it says what its sender
 * could speak (OF 1.3.5 §6.3.1). A type that nobody knows is for the decoder to tell.
 */
export function isPossibleHeader(b: Uint8Array, o: number): boolean {
  const version = peekVersion(b, o);
  const known = peekType(b, o) === HELLO ? version !== 0 : version >= 1 && version <= LAST_VERSION;
  return known && peekLength(b, o) >= HEADER_LENGTH;
}

/** Takes notice of a message at `o` that was found for certain. */
export function listen(b: Uint8Array, o: number, speech: Speech): void {
  const version = peekVersion(b, o);
  if (peekType(b, o) !== HELLO && version <= LAST_VERSION) speech.version = version;
}

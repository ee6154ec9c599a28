// What a channel looks at in each message itself, without decoding it: headers and echoes (OF 1.3.5 §6.4, §7.5.2).
import { HEADER_LENGTH, peekLength, peekType, peekVersion, peekXid, putHeader } from "../wire/index.js";

/** Message types with the same number in all versions. */
export const TYPE = {
  HELLO: 0,
  ERROR: 1,
  ECHO_REQUEST: 2,
  ECHO_REPLY: 3,
  EXPERIMENTER: 4,
  FEATURES_REPLY: 6,
} as const;

/** Beyond these the bytes are no OpenFlow, not even of a version to come. */
const MAX_VERSION = 9;
const MAX_TYPE = 64;

const KEEPALIVE_XID = 0xfbd0ff86;
const KEEPALIVE_DATA = Buffer.from("??OFTR??");
const OWN_PREFIX = Buffer.from("__OFTR__");

/** The first words of what is said about a header. */
export const BAD_HEADER = "Invalid OpenFlow message header";

/** False for bytes that cannot start an OpenFlow message. @param header  at least 8 bytes */
export function isSaneHeader(header: Uint8Array): boolean {
  const version = peekVersion(header);
  return version >= 1 && version <= MAX_VERSION && peekType(header) <= MAX_TYPE;
}

/** What is wrong with a header whose frame cannot be trusted, for people. @param limit  longest frame in bytes */
export function describeBadHeader(header: Uint8Array, limit: number): string {
  const version = peekVersion(header);
  if (version < 1 || version > MAX_VERSION) return `${BAD_HEADER}: there is no version ${version}`;
  if (peekType(header) > MAX_TYPE) return `${BAD_HEADER}: there is no message type ${peekType(header)}`;
  const length = peekLength(header);
  if (length < HEADER_LENGTH) return `${BAD_HEADER}: length ${length} is less than ${HEADER_LENGTH}`;
  return `${BAD_HEADER}: length ${length} is more than ${limit} (limit frame-bytes)`;
}

/**
 * True for a message of another version than the channel's, unless it is a symmetric one: HELLO, ERROR, echoes and
 * EXPERIMENTER have the same numbers in all versions, and switches send them in versions of old. Open vSwitch, for
 * one, sends errors about flow monitors as 1.0, and passes over the version of these.
 */
export function isForeign(frame: Uint8Array, version: number): boolean {
  return peekVersion(frame) !== version && peekType(frame) > TYPE.EXPERIMENTER;
}

/** What is said of a foreign message. */
export function describeForeign(frame: Uint8Array, version: number): string {
  return `${BAD_HEADER}: version ${peekVersion(frame)}, not ${version} as agreed; message type ${peekType(frame)} is not delivered`;
}

/** The ECHO_REQUEST that asks an idle peer whether it is still there. */
export function makeKeepalive(version: number): Buffer {
  return makeEcho(version, TYPE.ECHO_REQUEST, KEEPALIVE_XID, KEEPALIVE_DATA);
}

/** True for the answer to `makeKeepalive`, which nobody else needs to see. @param frame  an ECHO_REPLY */
export function isKeepaliveReply(frame: Buffer): boolean {
  return peekXid(frame) === KEEPALIVE_XID && KEEPALIVE_DATA.equals(frame.subarray(HEADER_LENGTH));
}

/** The answer to an ECHO_REQUEST: same xid, same data. */
export function echoReply(request: Buffer): Buffer {
  return makeEcho(peekVersion(request), TYPE.ECHO_REPLY, peekXid(request), request.subarray(HEADER_LENGTH));
}

/** True for an ECHO_REQUEST that is meant for the controller: it is delivered and not answered. */
export function isOwnEcho(request: Buffer): boolean {
  return OWN_PREFIX.equals(request.subarray(HEADER_LENGTH, HEADER_LENGTH + OWN_PREFIX.length));
}

function makeEcho(version: number, type: number, xid: number, data: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + data.length);
  putHeader(frame, 0, version, type, frame.length, xid);
  frame.set(data, HEADER_LENGTH);
  return frame;
}

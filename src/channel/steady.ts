// What a channel looks at in each message itself, without decoding it: headers and echoes (OF 1.3.5 §6.4, §7.5.2).
import { HEADER_LENGTH, peekType, peekVersion, peekXid, putHeader } from "../wire/index.js";

/** Message types with the same number in all versions. */
export const TYPE = { HELLO: 0, ERROR: 1, ECHO_REQUEST: 2, ECHO_REPLY: 3, FEATURES_REPLY: 6 } as const;

/** Beyond these the bytes are no OpenFlow, not even of a version to come. */
const MAX_VERSION = 9;
const MAX_TYPE = 64;

const KEEPALIVE_XID = 0xfbd0ff86;
const KEEPALIVE_DATA = Buffer.from("??OFTR??");
const OWN_PREFIX = Buffer.from("__OFTR__");

/** False for bytes that cannot start an OpenFlow message. @param header  at least 8 bytes */
export function isSaneHeader(header: Uint8Array): boolean {
  const version = peekVersion(header);
  return version >= 1 && version <= MAX_VERSION && peekType(header) <= MAX_TYPE;
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

// A frame within a message that is told by its fields instead of its bytes.
import { EncodeError } from "../base/index.js";
import { buildFrame, packetDifference, type ValueNames } from "../packet/index.js";
import { hexOf, type JsonObject } from "./encode-support.js";
import { etherTypeValues, ipProtocolValues } from "./gen/encode/scalars.js";

/** Names that matches take, too. */
const NAMES: ValueNames = new Map([
  ["ETH_TYPE", etherTypeValues],
  ["IP_PROTO", ipProtocolValues],
]);

/** How many of the keys of packets an object has. */
export function countPacketKeys(m: JsonObject): number {
  let n = 0;
  if (m._pkt !== undefined) n++;
  if (m._pkt_more !== undefined) n++;
  if (m._pkt_payload !== undefined) n++;
  if (m._pkt_data !== undefined) n++;
  if (m.pkt !== undefined) n++;
  return n;
}

/**
 * The frame that the keys of packets of `m` describe; undefined when `key` has the bytes of the frame, and they say the same.
 * Throws EncodeError for what cannot be used, and when they say something else.
 */
export function encodePacket(m: JsonObject, key: string): Uint8Array | undefined {
  const given = m[key];
  const data = given === undefined || given === "" || given === null ? undefined : hexOf(given, key);
  if (data === undefined || data.length === 0) return buildFrame(m, NAMES);
  const place = packetDifference(m, data, NAMES);
  if (place === undefined) return undefined;
  throw new EncodeError(place, `is not what ${key} holds: give one of them`);
}

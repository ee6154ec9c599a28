// What PACKET_INs say, those of Nicira too.
import { readPacket } from "../packet/index.js";
import { type Fields, isFields, isList } from "./compact.js";
import { type PacketSender, packetFields, packetSender } from "./packet-facts.js";

/** What is counted of PACKET_INs. */
export interface PacketInFacts {
  /** `TABLE_MISS`; hex where it has no name, `?` where it is not there. */
  readonly reason: string;
  /** Number or name of a port; `?` where it is not there. */
  readonly inPort: string;
  readonly sender: PacketSender;
}

/** Bytes of a packet that are read: its senders stand in these. */
const HEADERS = 128;

/** PACKET_IN in all versions, NXT_PACKET_IN and NXT_PACKET_IN2. */
export function isPacketIn(type: string): boolean {
  return type.includes("PACKET_IN") && !type.includes("FORMAT");
}

/** Reads `msg` of a PACKET_IN. */
export function readPacketIn(msg: Fields): PacketInFacts {
  // NXT_PACKET_IN2 has all in properties, each of which holds some of the keys.
  const parts = [msg, ...(isList(msg.properties) ? msg.properties.filter(isFields) : [])];
  const find = (key: string) => parts.find((part) => part[key] !== undefined)?.[key];
  const match = packetFields(find("match"));
  const inPort = find("in_port") ?? match.IN_PORT ?? match.NX_IN_PORT;
  const packet = readPacket(Buffer.from(String(find("data") ?? "").slice(0, 2 * HEADERS), "hex"));
  return {
    reason: String(find("reason") ?? "?"),
    inPort: String(inPort ?? "?"),
    sender: packetSender(packetFields(packet._pkt.map(({ field, value }) => ({ field, value })))),
  };
}

// What PACKET_INs say, those of Nicira too.
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

/** PACKET_IN in all versions, NXT_PACKET_IN and NXT_PACKET_IN2. */
export function isPacketIn(type: string): boolean {
  return type.includes("PACKET_IN") && !type.includes("FORMAT");
}

/** Reads `msg` of a PACKET_IN that was decoded with the fields of its packet. */
export function readPacketIn(msg: Fields): PacketInFacts {
  // NXT_PACKET_IN2 has all in properties, each of which holds some of the keys.
  const parts = [msg, ...(isList(msg.properties) ? msg.properties.filter(isFields) : [])];
  const find = (key: string) => parts.find((part) => part[key] !== undefined)?.[key];
  const match = packetFields(find("match") ?? find("metadata"));
  return {
    reason: String(find("reason") ?? "?"),
    inPort: String(find("in_port") ?? match.IN_PORT ?? "?"),
    sender: packetSender(packetFields(find("_pkt"))),
  };
}

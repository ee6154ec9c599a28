// The protocols that Ethernet, SNAP and MPLS carry, by the type of Ethernet.
import { arp } from "./arp.js";
import type { Fields } from "./fields.js";
import { ipv4 } from "./ipv4.js";
import { ipv6 } from "./ipv6.js";
import { lldp } from "./lldp.js";
import { mpls } from "./mpls.js";
import { pbb } from "./pbb.js";
import type { Protocol } from "./protocol.js";

/** Those that carry others come first: the fields of the others are theirs, too. */
const BY_TYPE = new Map<number, Protocol>([
  [0x8847, mpls],
  [0x8848, mpls],
  [0x88e7, pbb],
  [0x0800, ipv4],
  [0x0806, arp],
  [0x86dd, ipv6],
  [0x88cc, lldp],
]);

/** The protocol of a type. */
export function protocolOf(type: number): Protocol | undefined {
  return BY_TYPE.get(type);
}

/** The type of the protocol whose fields were given. */
export function impliedType(fields: Fields): number | undefined {
  for (const [type, protocol] of BY_TYPE) if (protocol.wanted(fields, false)) return type;
  return undefined;
}

/** The protocol of a given type, when its fields were given, too. */
export function chosenProtocol(type: number | undefined, fields: Fields): Protocol | undefined {
  const protocol = type === undefined ? undefined : BY_TYPE.get(type);
  return protocol?.wanted(fields, true) ? protocol : undefined;
}

// What IPv4 and IPv6 have in common: fields, and the protocols that they carry.
import type { Fields } from "./fields.js";
import { icmpv4 } from "./icmpv4.js";
import { icmpv6 } from "./icmpv6.js";
import { sctp } from "./sctp.js";
import { tcp } from "./tcp.js";
import type { Transport } from "./transport.js";
import { udp } from "./udp.js";

/** Fields that a header of either version holds. */
export const IP_FIELDS: readonly string[] = ["IP_DSCP", "IP_ECN", "IP_PROTO", "NX_IP_TTL"];

const TRANSPORTS: readonly Transport[] = [icmpv4, icmpv6, tcp, udp, sctp];

/** The protocol with that number over IPv4 or IPv6. */
export function transportOf(version: 4 | 6, number: number): Transport | undefined {
  return TRANSPORTS.find((t) => t.number === number && (t.onlyIn ?? version) === version);
}

/** The protocol over IPv4 or IPv6 whose fields were given. */
export function impliedTransport(version: 4 | 6, fields: Fields): Transport | undefined {
  return TRANSPORTS.find((t) => (t.onlyIn ?? version) === version && t.wanted(fields, false));
}

// All fields that packets have, for errors and for help.
import { arp } from "./arp.js";
import { ethernet } from "./ethernet.js";
import { icmpv4 } from "./icmpv4.js";
import { icmpv6 } from "./icmpv6.js";
import { ipv4 } from "./ipv4.js";
import { ipv6 } from "./ipv6.js";
import { lldp } from "./lldp.js";
import { mpls } from "./mpls.js";
import { pbb } from "./pbb.js";
import type { Protocol } from "./protocol.js";
import { sctp } from "./sctp.js";
import { snap } from "./snap.js";
import { tcp } from "./tcp.js";
import { udp } from "./udp.js";

/** The protocols whose headers are read and built, outermost first. */
export const PROTOCOLS: readonly Protocol[] = [
  ...[ethernet, snap, mpls, pbb, arp, lldp, ipv4, ipv6],
  ...[icmpv4, icmpv6, tcp, udp, sctp],
];

/** Fields of the frame itself, and what its bytes behind the headers are. */
const FRAME_FIELDS = ["X_PKT_POS", "FRAME_LENGTH", "PAYLOAD"];

/** Names of the fields of each protocol: those of `_pkt` and of `_pkt_more`. */
export const PACKET_FIELDS: readonly { readonly protocol: string; readonly names: readonly string[] }[] = [
  ...PROTOCOLS.map((protocol) => ({ protocol: protocol.name, names: protocol.fields })),
  { protocol: "frame", names: FRAME_FIELDS },
];

/** Names of the fields of all protocols, and of the frame itself. */
export const KNOWN_FIELDS: readonly string[] = [...new Set(PACKET_FIELDS.flatMap(({ names }) => names))];

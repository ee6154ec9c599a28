// What the payload of a frame is, by the last header before it.

import { u16 } from "../../wire/index.js";
import { ethernet, FIRST_TYPE } from "../ethernet.js";
import { type Headers, stopOf } from "../find-headers.js";
import { icmpv4 } from "../icmpv4.js";
import { icmpv6 } from "../icmpv6.js";
import { ipv4 } from "../ipv4.js";
import { ipv6, ipv6Payload } from "../ipv6.js";
import { pbb } from "../pbb.js";
import { udp } from "../udp.js";
import { dhcpv4 } from "./dhcpv4.js";
import { dns } from "./dns.js";
import { icmpv4Payload, icmpv6Payload } from "./icmp.js";
import { igmp } from "./igmp.js";
import { llc } from "./llc.js";
import type { PayloadProtocol } from "./payload.js";
import { routerAdvertisement, routerSolicitation } from "./router-discovery.js";
import { geneve, gre, innerEthernet, vxlan } from "./tunnels.js";

/** By UDP port; of tunnels only the destination says what they are, the source is any number. */
const BY_PORT = new Map([
  [67, dhcpv4],
  [68, dhcpv4],
  [53, dns],
  [5353, dns],
]);
const BY_DESTINATION = new Map([...BY_PORT, [4789, vxlan], [6081, geneve]]);
/** By the number of IP. */
const BY_NUMBER = new Map([
  [2, igmp],
  [47, gre],
]);
const BY_TYPE_6 = new Map([
  [133, routerSolicitation],
  [134, routerAdvertisement],
]);

/** The number of IP that says that this protocol follows; undefined for those that IP does not carry itself. */
export function ipNumberOf(protocol: string): number | undefined {
  for (const [number, { name }] of BY_NUMBER) if (name === protocol) return number;
  return undefined;
}

/** A payload and where it ends; padding, or what no header counts, may follow. */
export interface FoundPayload {
  readonly protocol: PayloadProtocol;
  readonly stop: number;
}

/**
 * Tells what the payload of a frame is; undefined when nobody knows.
 * @param bodies  of ICMP messages, too, which are no protocol of their own
 */
export function findPayload(
  b: Uint8Array,
  headers: Headers,
  end: number,
  bodies: boolean,
): FoundPayload | undefined {
  const last = headers.count - 1;
  if (last < 0 || headers.rest >= end) return undefined;
  const o = headers.starts[last]!;
  const stop = headers.content;
  const found = (protocol: PayloadProtocol | undefined, ends?: number): FoundPayload | undefined => {
    if (protocol === undefined) return undefined;
    const at = ends ?? networkEnd(b, headers, end);
    return at <= stop ? undefined : { protocol, stop: at };
  };
  switch (headers.protocols[last]) {
    case udp: {
      const protocol = BY_DESTINATION.get(u16(b, o + 2)) ?? BY_PORT.get(u16(b, o));
      if (protocol === undefined) return undefined;
      const length = u16(b, o + 4);
      const ends = networkEnd(b, headers, end);
      return found(protocol, length >= 8 && o + length <= ends ? o + length : ends);
    }
    case icmpv4:
      return bodies ? found(icmpv4Payload(b[o]!)) : undefined;
    case icmpv6:
      return bodies ? found(icmpv6Payload(b[o]!) ?? BY_TYPE_6.get(b[o]!)) : undefined;
    case ipv4:
      return (u16(b, o + 6) & 0x1fff) === 0 ? found(BY_NUMBER.get(b[o + 9]!)) : undefined;
    case ipv6: {
      const number = ipv6Payload(b, o, stop);
      return number === undefined ? undefined : found(BY_NUMBER.get(number));
    }
    case pbb:
      return found(innerEthernet, end);
    case ethernet: {
      const length = u16(b, stop - 2);
      if (length >= FIRST_TYPE) return undefined;
      return found(llc, length > 0 && stop + length <= end ? stop + length : end);
    }
    default:
      return undefined;
  }
}

/** Where the innermost IP packet ends by its own length. */
function networkEnd(b: Uint8Array, headers: Headers, end: number): number {
  for (let i = headers.count - 1; i >= 0; i--) {
    const network = headers.protocols[i]!.network?.(b, headers.starts[i]!, stopOf(headers, i), end);
    if (network !== undefined) return network.end;
  }
  return end;
}

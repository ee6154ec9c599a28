// Payloads of frames as objects, `_pkt_payload`: {protocol: DNS, …}. The object says all: built again, it is the same bytes.
import { didYouMean, EncodeError } from "../../base/index.js";
import { formatHex } from "../../text/index.js";
import { Writer } from "../../wire/index.js";
import { isZero } from "../find-headers.js";
import { dhcpv4 } from "./dhcpv4.js";
import { dns } from "./dns.js";
import type { FoundPayload } from "./find-payload.js";
import { Given } from "./given.js";
import { ICMP } from "./icmp.js";
import { igmp } from "./igmp.js";
import { llc } from "./llc.js";
import type { BuildInner, PayloadObject, PayloadProtocol, ReadInner } from "./payload.js";
import { routerAdvertisement, routerSolicitation } from "./router-discovery.js";
import { findDifference } from "./same.js";
import { geneve, gre, innerEthernet, vxlan } from "./tunnels.js";
import { hexOf, refused, textOf } from "./values.js";

export { findPayload, ipNumberOf } from "./find-payload.js";
export type { PayloadObject, PayloadValue } from "./payload.js";
export { findDifference } from "./same.js";

/** Longest payload, bytes: what fits into an OpenFlow message. */
const MAX_PAYLOAD = 65_535;

const PROTOCOLS = new Map(
  [
    ...[igmp, ...ICMP, routerSolicitation, routerAdvertisement, dhcpv4, dns],
    ...[vxlan, geneve, gre, innerEthernet, llc],
  ].map((protocol) => [protocol.name, protocol] as const),
);

/** Names of the protocols, values of the key `protocol`. */
export const PAYLOAD_PROTOCOLS: readonly string[] = [...PROTOCOLS.keys()];

/** Keys of an object that are not the protocol's own. */
const BYTES = "bytes";
const TRAILER = "trailer";

/**
 * What a payload from `start` on says, undefined when it cannot be of that protocol. Never throws. Where the fields alone would be
 * built to other bytes, `bytes` has them; `trailer` has those that no header counts.
 * @param end      where the frame ends
 * @param padded   zeros behind the payload are padding that every frame gets, and not told
 */
export function readPayload(
  b: Uint8Array,
  start: number,
  end: number,
  { protocol, stop }: FoundPayload,
  padded: boolean,
  readInner: ReadInner,
): PayloadObject | undefined {
  const object = readFields(protocol, b, start, stop, readInner);
  if (object === undefined) return undefined;
  if (!protocol.exact && !isBuilt(protocol, object, b.subarray(start, stop)))
    object[BYTES] = formatHex(b, start, stop);
  if (stop < end && !(padded && isZero(b, stop, end))) object[TRAILER] = formatHex(b, stop, end);
  return object;
}

function readFields(
  protocol: PayloadProtocol,
  b: Uint8Array,
  o: number,
  end: number,
  readInner: ReadInner,
): PayloadObject | undefined {
  const fields = protocol.read(b, o, end, readInner);
  return fields === undefined ? undefined : { protocol: protocol.name, ...fields };
}

/** Frames inside are told with their bytes: they need not be built again to be compared. */
const innerData: BuildInner = (_start, value) => hexOf((value as PayloadObject).data, "");

/** What was read is built here once more; frames inside are not built. */
const rebuilt = new Writer(MAX_PAYLOAD);

function isBuilt(protocol: PayloadProtocol, object: PayloadObject, bytes: Uint8Array): boolean {
  rebuilt.reset();
  try {
    protocol.build(new Given(object, ""), rebuilt, innerData);
  } catch (error) {
    if (error instanceof EncodeError) return false;
    throw error;
  }
  return Buffer.compare(rebuilt.view(), bytes) === 0;
}

/**
 * The bytes of a payload that was given as an object. Throws EncodeError with a place below `path` for what cannot be used,
 * and where `bytes` say something else than the fields beside them.
 */
export function buildPayload(
  value: unknown,
  path: string,
  readInner: ReadInner,
  buildInner: BuildInner,
): Uint8Array {
  const given = new Given(value, path);
  const name = textOf(given.need("protocol"), given.at("protocol"));
  const protocol = PROTOCOLS.get(name.toUpperCase());
  if (protocol === undefined) {
    const hint = didYouMean(name, PROTOCOLS.keys());
    throw refused(name, `is not a protocol of payloads${hint}`, given.at("protocol"));
  }
  const out = new Writer(MAX_PAYLOAD);
  const bytes = given.value(BYTES);
  if (bytes === undefined) protocol.build(given, out, buildInner);
  else {
    out.bytes(hexOf(bytes, given.at(BYTES)));
    const said = readFields(protocol, out.view(), 0, out.p, readInner) ?? {};
    const { [BYTES]: _, [TRAILER]: __, ...fields } = value as PayloadObject;
    const where = findDifference(
      { ...fields, protocol: protocol.name },
      { protocol: protocol.name, ...said },
    );
    if (where !== undefined) {
      throw new EncodeError(`${path}${where}`, `is not what ${BYTES} say: leave one of them out`);
    }
  }
  out.bytes(given.hex(TRAILER));
  if (bytes === undefined) given.finish();
  return out.copy();
}

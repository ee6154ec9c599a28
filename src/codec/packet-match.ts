// Packets and matches: the exact match of a packet, and whether a match takes a packet.
import { ALL_VERSIONS, didYouMean, EncodeError, type Version } from "../base/index.js";
import { u32 } from "../wire/index.js";
import { fieldOffset, writeFields } from "./fields.js";
import { fieldIndex, fieldKinds } from "./gen/encode/oxm.js";
import type { Field } from "./gen/types.js";
import {
  holdsIn,
  isVoid,
  type MatchTerm,
  type MatchTerms,
  makeTerms,
  readTerms,
  sameField,
  termKey,
} from "./match-terms.js";
import { MessageWriter } from "./message-writer.js";
import { wrongIn10 } from "./native/encode/match-1-0.js";
import { wrongIn11 } from "./native/encode/match-1-1.js";
import { FRAME_FIELDS, type PacketField, type PortNumber, readPacketFields } from "./packet-fields.js";

/** What a switch is told about reading packets. */
export interface PacketOptions {
  /**
   * Tags of VLANs behind which the switch looks, 1 or more: the next one is the Ethernet type. Default: 1 in OpenFlow 1.0, all later;
   * Open vSwitch has 1 unless its `vlan-limit` says otherwise.
   */
  readonly vlanTags?: number;
}

/** Which fields a match from a packet has. */
export interface MatchFromPacketOptions extends PacketOptions {
  /** These alone, where the packet has them; their prerequisites join them. Any field of a packet may be named: NX_IP_TTL. */
  readonly only?: readonly string[];
  /** Not these, unless others need them. */
  readonly except?: readonly string[];
}

/** What is known of a packet besides its bytes. */
export interface MatchCoversOptions extends PacketOptions {
  /** Values of fields that are not in a packet, as {field, value}: METADATA, TUNNEL_ID, registers; the match of a PACKET_IN has them. */
  readonly context?: readonly Field[];
  /** Take the match as it is, without asking for prerequisites. */
  readonly unchecked?: boolean;
}

const BASIC = 0x8000;
const IPV6 = 0x86dd;
/** Without this field a match is about Ethernet, as all packets are here. */
const IMPLIED = "PACKET_TYPE";

/** The last port that is not reserved, in fields of 16 and of 32 bits. */
const LAST_PORT_16 = 0xff00;
const LAST_PORT_32 = 0xffff_ff00;

const kindOf = (name: string): number => fieldIndex.get(name) ?? -1;
const ETH_TYPE = kindOf("ETH_TYPE");
const IP_PROTO = kindOf("IP_PROTO");

const frameKeys: ReadonlySet<number> = new Set(FRAME_FIELDS.map(termKey));
const w = new MessageWriter();

/**
 * The exact match of a frame that comes in at a port, with all fields that a switch of that version looks at, each after its
 * prerequisites. It can be encoded in that version, and takes the frame.
 *
 * Of IPv6 packets IPV6_EXTHDR is there only if they have extension headers. Of fragments there are no ports, and of later fragments of
 * IPv6 no protocol, as switches do not agree on them; in 1.0 ports of fragments are 0. PACKET_TYPE and fields of vendors are there when `only` names them.
 * @param inPort   undefined: the match is for any port
 * @param version  wire version, 1 is OpenFlow 1.0
 * Throws EncodeError for a port or a field that is none, or that the version does not have.
 */
export function matchFromPacket(
  frame: Uint8Array,
  inPort: PortNumber | undefined,
  version: Version,
  options: MatchFromPacketOptions = {},
): Field[] {
  const { only, except } = options;
  const chosen = only === undefined ? undefined : readNames(only, "only");
  const refused = readNames(except ?? [], "except");
  const all = withNames(readAll(frame, inPort, version, options), chosen ?? []);
  const usual =
    chosen === undefined ? usualFields(all, version) : all.filter(({ field }) => chosen.includes(field));
  const wanted = usual.filter(({ field }) => !refused.includes(field));
  const match = withNeeded(all, wanted) as Field[];
  try {
    readTerms(match, version, false, "match");
  } catch (error) {
    throw ofChosen(error, match, chosen ?? []);
  }
  return match;
}

/** The error of a match that the version cannot say, told of the name that asked for it. */
function ofChosen(error: unknown, match: readonly Field[], chosen: readonly string[]): unknown {
  if (!(error instanceof EncodeError)) return error;
  const [, i = "-1"] = /^match\[(\d+)\]/.exec(error.path) ?? [];
  const place = chosen.indexOf(match[Number(i)]?.field ?? "");
  return place < 0 ? error : error.relocate(`only[${place}]`);
}

/** Names of fields that packets have, without their aliases. Throws EncodeError for others. */
function readNames(names: readonly string[], key: string): string[] {
  return names.map((name, i) => {
    const kind = fieldKinds[kindOf(name)];
    if (kind !== undefined && (name === "IN_PORT" || frameKeys.has(termKey(name)))) return kind.name;
    const detail =
      kind === undefined
        ? `"${name}" is not a Field${didYouMean(name, fieldIndex.keys())}`
        : `${name} is not part of a packet`;
    throw new EncodeError(`${key}[${i}]`, detail, { code: "UNKNOWN", found: name, expected: "Field" });
  });
}

/** The fields of a packet, and beside them those that are asked for by another name: NX_ETH_DST is ETH_DST. */
function withNames(all: readonly PacketField[], names: readonly string[]): PacketField[] {
  return all.flatMap((one) => [
    one,
    ...names
      .filter((name) => name !== one.field && sameField(name) === one.field)
      .map((field) => ({ ...one, field })),
  ]);
}

/**
 * True when a match takes a frame that comes in at a port: each field of the match is there and has that value, where the mask has ones.
 * @param match    as in messages: names, prefixes and prerequisites that are left out are understood
 * @param inPort   undefined: not known
 * @param version  wire version, 1 is OpenFlow 1.0
 * Throws EncodeError for a match that the version does not have, and for a field that is not in packets, nor in the context, when all
 * depends on it.
 */
export function matchCovers(
  match: readonly Field[],
  frame: Uint8Array,
  inPort: PortNumber | undefined,
  version: Version,
  options: MatchCoversOptions = {},
): boolean {
  const terms = readTerms(match, version, options.unchecked ?? false, "match");
  const own = packetTerms(frame, inPort, version, options);
  const context = readTerms(options.context ?? [], Math.max(version, 3), true, "context");
  // What a packet says itself counts more than the context.
  const { byKey } = makeTerms([...own.list, ...context.list]);
  const isOpen = ({ key }: MatchTerm): boolean => !byKey.has(key) && !frameKeys.has(key);
  if (!terms.list.every((term) => isOpen(term) || holdsIn(term, byKey.get(term.key)))) return false;
  const open = terms.list.find((term) => isOpen(term) && !isVoid(term));
  if (open !== undefined) throw unknownField(match, open);
  return true;
}

/**
 * All that matches can ask of a frame, as terms of an exact match: `covers(match, packetTerms(…))` for many matches.
 * Throws EncodeError when `inPort` is no port.
 */
export function packetTerms(
  frame: Uint8Array,
  inPort: PortNumber | undefined,
  version: Version,
  options: PacketOptions = {},
): MatchTerms {
  const { list } = readTerms(readAll(frame, undefined, version, options), 3, true, "packet");
  if (inPort === undefined) return makeTerms(list);
  const port = readPort(inPort, version);
  // Nicira's field has 16 bits: the reserved ports are above 0xff00.
  const number = u32(port.value, 0);
  const short = number <= LAST_PORT_16 || number > LAST_PORT_32 ? port.value.subarray(2) : new Uint8Array(0);
  return makeTerms([...list, port, { key: termKey("NX_IN_PORT"), value: short }]);
}

/** The term of a port. Throws EncodeError. */
function readPort(inPort: PortNumber, version: Version): MatchTerm {
  try {
    return readTerms([{ field: "IN_PORT", value: inPort }], version, false, "").list[0]!;
  } catch (error) {
    throw error instanceof EncodeError ? error.relocate("in_port") : error;
  }
}

/** The fields of a frame, the port first. Throws EncodeError. */
function readAll(
  frame: Uint8Array,
  inPort: PortNumber | undefined,
  version: Version,
  { vlanTags = version === 1 ? 1 : Number.POSITIVE_INFINITY }: PacketOptions,
): PacketField[] {
  if (!ALL_VERSIONS.includes(version)) {
    throw new EncodeError("version", `${version} is not a wire version: 1 is OpenFlow 1.0, 6 is 1.5`);
  }
  if (!(vlanTags >= 1)) throw new EncodeError("vlanTags", `${vlanTags} is not 1 or more`);
  const fields = readPacketFields(frame, { version, vlanTags });
  if (inPort === undefined) return fields;
  readPort(inPort, version);
  return [{ field: "IN_PORT", value: inPort }, ...fields];
}

/** The fields that switches of a version look at. */
function usualFields(all: readonly PacketField[], version: Version): PacketField[] {
  const value = (name: string): unknown => all.find(({ field }) => field === name)?.value;
  const isFragment = Number(value("NX_IP_FRAG") ?? 0) !== 0;
  const isLater = Number(value("NX_IP_FRAG") ?? 0) > 1;
  const isIPv6 = value("ETH_TYPE") === IPV6;
  const inVersion = all.filter(({ field, value }) => {
    const kind = fieldKinds[kindOf(field)]!;
    if (kind.header >>> 16 !== BASIC || kind.since > version || field === IMPLIED) return false;
    if (field === "IPV6_EXTHDR" && value === 0) return false;
    const needs = (index: number): boolean => kind.needs.some((need) => need.kind === index);
    // 1.0 and 1.1 know IPv6 as an Ethernet type only.
    if (isIPv6 && version < 3 && needs(ETH_TYPE)) return false;
    if (field === "IP_PROTO" && isIPv6 && isLater) return false;
    return !(isFragment && version > 1 && needs(IP_PROTO));
  });
  return version < 3 ? inVersion.filter(expressible(inVersion, version)) : inVersion;
}

/** Whether the fixed match of 1.0 or 1.1 has a field, with such a value; IN_PORT is judged by its encoder. */
function expressible(
  list: readonly PacketField[],
  version: Version,
): (field: PacketField, i: number) => boolean {
  const wrong = version === 1 ? wrongIn10 : wrongIn11;
  w.reset();
  w.unchecked = true;
  writeFields(w, list, "match");
  const fits = list.map(({ field }, i) => field === "IN_PORT" || wrong(w.b, fieldOffset(i)) === undefined);
  return (_, i) => fits[i]!;
}

/** The wanted fields, and those of the packet that they need, in the order of the packet. */
function withNeeded(all: readonly PacketField[], wanted: readonly PacketField[]): PacketField[] {
  const kept = new Set<number>();
  const keep = (kind: number): void => {
    if (kept.has(kind)) return;
    kept.add(kind);
    for (const need of fieldKinds[kind]!.needs) keep(need.kind);
  };
  for (const { field } of wanted) keep(kindOf(field));
  return all.filter(({ field }) => kept.has(kindOf(field)));
}

function unknownField(match: readonly Field[], term: MatchTerm): EncodeError {
  const i = match.findIndex(({ field }) => termKey(field) === term.key);
  const name = match[i]?.field ?? "a field that is named by its number";
  const place = i < 0 ? "match" : `match[${i}].field`;
  return new EncodeError(place, `${name} is not part of a packet: its value must be told in the context`, {
    code: "MISSING",
    found: match[i]?.field,
  });
}

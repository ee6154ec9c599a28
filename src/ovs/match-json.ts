/** Matches of lines as matches of messages, and back. */

import { hasNames, integerOf, jsonValue, type Masked } from "./field-values.js";
import { FIELDS, fieldInMessages, headIn, type OvsField } from "./fields.js";
import type { JsonObject } from "./json.js";
import { emptyMatch, etherType, type FlowMatch, fieldOfSlot, fieldsOf, getField, setField } from "./match.js";

/** What a match is written for: a wire version, and there OpenFlow's fields or Nicira's. */
export interface MatchKind {
  readonly version: number;
  readonly nicira: boolean;
}

function isInEra({ version, nicira }: MatchKind): (field: OvsField) => boolean {
  return ({ era }) => {
    switch (era) {
      case "all":
        return true;
      case "none":
        return false;
      case "nxm":
        return nicira;
      case "oxm":
        return !nicira;
      case "before_1.5":
        return nicira || version < 6;
      case "from_1.5":
        return !nicira && version >= 6;
    }
  };
}

/** The fields of a message's match. */
export function jsonMatch(match: FlowMatch, kind: MatchKind): JsonObject[] {
  const fields = fieldsOf(match, isInEra(kind)).filter((field) => isTold(match, field));
  // The match of 1.0 itself has OpenFlow's names.
  const version = kind.nicira ? 1 : Math.max(kind.version, 2);
  const list = fields.map((field) => jsonField(field, getField(match, field), version));
  return [...list, ...(match.others as JsonObject[])];
}

/** `{field, value, mask}` of a message. */
export function jsonField(field: OvsField, { value, mask, bytes }: Masked, version: number): JsonObject {
  const told = { field: headIn(field, version).ours, value: jsonValue(field, value, bytes) };
  return mask === field.full ? told : { ...told, mask: jsonValue(field, mask, bytes) };
}

const FIRST_OF_ETHERNET = FIELDS.findIndex(({ name }) => name === "eth_src");
const LAST_OF_ETHERNET = FIELDS.findIndex(({ name }) => name === "arp_tha");

function isTold(match: FlowMatch, field: OvsField): boolean {
  const { value } = getField(match, field);
  // A priority without a tag says nothing.
  if (field.name === "vlan_pcp") return ((match.slots.get("vlan_tci")?.value ?? 0n) & 0x1fffn) !== 0n;
  // That packets are Ethernet goes without saying where a field is one of Ethernet.
  if (field.name !== "packet_type" || value !== 0n) return true;
  return !FIELDS.slice(FIRST_OF_ETHERNET, LAST_OF_ETHERNET + 1).some(
    (one) => getField(match, one).mask !== 0n,
  );
}

/** Whether FLOW_MOD of 1.0 can say a match: Nicira's is used for others. */
export function fitsMatch10(match: FlowMatch): boolean {
  const fields = fieldsOf(match, isInEra({ version: 1, nicira: false }));
  return match.others.length === 0 && fields.every((field) => isIn10(match, field, getField(match, field)));
}

const EXACT_IN_1_0: ReadonlySet<string> = new Set(
  "in_port_oxm eth_src eth_dst eth_type tcp_src tcp_dst udp_src udp_dst icmp_type icmp_code".split(" "),
);
const IP_IN_1_0: ReadonlySet<string> = new Set(["ip_dscp", "nw_proto"]);
const ADDRESSES_IN_1_0: ReadonlySet<string> = new Set(["ip_src", "ip_dst", "arp_spa", "arp_tpa"]);

function isIn10(match: FlowMatch, field: OvsField, { mask }: Masked): boolean {
  const { name, full } = field;
  const type = etherType(match);
  const isIPv6 = type === 0x86dd;
  if (name === "vlan_vid") return mask === full || (mask === 0x1000n && hasPriority(match));
  if (name === "vlan_pcp") return mask === full;
  if (name === "arp_op") return mask === full && type === 0x0806;
  if (ADDRESSES_IN_1_0.has(name)) return /^1*0*$/.test(mask.toString(2).padStart(32, "0")) && type !== 0x8035;
  if (IP_IN_1_0.has(name)) return mask === full && !isIPv6;
  return EXACT_IN_1_0.has(name) && mask === full && !(isIPv6 && field.slot.startsWith("tp_"));
}

/** Whether a match asks for a priority of the VLAN tag. */
function hasPriority(match: FlowMatch): boolean {
  return ((match.slots.get("vlan_tci")?.mask ?? 0n) & 0xe000n) !== 0n;
}

/** The match of a message. */
export function matchOfMessage(list: unknown): FlowMatch {
  const match = emptyMatch();
  const said = new Map<string, JsonObject>();
  for (const entry of Array.isArray(list) ? (list as JsonObject[]) : []) {
    const field = fieldInMessages(String(entry.field));
    if (field !== undefined && addField(match, field, entry)) said.set(field.slot, entry);
    else match.others.push(entry);
  }
  // A line would take the SCTP port of a match of TCP for one of TCP.
  for (const [slot, { by }] of match.slots) {
    if ((fieldOfSlot(match, slot) ?? by.name) === by.name) continue;
    match.slots.delete(slot);
    match.others.push(said.get(slot));
  }
  return match;
}

/** Adds what a line can say; false for other fields. */
function addField(match: FlowMatch, field: OvsField, entry: JsonObject): boolean {
  const masked = maskedOf(field, entry);
  return (
    masked.mask !== 0n && masked.bytes !== 0 && hasNames(field, masked) && setField(match, field, masked)
  );
}

/** Value and mask of `{field, value, mask}`. */
export function maskedOf(field: OvsField, { value, mask }: JsonObject): Masked {
  const bytes = field.form === "option" ? { bytes: String(value).length / 2 } : {};
  return {
    value: integerOf(field, value),
    mask: mask === undefined ? field.full | field.exact : integerOf(field, mask),
    ...bytes,
  };
}

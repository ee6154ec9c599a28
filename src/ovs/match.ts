/**
 * A match in between lines and messages: for each slot, bits of a packet that fields share, what they shall be. Lines name `nw_src` in
 * IPv4 and ARP, and messages have a field for each; registers are 32, 64 or 128 bits wide in them.
 */

import type { Masked } from "./field-values.js";
import { FIELDS, type OvsField, ones } from "./fields.js";

/** What is known of a slot. */
export interface Slot extends Masked {
  /** The field that said so last. */
  readonly by: OvsField;
}

/** A match by slots. Fields of messages that lines have no name for are in `others`. */
export interface FlowMatch {
  readonly slots: Map<string, Slot>;
  readonly others: unknown[];
}

/** A match of every packet. */
export function emptyMatch(): FlowMatch {
  return { slots: new Map(), others: [] };
}

/** dl_vlan of packets without a tag, and the mask of all of the tag. */
const NO_TAG = 0xffffn;

/** Asks for a field; false where the match already wants these bits to be something else. */
export function setField(match: FlowMatch, field: OvsField, masked: Masked): boolean {
  const { value, mask } = masked;
  const moved = { value: move(value, field.shift), mask: move(mask, field.shift) };
  const untagged = field.name === "dl_vlan" && value === NO_TAG;
  const wantedMask = untagged ? NO_TAG : moved.mask | field.implied;
  const wanted = untagged ? 0n : (moved.value | field.implied) & wantedMask;
  const before = match.slots.get(field.slot) ?? { value: 0n, mask: 0n };
  if (((before.value ^ wanted) & before.mask & wantedMask) !== 0n) return false;
  const both = { value: before.value | wanted, mask: before.mask | wantedMask };
  match.slots.set(field.slot, { ...before, ...masked, ...both, by: field });
  return true;
}

function move(bits: bigint, shift: number): bigint {
  return shift < 0 ? bits >> BigInt(-shift) : bits << BigInt(shift);
}

/** What the match wants a field to be; a mask of zero where it wants nothing. */
export function getField(match: FlowMatch, field: OvsField): Masked {
  const slot = match.slots.get(field.slot);
  if (slot === undefined) return { value: 0n, mask: 0n };
  const { bytes } = slot;
  const value = move(slot.value, -field.shift) & field.full;
  const mask = move(slot.mask, -field.shift) & field.full;
  return bytes === undefined ? { value, mask } : { value, mask, bytes };
}

/** The value of a slot of which all bits count; undefined for others. @param bits  that it has */
function exactSlot(match: FlowMatch, name: string, bits: number): number | undefined {
  const slot = match.slots.get(name);
  return slot !== undefined && (slot.mask & ones(bits)) === ones(bits) ? Number(slot.value) : undefined;
}

const ETHER_TYPES = 1;

/** The Ethernet type that a match wants, also by its packet type. */
export function etherType(match: FlowMatch): number | undefined {
  const type = exactSlot(match, "eth_type", 16);
  if (type !== undefined) return type;
  const packet = exactSlot(match, "packet_type", 32);
  return packet !== undefined && packet >>> 16 === ETHER_TYPES ? packet & 0xffff : undefined;
}

/** The IP protocol that a match wants; undefined without one, and in ARP. */
export function ipProtocol(match: FlowMatch): number | undefined {
  return isArp(match) ? undefined : exactSlot(match, "nw_proto", 8);
}

/** Whether a match is about ARP or RARP. */
export function isArp(match: FlowMatch): boolean {
  const type = etherType(match);
  return type === 0x0806 || type === 0x8035;
}

/** Whether a match wants a VLAN tag. */
export function isTagged(match: FlowMatch): boolean {
  return ((match.slots.get("vlan_tci")?.value ?? 0n) & 0x1000n) !== 0n;
}

const L4_FIELDS: Readonly<Record<number, readonly [src: string, dst: string]>> = {
  1: ["icmp_type", "icmp_code"],
  6: ["tcp_src", "tcp_dst"],
  17: ["udp_src", "udp_dst"],
  58: ["icmpv6_type", "icmpv6_code"],
  132: ["sctp_src", "sctp_dst"],
};

/** The fields that stand for ports in packets of an IP protocol; undefined for one that has none. */
export function portFields(protocol: number | undefined): readonly [src: string, dst: string] | undefined {
  return protocol === undefined ? undefined : L4_FIELDS[protocol];
}

/** The name of the field that a slot is in this match, which may depend on the protocol; undefined where a slot has parts. */
export function fieldOfSlot(match: FlowMatch, slot: string): string | undefined {
  const arp = isArp(match);
  const by = match.slots.get(slot)?.by.name;
  switch (slot) {
    case "nw_src":
      return arp ? "arp_spa" : by;
    case "nw_dst":
      return arp ? "arp_tpa" : by;
    case "nw_proto":
      return arp ? "arp_op" : by;
    case "tp_src":
      return portFields(ipProtocol(match))?.[0] ?? by;
    case "tp_dst":
      return portFields(ipProtocol(match))?.[1] ?? by;
    default:
      return undefined;
  }
}

/** The fields that a match has in a kind of messages, in the order of Open vSwitch. */
export function fieldsOf(match: FlowMatch, isInEra: (field: OvsField) => boolean): OvsField[] {
  return FIELDS.filter((field) => {
    if (!isInEra(field) || getField(match, field).mask === 0n) return false;
    const only = fieldOfSlot(match, field.slot);
    return only === undefined || only === field.name;
  });
}

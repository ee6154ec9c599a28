/** Matches as ovs-ofctl prints them: its own order, protocols as words, `/mask` where not all bits count. */

import { formatFragment, formatPacketType, formatValue, type Masked } from "./field-values.js";
import { FIELD_NAMES, fieldNamed, type OvsField, ones } from "./fields.js";
import { stringifyJson } from "./json.js";
import { etherType, type FlowMatch, getField, ipProtocol, portFields } from "./match.js";
import { hex, hexDigits } from "./numbers.js";

/** Names of which there are many are taken as they are: to make them for each match would take longer than all else. */
const REGISTERS = FIELD_NAMES.filter((name) => /^reg\d+$/.test(name));
const OPTIONS = FIELD_NAMES.filter((name) => /^tun_metadata\d+$/.test(name));

/** The words of a match: `tcp`, `nw_src=10.0.0.0/8`. */
export function formatMatch(match: FlowMatch): string[] {
  const type = typeWord(match);
  const print = new Printer(match);
  print.hex("pkt_mark", "recirc_id", "dp_hash");
  print.each("dec", "conj_id");
  print.each("value", "actset_output", "ct_state");
  print.each("dec", "ct_zone");
  print.hex("ct_mark", "ct_label");
  print.each("value", "ct_nw_src", "ct_ipv6_src", "ct_nw_dst", "ct_ipv6_dst");
  print.each("dec", "ct_nw_proto", "ct_tp_src", "ct_tp_dst");
  packetType(print, match);
  if (type !== undefined) print.word(type.word);
  print.hex(...REGISTERS);
  print.hex("tun_id");
  print.each("value", "tun_src", "tun_dst", "tun_ipv6_src", "tun_ipv6_dst");
  print.each("dec", "tun_gbp_id");
  print.hex("tun_gbp_flags");
  print.each("dec", "tun_erspan_ver");
  print.hex("tun_erspan_idx");
  print.each("dec", "tun_erspan_dir");
  print.hex("tun_erspan_hwid", "tun_gtpu_flags");
  print.each("dec", "tun_gtpu_msgtype");
  const flags = print.get("tun_flags");
  if (flags.mask !== 0n) print.word(`tun_flags=${(flags.value & 1n) === 0n ? "-" : "+"}oam`);
  print.each("value", ...OPTIONS);
  print.hex("metadata");
  print.each("value", "in_port_oxm");
  vlan(print, match);
  print.each("value", "dl_src", "dl_dst");
  if (type === undefined) print.digits("dl_type", 4);
  print.each("value", "ipv6_src", "ipv6_dst");
  print.digits("ipv6_label", 5);
  print.each("dec", "nsh_flags", "nsh_ttl", "nsh_mdtype", "nsh_np");
  print.digits("nsh_spi", 1);
  print.each("dec", "nsh_si");
  for (let i = 1; i <= 4; i++) print.digits(`nsh_c${i}`, 1);
  print.each("value", nameIn(match, "nw_src"), nameIn(match, "nw_dst"));
  if (type?.saysProtocol !== true) print.each("dec", nameIn(match, "nw_proto"));
  print.each("value", "arp_sha", "arp_tha");
  print.each("dec", "nw_tos", "nw_ecn", "nw_ttl", "mpls_label", "mpls_tc", "mpls_ttl", "mpls_bos");
  const fragment = print.get("ip_frag");
  if (fragment.mask !== 0n) print.word(`nw_frag=${formatFragment(fragment.value, fragment.mask)}`);
  print.as("dec", portLabel(match, 0), "tcp_src");
  print.as("dec", portLabel(match, 1), "tcp_dst");
  print.each("value", "nd_target", "nd_sll", "nd_tll");
  print.each("dec", "nd_reserved", "nd_options_type");
  print.each("value", "tcp_flags");
  for (const other of match.others) print.word(`json(${stringifyJson(other)})`);
  return print.words;
}

/** What the addresses and the protocol of IPv4 are called; in ARP they are others. */
function nameIn(match: FlowMatch, slot: string): string {
  const { name = slot, also = [] } = match.slots.get(slot)?.by ?? {};
  return also.includes(slot) ? slot : name;
}

/** What a port is called: where no protocol says it, its field does. */
function portLabel(match: FlowMatch, index: 0 | 1): string {
  const known = portFields(ipProtocol(match))?.[index];
  const slot = index === 0 ? "tp_src" : "tp_dst";
  if (known === undefined) return match.slots.get(slot)?.by.name ?? slot;
  return known.startsWith("icmp") ? known.replace("icmpv6", "icmp") : slot;
}

type Style = "dec" | "value";

/** Collects words. */
class Printer {
  readonly words: string[] = [];
  readonly #match: FlowMatch;

  constructor(match: FlowMatch) {
    this.#match = match;
  }

  word(text: string): void {
    this.words.push(text);
  }

  get(name: string): Masked {
    return getField(this.#match, fieldNamed(name)!);
  }

  /** Fields by their own names. */
  each(style: Style, ...names: readonly string[]): void {
    for (const name of names) this.as(style, name === "in_port_oxm" ? "in_port" : name, name);
  }

  /** A field by a name of ovs-ofctl's choice. */
  as(style: Style, label: string, name: string): void {
    const field = fieldNamed(name)!;
    const got = this.get(name);
    if (got.mask === 0n) return;
    const text = style === "dec" ? decimal(field, got) : formatValue(field, got);
    this.word(`${label}=${text}`);
  }

  /** Fields in hex, with zero as `0`. */
  hex(...names: readonly string[]): void {
    for (const name of names) {
      const { value, mask } = this.get(name);
      if (mask === 0n) continue;
      this.word(`${name}=${hex(value)}${isWhole(name, mask) ? "" : `/${hex(mask)}`}`);
    }
  }

  /** A field in hex with so many digits at least. */
  digits(name: string, count: number): void {
    const { value, mask } = this.get(name);
    if (mask === 0n) return;
    const masked = isWhole(name, mask) ? "" : `/${hexDigits(mask, count)}`;
    this.word(`${name}=${hexDigits(value, count)}${masked}`);
  }
}

function isWhole(name: string, mask: bigint): boolean {
  return mask === fieldNamed(name)!.full;
}

/** A number; value and mask in hex where not all bits count. */
function decimal({ full }: OvsField, { value, mask }: Masked): string {
  if (mask === full) return `${value}`;
  const digits = full === ones(8) ? 2 : 1;
  return `${hexDigits(value, digits)}/${hexDigits(mask, digits)}`;
}

interface TypeWord {
  readonly word: string;
  /** The word says the IP protocol, too. */
  readonly saysProtocol: boolean;
}

const IPV4_WORDS: Readonly<Record<number, string>> = { 1: "icmp", 6: "tcp", 17: "udp", 132: "sctp" };
const IPV6_WORDS: Readonly<Record<number, string>> = { 58: "icmp6", 6: "tcp6", 17: "udp6", 132: "sctp6" };
const OTHER_WORDS: Readonly<Record<number, string>> = {
  2054: "arp",
  32821: "rarp",
  34887: "mpls",
  34888: "mplsm",
};

/** The word for the Ethernet type of a match and its IP protocol, where there is one. */
function typeWord(match: FlowMatch): TypeWord | undefined {
  const slot = match.slots.get("eth_type");
  const type = etherType(match);
  if (slot === undefined || type === undefined) return undefined;
  if (type !== 0x0800 && type !== 0x86dd) {
    const word = OTHER_WORDS[type];
    return word === undefined ? undefined : { word, saysProtocol: false };
  }
  const protocol = ipProtocol(match) ?? -1;
  const known = (type === 0x0800 ? IPV4_WORDS : IPV6_WORDS)[protocol];
  return { word: known ?? (type === 0x0800 ? "ip" : "ipv6"), saysProtocol: known !== undefined };
}

function packetType(print: Printer, match: FlowMatch): void {
  const slot = match.slots.get("packet_type");
  if (slot !== undefined)
    print.word(slot.value === 0n ? "eth" : `packet_type=${formatPacketType(slot.value)}`);
}

const VID = 0x0fffn;
const PCP = 0xe000n;
const TAG = 0x1000n;

function vlan(print: Printer, match: FlowMatch): void {
  const slot = match.slots.get("vlan_tci");
  if (slot === undefined || slot.mask === 0n) return;
  const { value, mask } = slot;
  const vid = mask & VID;
  const pcp = mask & PCP;
  const isWholeOrNone = (vid === 0n || vid === VID) && (pcp === 0n || pcp === PCP) && (vid | pcp) !== 0n;
  if ((mask & value & TAG) !== 0n && isWholeOrNone) {
    if (vid !== 0n) print.word(`dl_vlan=${value & VID}`);
    if (pcp !== 0n) print.word(`dl_vlan_pcp=${value >> 13n}`);
  } else print.word(`vlan_tci=${hexDigits(value, 4)}${mask === 0xffffn ? "" : `/${hexDigits(mask, 4)}`}`);
}

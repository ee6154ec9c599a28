/**
 * The match fields of Open vSwitch (ovs-fields(7)): what ovs-ofctl calls them, how it writes their values, and their names in messages.
 * A table. Its order is that in which Open vSwitch puts fields into a match.
 */
import { findField } from "../codec/encode.js";

/** How values are written. */
export type FieldForm =
  | "dec"
  | "hex"
  | "mac"
  | "ipv4"
  | "ipv6"
  | "port"
  | "frag"
  | "ct_state"
  | "tcp_flags"
  | "tun_flags"
  | "packet_type"
  | "option";

/** Matches in which a field stands: those of Nicira (NXM), those of OpenFlow (OXM), these before or from 1.5; none has the others. */
export type FieldEra = "all" | "nxm" | "oxm" | "before_1.5" | "from_1.5" | "none";

/** A name that a field has in messages. */
export interface FieldHead {
  /** As Open vSwitch has it: NXM_OF_IP_SRC. */
  readonly theirs: string;
  /** As JSON has it: NX_IP_SRC. */
  readonly ours: string;
  /** First wire version that has it. */
  readonly since: number;
}

/** One field. */
export interface OvsField {
  readonly name: string;
  /** Other names that are read. */
  readonly also: readonly string[];
  /** Bits that actions may copy or load. */
  readonly bits: number;
  /** Bytes of a value. */
  readonly bytes: number;
  readonly form: FieldForm;
  /** From the oldest to the newest. There is none for `dl_vlan` and `dl_vlan_pcp`, which are parts of others. */
  readonly heads: readonly FieldHead[];
  readonly era: FieldEra;
  /** What the field is part of: `nw_src` and `arp_spa` are the same bits of a packet. */
  readonly slot: string;
  /** Bits of the slot below the field; -2 where the field has two bits below the slot. */
  readonly shift: number;
  /** Bits of the slot that matching the field also sets: dl_vlan asks for a tag. */
  readonly implied: bigint;
  /** A mask of all these bits is none. */
  readonly full: bigint;
  /** The mask of a value that is written without one; wider than the field where the slot has wider fields. */
  readonly exact: bigint;
}

/** @returns a mask of the lowest bits */
export function ones(bits: number): bigint {
  return (1n << BigInt(bits)) - 1n;
}

interface Rest {
  readonly also?: string;
  readonly slot?: string;
  readonly shift?: number;
  readonly era?: FieldEra;
  readonly implied?: bigint;
  readonly full?: bigint;
  readonly exact?: bigint;
}

function field(name: string, bits: number, form: FieldForm, heads: string, rest: Rest = {}): OvsField {
  const full = rest.full ?? ones(bits);
  return {
    name,
    also: rest.also?.split(" ") ?? [],
    bits,
    bytes: Math.ceil(bits / 8) === 3 ? 4 : Math.ceil(bits / 8),
    form,
    heads: heads === "" ? [] : heads.split(" ").map(headOf),
    era: rest.era ?? "all",
    slot: rest.slot ?? name,
    shift: rest.shift ?? 0,
    implied: rest.implied ?? 0n,
    full,
    exact: rest.exact ?? full,
  };
}

function headOf(theirs: string): FieldHead {
  const found = findField(theirs);
  if (found === undefined) throw new Error(`no field ${theirs}`);
  return { theirs, ours: found.name, since: found.since };
}

/** One field for each number from 0 on. */
function each(count: number, make: (i: number) => OvsField): OvsField[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

const TAGGED = 0x1000n;

/** In the order in which Open vSwitch writes them. */
export const FIELDS: readonly OvsField[] = [
  field("packet_type", 32, "packet_type", "OXM_OF_PACKET_TYPE"),
  field("dp_hash", 32, "hex", "NXM_NX_DP_HASH"),
  field("recirc_id", 32, "dec", "NXM_NX_RECIRC_ID"),
  field("conj_id", 32, "dec", "NXM_NX_CONJ_ID"),
  field("in_port", 16, "port", "NXM_OF_IN_PORT", { era: "nxm", full: ones(32) }),
  field("in_port_oxm", 32, "port", "OXM_OF_IN_PORT", { era: "oxm", slot: "in_port" }),
  field("actset_output", 32, "port", "ONFOXM_ET_ACTSET_OUTPUT OXM_OF_ACTSET_OUTPUT"),
  field("eth_src", 48, "mac", "NXM_OF_ETH_SRC OXM_OF_ETH_SRC", { also: "dl_src" }),
  field("eth_dst", 48, "mac", "NXM_OF_ETH_DST OXM_OF_ETH_DST", { also: "dl_dst" }),
  field("eth_type", 16, "hex", "NXM_OF_ETH_TYPE OXM_OF_ETH_TYPE", { also: "dl_type" }),
  field("vlan_tci", 16, "hex", "NXM_OF_VLAN_TCI", { era: "nxm" }),
  field("vlan_vid", 12, "dec", "OXM_OF_VLAN_VID", { era: "oxm", slot: "vlan_tci", full: ones(13) }),
  field("vlan_pcp", 3, "dec", "OXM_OF_VLAN_PCP", {
    era: "oxm",
    slot: "vlan_tci",
    shift: 13,
    implied: TAGGED,
  }),
  field("dl_vlan", 12, "dec", "", { era: "none", slot: "vlan_tci", implied: TAGGED }),
  field("dl_vlan_pcp", 3, "dec", "", { era: "none", slot: "vlan_tci", shift: 13, implied: TAGGED }),
  field("mpls_tc", 3, "dec", "OXM_OF_MPLS_TC"),
  field("mpls_bos", 1, "dec", "OXM_OF_MPLS_BOS"),
  field("mpls_ttl", 8, "dec", "NXM_NX_MPLS_TTL"),
  field("mpls_label", 20, "dec", "OXM_OF_MPLS_LABEL"),
  field("ip_src", 32, "ipv4", "NXM_OF_IP_SRC OXM_OF_IPV4_SRC", { also: "nw_src", slot: "nw_src" }),
  field("ip_dst", 32, "ipv4", "NXM_OF_IP_DST OXM_OF_IPV4_DST", { also: "nw_dst", slot: "nw_dst" }),
  field("ipv6_src", 128, "ipv6", "NXM_NX_IPV6_SRC OXM_OF_IPV6_SRC"),
  field("ipv6_dst", 128, "ipv6", "NXM_NX_IPV6_DST OXM_OF_IPV6_DST"),
  field("ip_frag", 2, "frag", "NXM_NX_IP_FRAG", { also: "nw_frag" }),
  field("nw_tos", 8, "dec", "NXM_OF_IP_TOS", { era: "nxm", slot: "ip_dscp", shift: -2, full: 0xfcn }),
  field("ip_dscp", 6, "dec", "OXM_OF_IP_DSCP", { era: "oxm" }),
  field("nw_ecn", 2, "dec", "NXM_NX_IP_ECN OXM_OF_IP_ECN", { also: "ip_ecn" }),
  field("nw_ttl", 8, "dec", "NXM_NX_IP_TTL"),
  field("ipv6_label", 20, "hex", "NXM_NX_IPV6_LABEL OXM_OF_IPV6_FLABEL"),
  field("nw_proto", 8, "dec", "NXM_OF_IP_PROTO OXM_OF_IP_PROTO", { also: "ip_proto", exact: ones(16) }),
  field("tcp_src", 16, "dec", "NXM_OF_TCP_SRC OXM_OF_TCP_SRC", { also: "tp_src", slot: "tp_src" }),
  field("tcp_dst", 16, "dec", "NXM_OF_TCP_DST OXM_OF_TCP_DST", { also: "tp_dst", slot: "tp_dst" }),
  field("tcp_flags", 12, "tcp_flags", "NXM_NX_TCP_FLAGS ONFOXM_ET_TCP_FLAGS OXM_OF_TCP_FLAGS"),
  field("udp_src", 16, "dec", "NXM_OF_UDP_SRC OXM_OF_UDP_SRC", { slot: "tp_src" }),
  field("udp_dst", 16, "dec", "NXM_OF_UDP_DST OXM_OF_UDP_DST", { slot: "tp_dst" }),
  field("sctp_src", 16, "dec", "OXM_OF_SCTP_SRC", { slot: "tp_src" }),
  field("sctp_dst", 16, "dec", "OXM_OF_SCTP_DST", { slot: "tp_dst" }),
  field("icmp_type", 8, "dec", "NXM_OF_ICMP_TYPE OXM_OF_ICMPV4_TYPE", { slot: "tp_src", exact: ones(16) }),
  field("icmp_code", 8, "dec", "NXM_OF_ICMP_CODE OXM_OF_ICMPV4_CODE", { slot: "tp_dst", exact: ones(16) }),
  field("icmpv6_type", 8, "dec", "NXM_NX_ICMPV6_TYPE OXM_OF_ICMPV6_TYPE", {
    slot: "tp_src",
    exact: ones(16),
  }),
  field("icmpv6_code", 8, "dec", "NXM_NX_ICMPV6_CODE OXM_OF_ICMPV6_CODE", {
    slot: "tp_dst",
    exact: ones(16),
  }),
  field("nd_reserved", 32, "dec", "ERICOXM_OF_ICMPV6_ND_RESERVED"),
  field("nd_target", 128, "ipv6", "NXM_NX_ND_TARGET OXM_OF_IPV6_ND_TARGET"),
  field("nd_options_type", 8, "dec", "ERICOXM_OF_ICMPV6_ND_OPTIONS_TYPE"),
  field("nd_sll", 48, "mac", "NXM_NX_ND_SLL OXM_OF_IPV6_ND_SLL"),
  field("nd_tll", 48, "mac", "NXM_NX_ND_TLL OXM_OF_IPV6_ND_TLL"),
  field("arp_op", 16, "dec", "NXM_OF_ARP_OP OXM_OF_ARP_OP", { slot: "nw_proto" }),
  field("arp_spa", 32, "ipv4", "NXM_OF_ARP_SPA OXM_OF_ARP_SPA", { slot: "nw_src" }),
  field("arp_tpa", 32, "ipv4", "NXM_OF_ARP_TPA OXM_OF_ARP_TPA", { slot: "nw_dst" }),
  field("arp_sha", 48, "mac", "NXM_NX_ARP_SHA OXM_OF_ARP_SHA"),
  field("arp_tha", 48, "mac", "NXM_NX_ARP_THA OXM_OF_ARP_THA"),
  field("tun_id", 64, "hex", "NXM_NX_TUN_ID OXM_OF_TUNNEL_ID", { also: "tunnel_id" }),
  field("tun_flags", 1, "tun_flags", "NXM_NX_TUN_FLAGS", { full: ones(16), exact: 1n }),
  field("tun_src", 32, "ipv4", "NXM_NX_TUN_IPV4_SRC"),
  field("tun_dst", 32, "ipv4", "NXM_NX_TUN_IPV4_DST"),
  field("tun_ipv6_src", 128, "ipv6", "NXM_NX_TUN_IPV6_SRC"),
  field("tun_ipv6_dst", 128, "ipv6", "NXM_NX_TUN_IPV6_DST"),
  field("tun_gbp_id", 16, "dec", "NXM_NX_TUN_GBP_ID"),
  field("tun_gbp_flags", 8, "hex", "NXM_NX_TUN_GBP_FLAGS"),
  ...each(64, (i) => field(`tun_metadata${i}`, 992, "option", `NXM_NX_TUN_METADATA${i}`)),
  field("tun_erspan_idx", 20, "hex", "NXOXM_ET_ERSPAN_IDX"),
  field("tun_erspan_ver", 4, "dec", "NXOXM_ET_ERSPAN_VER"),
  field("tun_erspan_dir", 1, "dec", "NXOXM_ET_ERSPAN_DIR"),
  field("tun_erspan_hwid", 6, "hex", "NXOXM_ET_ERSPAN_HWID"),
  field("tun_gtpu_flags", 8, "hex", "NXOXM_ET_GTPU_FLAGS", { also: "gtpu_flags" }),
  field("tun_gtpu_msgtype", 8, "dec", "NXOXM_ET_GTPU_MSGTYPE", { also: "gtpu_msgtype" }),
  field("nsh_flags", 8, "dec", "NXOXM_NSH_FLAGS"),
  field("nsh_ttl", 8, "dec", "NXOXM_NSH_TTL"),
  field("nsh_mdtype", 8, "dec", "NXOXM_NSH_MDTYPE"),
  field("nsh_np", 8, "dec", "NXOXM_NSH_NP"),
  field("nsh_spi", 24, "hex", "NXOXM_NSH_SPI", { also: "nsp" }),
  field("nsh_si", 8, "dec", "NXOXM_NSH_SI", { also: "nsi" }),
  ...each(4, (i) => field(`nsh_c${i + 1}`, 32, "hex", `NXOXM_NSH_C${i + 1}`, { also: `nshc${i + 1}` })),
  ...each(16, (i) => registerField(`reg${i}`, 32, `NXM_NX_REG${i}`, i, "before_1.5")),
  ...each(8, (i) => registerField(`xreg${i}`, 64, `OXM_OF_PKT_REG${i}`, i, "from_1.5")),
  ...each(4, (i) => registerField(`xxreg${i}`, 128, `NXM_NX_XXREG${i}`, i, "none")),
  field("pkt_mark", 32, "hex", "NXM_NX_PKT_MARK"),
  field("ct_state", 32, "ct_state", "NXM_NX_CT_STATE", { exact: 0xffn }),
  field("ct_zone", 16, "hex", "NXM_NX_CT_ZONE"),
  field("ct_mark", 32, "hex", "NXM_NX_CT_MARK"),
  field("ct_label", 128, "hex", "NXM_NX_CT_LABEL"),
  field("ct_nw_src", 32, "ipv4", "NXM_NX_CT_NW_SRC"),
  field("ct_ipv6_src", 128, "ipv6", "NXM_NX_CT_IPV6_SRC"),
  field("ct_nw_dst", 32, "ipv4", "NXM_NX_CT_NW_DST"),
  field("ct_ipv6_dst", 128, "ipv6", "NXM_NX_CT_IPV6_DST"),
  field("ct_nw_proto", 8, "dec", "NXM_NX_CT_NW_PROTO"),
  field("ct_tp_src", 16, "dec", "NXM_NX_CT_TP_SRC"),
  field("ct_tp_dst", 16, "dec", "NXM_NX_CT_TP_DST"),
  field("metadata", 64, "hex", "OXM_OF_METADATA"),
];

/** Registers of 32, 64 and 128 bits are the same bits; the first of the narrow ones are the upper bits of a wide one. */
function registerField(name: string, bits: number, head: string, i: number, era: FieldEra): OvsField {
  const inWide = 128 / bits;
  return field(name, bits, "hex", head, {
    era,
    slot: `xxreg${Math.floor(i / inWide)}`,
    shift: bits * (inWide - 1 - (i % inWide)),
  });
}

/** Names of fields that messages may have for the same bits, and that Open vSwitch does not send. */
const READ_ALSO: Readonly<Record<string, string>> = { NX_ET_DP_HASH: "dp_hash" };

const byName = new Map(FIELDS.flatMap((one) => [one.name, ...one.also].map((name) => [name, one] as const)));
const byTheirs = new Map(FIELDS.flatMap((one) => one.heads.map(({ theirs }) => [theirs, one] as const)));
const byOurs = new Map([
  ...FIELDS.flatMap((one) => one.heads.map(({ ours }) => [ours, one] as const)),
  ...Object.entries(READ_ALSO).map(([name, other]) => [name, byName.get(other)!] as const),
]);

/** The names that lines may have. */
export const FIELD_NAMES: readonly string[] = [...byName.keys()];

/** A field by one of its names in lines: `nw_src`. */
export function fieldNamed(name: string): OvsField | undefined {
  return byName.get(name);
}

/** A field by a name in lines, or by one of its header: `NXM_OF_IP_SRC`, also with `_W` behind it. */
export function fieldOrHeadNamed(name: string): OvsField | undefined {
  return byTheirs.get(name.endsWith("_W") ? name.slice(0, -2) : name) ?? byName.get(name);
}

/** A field by its name in messages: `IPV4_SRC`. */
export function fieldInMessages(name: string): OvsField | undefined {
  return byOurs.get(name);
}

/** The first header of a field: actions of Nicira have it in all versions. */
export function firstHead(one: OvsField): FieldHead {
  return one.heads[0]!;
}

/** The header that a version has. @param version  wire version; 1 where only those of Nicira are known */
export function headIn(one: OvsField, version: number): FieldHead {
  return version === 1
    ? firstHead(one)
    : (one.heads.findLast(({ since }) => since <= version) ?? firstHead(one));
}

/**
 * Actions that write fields: set_field, load, move, mod_*. Which action of OpenFlow they become depends on the version: from 1.5 on
 * there is one for all, before it takes whole fields only, and 1.0 has Nicira's register load for what it lacks.
 */
import type { ActionContext, ActionReader } from "./action-context.js";
import { argumentOf, unsupported } from "./action-context.js";
import { type Masked, readValue } from "./field-values.js";
import { FIELD_NAMES, fieldNamed, headIn, type OvsField, ones } from "./fields.js";
import { FlowError } from "./flow-error.js";
import type { JsonObject } from "./json.js";
import { type Piece, splitAt, type Word } from "./lexer.js";
import { ipProtocol, portFields } from "./match.js";
import { jsonField } from "./match-json.js";
import { closest } from "./names.js";
import { jsonInteger, readInteger, readSmall } from "./numbers.js";
import { checkWidths, jsonSubField, readSubField } from "./sub-fields.js";

const OF_1_2 = 3;
const OF_1_5 = 6;

/** The two sides of `a->b`. Throws FlowError. */
export function splitArrow(word: Word, example: string): readonly [Piece, Piece] {
  if (word.place !== undefined) return [word.value, word.place];
  const sides = splitAt(argumentOf(word, example), "->");
  if (sides === undefined)
    throw new FlowError(
      "SYNTAX",
      word.value.at,
      `${word.key}: missing "->" in "${word.value.text}": ${example}`,
    );
  return sides;
}

/** `set_field:value[/mask]->field`. */
const setField: ActionReader = (word, context) => {
  const [value, place] = splitArrow(word, "set_field:7->tun_id");
  const field = fieldNamed(place.text);
  if (field === undefined || field.heads.length === 0)
    throw new FlowError(
      "UNKNOWN",
      place.at,
      `unknown field "${place.text}"${closest(place.text, FIELD_NAMES)}`,
    );
  const masked = readValue(field, value);
  return writeField(field, masked.mask === field.exact ? { ...masked, mask: field.full } : masked, context);
};

/** `load:value->field[bits]`. */
const load: ActionReader = (word, { version }) => {
  const [value, place] = splitArrow(word, "load:0x5->reg0[0..15]");
  const dst = readSubField(place);
  const bits = dst.to - dst.from;
  const number = readInteger(value, bits, `${dst.field.name} of ${bits} bits`);
  const bytes = dst.field.form === "option" ? { bytes: Math.ceil(dst.to / 8) } : {};
  const masked = { value: number << BigInt(dst.from), mask: ones(bits) << BigInt(dst.from), ...bytes };
  return version >= OF_1_5 ? [setFieldAction(dst.field, masked, version)] : loads(dst.field, masked);
};

/** Writes bits of a field by what the version has. */
function writeField(field: OvsField, masked: Masked, { version }: ActionContext): JsonObject[] {
  const whole = masked.mask === field.full;
  if (version >= OF_1_5 || (version >= OF_1_2 && whole)) return [setFieldAction(field, masked, version)];
  if (version >= OF_1_2 || !whole) return loads(field, masked);
  return legacySet(field, masked.value, version) ?? loads(field, masked);
}

function setFieldAction(field: OvsField, masked: Masked, version: number): JsonObject {
  return { action: "SET_FIELD", ...jsonField(field, within(field, masked), version) };
}

/** A mask of all bits of a field is none, whatever the field has beyond those that can be loaded. */
function within(field: OvsField, masked: Masked): Masked {
  return masked.mask === ones(field.bits) && field.form !== "option"
    ? { ...masked, mask: field.full }
    : masked;
}

/** Nicira's loads of the bits that count, a run of at most 64 bits each. Fields of experimenters have another action. */
function loads(field: OvsField, masked: Masked): JsonObject[] {
  const head = headIn(field, 1);
  if (field.form === "option" || /^NXOXM_/.test(head.theirs)) {
    return [{ action: "NX_REG_LOAD2", ...jsonField(field, within(field, masked), 1) }];
  }
  return runs(masked.mask & ones(field.bits), field.bits).map(([from, to]) => ({
    action: "NX_REG_LOAD",
    dst: jsonSubField({ field, from, to }, 1),
    value: jsonInteger((masked.value >> BigInt(from)) & ones(to - from)),
  }));
}

const LONGEST_LOAD = 64;

/** Runs of ones in a mask, from the lowest. */
function runs(mask: bigint, bits: number): (readonly [from: number, to: number])[] {
  const isSet = (i: number): boolean => ((mask >> BigInt(i)) & 1n) === 1n;
  const found: (readonly [number, number])[] = [];
  for (let from = 0; from < bits; from++) {
    if (!isSet(from)) continue;
    let to = from + 1;
    while (to < bits && to - from < LONGEST_LOAD && isSet(to)) to++;
    found.push([from, to]);
    from = to - 1;
  }
  return found;
}

/** Fields for which 1.0 and 1.1 have actions of their own; JSON has SET_FIELD for all of them. */
const LEGACY: ReadonlySet<string> = new Set(
  "eth_src eth_dst ip_src ip_dst ip_dscp tcp_src tcp_dst udp_src udp_dst vlan_pcp".split(" "),
);

function legacySet(field: OvsField, value: bigint, version: number): JsonObject[] | undefined {
  const set = (name: string, v: bigint): JsonObject => {
    const one = fieldNamed(name)!;
    return { action: "SET_FIELD", ...jsonField(one, { value: v, mask: one.full }, 2) };
  };
  // The tag is two fields of OpenFlow.
  if (field.name === "vlan_tci") {
    if ((value & 0x1000n) === 0n) return [{ action: "POP_VLAN" }];
    return [set("vlan_vid", value & 0xfffn), set("vlan_pcp", value >> 13n)];
  }
  if (field.name === "vlan_vid") return [set("vlan_vid", value & 0xfffn)];
  if (field.name === "nw_tos") return [set("ip_dscp", value >> 2n)];
  if (field.name === "nw_ecn") return version === 1 ? undefined : [set("nw_ecn", value)];
  return LEGACY.has(field.name) ? [set(field.name, value)] : undefined;
}

/** `move:a[bits]->b[bits]`. */
const move: ActionReader = (word, { version }) => {
  const [from, to] = splitArrow(word, "move:reg0[0..15]->reg1[16..31]");
  const [src, dst] = [readSubField(from), readSubField(to)];
  checkWidths(src, dst, to);
  const isNew = version >= OF_1_5;
  const heads = isNew ? version : 1;
  return [
    {
      action: isNew ? "COPY_FIELD" : "NX_REG_MOVE",
      src: jsonSubField(src, heads),
      dst: jsonSubField(dst, heads),
    },
  ];
};

/** An action of OpenFlow 1.0 that writes all of a field. */
function modify(name: string, example: string): ActionReader {
  return (word, context) => {
    const field = fieldNamed(name)!;
    return writeField(field, { ...readValue(field, argumentOf(word, example)), mask: field.full }, context);
  };
}

function modifyPort(index: 0 | 1): ActionReader {
  return (word, context) => {
    const name = portFields(ipProtocol(context.match))?.[index];
    const known = name !== undefined && /^(tcp|udp|sctp)/.test(name);
    // 1.0 and 1.1 have one action for all protocols.
    if (!known && context.version >= OF_1_2)
      throw new FlowError("INVALID", word.at, `${word.key} needs tcp, udp or sctp in the match`);
    const field = fieldNamed(known ? name : (["tcp_src", "tcp_dst"] as const)[index])!;
    const value = readInteger(argumentOf(word, `${word.key}:80`), 16, word.key);
    if (context.version >= OF_1_2) return writeField(field, { value, mask: field.full }, context);
    return [{ action: "SET_FIELD", ...jsonField(field, { value, mask: field.full }, 2) }];
  };
}

const VLAN_ETHERTYPE = 0x8100;

/** Writes a part of the tag; `mod_` pushes a tag where there is none, as 1.0 does by itself. */
function modifyVlan(name: "vlan_vid" | "vlan_pcp", pushes: boolean): ActionReader {
  return (word, context) => {
    const field = fieldNamed(name)!;
    const value = readInteger(argumentOf(word, `${word.key}:5`), field.bits, word.key);
    const push = pushes && !context.tagged && context.version > 1;
    context.tagged = true;
    const tagBit = name === "vlan_vid" && context.version >= OF_1_2 ? 0x1000n : 0n;
    return [
      ...(push ? [{ action: "PUSH_VLAN", ethertype: VLAN_ETHERTYPE }] : []),
      { action: "SET_FIELD", ...jsonField(field, { value: value | tagBit, mask: field.full }, 2) },
    ];
  };
}

const modifyTos: ActionReader = (word, context) => {
  const tos = readSmall(argumentOf(word, "mod_nw_tos:40"), 8, word.key);
  if ((tos & 3) !== 0)
    throw new FlowError("INVALID", word.value.at, `${word.key}: the lowest two bits are not DSCP`);
  const field = fieldNamed("ip_dscp")!;
  return writeField(field, { value: BigInt(tos >> 2), mask: field.full }, context);
};

const modifyTtl: ActionReader = (word, context) => {
  const ttl = readSmall(argumentOf(word, "mod_nw_ttl:64"), 8, word.key);
  const field = fieldNamed("nw_ttl")!;
  return context.version === 1
    ? loads(field, { value: BigInt(ttl), mask: field.full })
    : [{ action: "SET_NW_TTL", ttl }];
};

/** A field of MPLS, for which each version has an action; JSON has SET_FIELD for all of them. */
function setMpls(name: "mpls_label" | "mpls_tc"): ActionReader {
  return (word) => {
    const field = fieldNamed(name)!;
    const masked = readValue(field, argumentOf(word, `${word.key}(5)`));
    return [{ action: "SET_FIELD", ...jsonField(field, masked, 2) }];
  };
}

function setTunnel(wide: boolean): ActionReader {
  return (word, context) => {
    const field = fieldNamed("tun_id")!;
    const value = readInteger(argumentOf(word, "set_tunnel:7"), 64, word.key);
    if (context.version >= OF_1_2) return writeField(field, { value, mask: field.full }, context);
    const action = wide || value > ones(32) ? "NX_SET_TUNNEL64" : "NX_SET_TUNNEL";
    return [{ action, tun_id: jsonInteger(value) }];
  };
}

const pushVlan: ActionReader = (word, context) => {
  if (context.version === 1) throw unsupported(word, "1.0");
  context.tagged = true;
  return [{ action: "PUSH_VLAN", ethertype: readSmall(argumentOf(word, "push_vlan:0x8100"), 16, word.key) }];
};

const popVlan: ActionReader = (_, context) => {
  context.tagged = false;
  return [{ action: "POP_VLAN" }];
};

/** Readers by word. */
export const FIELD_ACTIONS: Readonly<Record<string, ActionReader>> = {
  set_field: setField,
  load,
  move,
  mod_dl_src: modify("eth_src", "mod_dl_src:02:00:00:00:00:01"),
  mod_dl_dst: modify("eth_dst", "mod_dl_dst:02:00:00:00:00:01"),
  mod_nw_src: modify("ip_src", "mod_nw_src:10.0.0.1"),
  mod_nw_dst: modify("ip_dst", "mod_nw_dst:10.0.0.1"),
  mod_nw_ecn: modify("nw_ecn", "mod_nw_ecn:2"),
  mod_nw_tos: modifyTos,
  mod_nw_ttl: modifyTtl,
  set_nw_ttl: modifyTtl,
  mod_tp_src: modifyPort(0),
  mod_tp_dst: modifyPort(1),
  mod_vlan_vid: modifyVlan("vlan_vid", true),
  mod_vlan_pcp: modifyVlan("vlan_pcp", true),
  set_vlan_vid: modifyVlan("vlan_vid", false),
  set_vlan_pcp: modifyVlan("vlan_pcp", false),
  push_vlan: pushVlan,
  pop_vlan: popVlan,
  strip_vlan: popVlan,
  set_mpls_label: setMpls("mpls_label"),
  set_mpls_tc: setMpls("mpls_tc"),
  set_tunnel: setTunnel(false),
  set_tunnel64: setTunnel(true),
};

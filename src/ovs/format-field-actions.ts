/** Actions that write fields, as ovs-ofctl prints them. */

import { formatValue, type Masked } from "./field-values.js";
import { fieldInMessages, type OvsField } from "./fields.js";
import type { ActionForm } from "./format-actions.js";
import type { JsonObject } from "./json.js";
import { maskedOf } from "./match-json.js";
import { hex } from "./numbers.js";
import { formatSubField } from "./sub-fields.js";

/** Actions of 1.0 and 1.1, which JSON has as SET_FIELD: their words by field. */
const LEGACY_WORDS: Readonly<Record<string, string>> = {
  eth_src: "mod_dl_src:",
  eth_dst: "mod_dl_dst:",
  ip_src: "mod_nw_src:",
  ip_dst: "mod_nw_dst:",
  nw_ecn: "mod_nw_ecn:",
  tcp_src: "mod_tp_src:",
  tcp_dst: "mod_tp_dst:",
  udp_src: "mod_tp_src:",
  udp_dst: "mod_tp_dst:",
  sctp_src: "mod_tp_src:",
  sctp_dst: "mod_tp_dst:",
};

const OF_1_1 = 2;

function legacy(field: OvsField, masked: Masked, version: number): string | undefined {
  const { value } = masked;
  // 1.1 changes tags that are there; the action of 1.0 pushes one where there is none.
  const prefix = version === 1 ? "mod" : "set";
  switch (field.name) {
    case "vlan_vid":
      return `${prefix}_vlan_vid:${value & 0xfffn}`;
    case "vlan_pcp":
      return `${prefix}_vlan_pcp:${value}`;
    case "ip_dscp":
      return `mod_nw_tos:${value << 2n}`;
    case "mpls_label":
    case "mpls_tc":
      return `set_${field.name}(${value})`;
    default: {
      const word = LEGACY_WORDS[field.name];
      return word === undefined ? undefined : word + formatValue(field, masked);
    }
  }
}

const setField: ActionForm = (action, version) => {
  const field = fieldInMessages(String(action.field));
  if (field === undefined) return undefined;
  const masked = maskedOf(field, action);
  const old = version <= OF_1_1 && action.action === "SET_FIELD" ? legacy(field, masked, version) : undefined;
  return old ?? `set_field:${formatValue(field, masked)}->${field.name}`;
};

const load: ActionForm = ({ value, dst }) => `load:${hex(integer(value))}->${formatSubField(dst)}`;

const move: ActionForm = ({ src, dst }) => `move:${formatSubField(src)}->${formatSubField(dst)}`;

function integer(value: unknown): bigint {
  return BigInt(value as number | string);
}

function setTunnel(word: string): ActionForm {
  return ({ tun_id }: JsonObject) => `${word}:${hex(integer(tun_id))}`;
}

/** An action of 1.0 and 1.1 that sets a port of a protocol which is not known: JSON has its number and its bytes. */
function setPort(word: string): ActionForm {
  return ({ data }, version) => {
    const port = /^([0-9A-F]{4})0000$/.exec(String(data))?.[1];
    return version <= OF_1_1 && port !== undefined ? `${word}:${Number.parseInt(port, 16)}` : undefined;
  };
}

/** By action. */
export const FIELD_ACTION_FORMS: Readonly<Record<string, ActionForm>> = {
  SET_FIELD: setField,
  NX_REG_LOAD2: setField,
  NX_REG_LOAD: load,
  NX_REG_MOVE: move,
  COPY_FIELD: move,
  SET_NW_TTL: ({ ttl }) => `mod_nw_ttl:${ttl}`,
  PUSH_VLAN: ({ ethertype }) => `push_vlan:${hex(Number(ethertype))}`,
  POP_VLAN: (_, version) => (version === 1 ? "strip_vlan" : "pop_vlan"),
  "0x0009": setPort("mod_tp_src"),
  "0x000A": setPort("mod_tp_dst"),
  NX_SET_TUNNEL: setTunnel("set_tunnel"),
  NX_SET_TUNNEL64: setTunnel("set_tunnel64"),
};

/** Actions of messages as ovs-ofctl prints them. What it has no words for stands as `json({…})`, so that nothing is lost. */

import { HELPERS } from "./ct-actions.js";
import { fieldInMessages } from "./fields.js";
import { FIELD_ACTION_FORMS } from "./format-field-actions.js";
import { formatLearn } from "./format-learn.js";
import { type JsonObject, stringifyJson } from "./json.js";
import { formatPort, numberOf, wordOf } from "./names.js";
import { dottedBytes, hex, hexDigits } from "./numbers.js";
import { HEADERS, NEXT_HEADER } from "./other-actions.js";
import { SIMPLE_ACTIONS, type SimpleAction } from "./simple-actions.js";
import { formatSubField } from "./sub-fields.js";

/** The text of an action; undefined where the notation cannot say all of it. @param version  wire version of its message */
export type ActionForm = (action: JsonObject, version: number) => string | undefined;

/** A list of actions, `drop` where there are none. */
export function formatActions(list: unknown, version: number): string {
  const texts = listOf(list).map((one) => formatAction(one, version));
  return texts.length === 0 ? "drop" : texts.join(",");
}

/** One action. */
export function formatAction(action: JsonObject, version: number): string {
  return forms.get(String(action.action))?.(action, version) ?? `json(${stringifyJson(action)})`;
}

/** The objects of a list; none where there is no list. */
export function listOf(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? (list as JsonObject[]) : [];
}

function simple({ word, argument }: SimpleAction): ActionForm {
  return (action) => {
    if (argument === undefined) return word;
    const value = numberOf(argument.key, action[argument.key]);
    switch (argument.form) {
      case "colon":
        return `${word}:${value}`;
      case "brackets":
        return `${word}(${value})`;
      case "hex":
        return `${word}:${hexDigits(value, 4)}`;
    }
  };
}

/** `a=1,b=2`, of what is not undefined. */
function argumentsOf(...all: readonly (string | undefined)[]): string {
  return all.filter((one) => one !== undefined).join(",");
}

const output: ActionForm = ({ port_no, max_len }) => {
  const port = formatPort(port_no);
  if (port === "CONTROLLER") return `CONTROLLER:${numberOf("max_len", max_len)}`;
  return /^\d/.test(port) && Number(port) < 0xff00 ? `output:${port}` : port;
};

/** The port that a field has is sent whole packets. */
const outputReg: ActionForm = ({ src, max_len }) =>
  numberOf("max_len", max_len) === 0xffffn ? `output:${formatSubField(src)}` : undefined;

const controller: ActionForm = (action) => {
  const { reason = "APPLY_ACTION", max_len, controller_id = 0, userdata = "", meter_id } = action;
  const properties = listOf(action.properties);
  if (properties.some(({ property }) => property !== "PAUSE")) return undefined;
  const length = max_len === undefined ? 0xffffn : numberOf("max_len", max_len);
  const text = argumentsOf(
    reason === "APPLY_ACTION" ? undefined : `reason=${wordOf(reason)}`,
    length === 0xffffn ? undefined : `max_len=${length}`,
    controller_id === 0 ? undefined : `id=${controller_id}`,
    userdata === "" ? undefined : `userdata=${dottedBytes(String(userdata))}`,
    properties.length === 0 ? undefined : "pause",
    meter_id === undefined ? undefined : `meter_id=${numberOf("meter_id", meter_id)}`,
  );
  // Nothing in brackets is the plain action, which is another one.
  return text === "" ? undefined : `controller(${text})`;
};

const resubmit: ActionForm = ({ action, in_port, table_id = "ALL" }) => {
  const port = formatPort(in_port);
  const table = numberOf("table_id", table_id);
  const tracked = action === "NX_RESUBMIT_TABLE_CT";
  if (port !== "IN_PORT" && table === 255n && !tracked) return `resubmit:${port}`;
  const places = [port === "IN_PORT" ? "" : port, table === 255n ? "" : String(table)];
  return `resubmit(${[...places, ...(tracked ? ["ct"] : [])].join(",")})`;
};

const bundle: ActionForm = ({ action, fields, basis, algorithm, member_type, members, dst }) => {
  if (member_type !== undefined && member_type !== "NX_IN_PORT") return undefined;
  const ports = (Array.isArray(members) ? members : []).map(formatPort).join(",");
  const isLoad = action === "NX_BUNDLE_LOAD";
  const head = [wordOf(fields), basis, wordOf(algorithm), "ofport", ...(isLoad ? [formatSubField(dst)] : [])];
  return `${isLoad ? "bundle_load" : "bundle"}(${head.join(",")},members:${ports})`;
};

const multipath: ActionForm = ({ fields, basis, algorithm, max_link, arg, dst }) => {
  const links = Number(max_link) + 1;
  return `multipath(${[wordOf(fields), basis, wordOf(algorithm), links, arg, formatSubField(dst)].join(",")})`;
};

const sample: ActionForm = (action) => {
  const { probability, collector_set_id, sampling_port = "ANY", direction = "DEFAULT" } = action;
  const place = (value: unknown): string => (typeof value === "string" ? formatSubField(value) : `${value}`);
  return `sample(${argumentsOf(
    `probability=${probability}`,
    `collector_set_id=${collector_set_id}`,
    `obs_domain_id=${place(action.obs_domain_id)}`,
    `obs_point_id=${place(action.obs_point_id)}`,
    sampling_port === "ANY" ? undefined : `sampling_port=${formatPort(sampling_port)}`,
    direction === "DEFAULT" ? undefined : wordOf(direction),
  )})`;
};

const ct: ActionForm = (action, version) => {
  const { flags, table_id = "ALL", zone = 0, alg = 0 } = action;
  const names = Array.isArray(flags) ? flags : [];
  if (names.some((flag) => flag !== "COMMIT" && flag !== "FORCE")) return undefined;
  const [first, ...others] = listOf(action.actions);
  const hasNat = first?.action === "NX_NAT";
  const rest = hasNat || first === undefined ? others : [first, ...others];
  const helper = Object.keys(HELPERS).find((name) => HELPERS[name] === alg) ?? alg;
  return `ct(${argumentsOf(
    ...names.map(wordOf),
    table_id === "ALL" ? undefined : `table=${table_id}`,
    zone === 0 ? undefined : `zone=${typeof zone === "string" ? formatSubField(zone) : zone}`,
    hasNat ? formatAction(first, version) : undefined,
    rest.length === 0 ? undefined : `exec(${formatActions(rest, version)})`,
    alg === 0 ? undefined : `alg=${helper}`,
  )})`;
};

const NAT_FLAGS: ReadonlyMap<unknown, string> = new Map([
  ["PERSISTENT", "persistent"],
  ["PROTO_HASH", "hash"],
  ["PROTO_RANDOM", "random"],
]);

const nat: ActionForm = (action) => {
  const flags: readonly unknown[] = Array.isArray(action.flags) ? action.flags : [];
  const side = flags.includes("SRC") ? "src" : flags.includes("DST") ? "dst" : undefined;
  const words = [...NAT_FLAGS].filter(([flag]) => flags.includes(flag)).map(([, word]) => word);
  const range = formatRange(action);
  if (side === undefined) return flags.length === 0 && range === undefined ? "nat" : undefined;
  if (words.length + 1 < flags.length) return undefined;
  return `nat(${argumentsOf(range === undefined ? side : `${side}=${range}`, ...words)})`;
};

/** Addresses and ports; addresses of IPv6 are in brackets where ports follow. */
function formatRange(action: JsonObject): string | undefined {
  const { ipv4_min, ipv4_max, ipv6_min, ipv6_max, proto_min, proto_max } = action;
  const [low, high] = [ipv4_min ?? ipv6_min, ipv4_max ?? ipv6_max];
  if (low === undefined) return undefined;
  const bracket = (address: unknown): string =>
    ipv6_min !== undefined && proto_min !== undefined ? `[${address}]` : String(address);
  const addresses = high === undefined || high === low ? bracket(low) : `${bracket(low)}-${bracket(high)}`;
  if (proto_min === undefined) return addresses;
  const ports = proto_max === undefined || proto_max === proto_min ? proto_min : `${proto_min}-${proto_max}`;
  return `${addresses}:${ports}`;
}

const finTimeout: ActionForm = ({ fin_idle_timeout = 0, fin_hard_timeout = 0 }) =>
  `fin_timeout(${argumentsOf(
    fin_idle_timeout === 0 ? undefined : `idle_timeout=${fin_idle_timeout}`,
    fin_hard_timeout === 0 ? undefined : `hard_timeout=${fin_hard_timeout}`,
  )})`;

const deleteField: ActionForm = ({ field }) => {
  const found = fieldInMessages(String(field));
  return found === undefined ? undefined : `delete_field:${found.name}`;
};

const encap: ActionForm = ({ hdr_size = 0, packet_type, properties }) => {
  const header = Object.keys(HEADERS).find(
    (name) => stringifyJson(HEADERS[name]) === stringifyJson(packet_type),
  );
  if (header === undefined || hdr_size !== 0) return undefined;
  const words = listOf(properties).map((one) => {
    if (one.property === "NSH_MDTYPE") return `md_type=${one.mdtype}`;
    if (one.property !== "NSH_TLV") return undefined;
    return `tlv(${hexDigits(Number(one.tlv_class), 4)},${one.tlv_type},0x${String(one.data).toLowerCase()})`;
  });
  if (words.includes(undefined)) return undefined;
  return words.length === 0 ? `encap(${header})` : `encap(${header}(${words.join(",")}))`;
};

const NAMESPACES = ["ONF", "ETHERTYPE"];

const decap: ActionForm = ({ packet_type }) => {
  if (stringifyJson(packet_type) === stringifyJson(NEXT_HEADER)) return "decap()";
  const { namespace, ns_type } = packet_type as JsonObject;
  const space = NAMESPACES.indexOf(String(namespace));
  return space < 0 ? undefined : `decap(packet_type(ns=${space},type=${hex(Number(ns_type))}))`;
};

/** `5`, `5/0xff`: metadata to write. */
export function formatMetadata({ metadata, mask }: JsonObject): string {
  const bits = BigInt(mask as number | string);
  const whole = bits === (1n << 64n) - 1n;
  return `write_metadata:${hex(BigInt(metadata as number | string))}${whole ? "" : `/${hex(bits)}`}`;
}

const forms: ReadonlyMap<string, ActionForm> = new Map<string, ActionForm>([
  ...SIMPLE_ACTIONS.map((one) => [one.action, simple(one)] as const),
  ...Object.entries(FIELD_ACTION_FORMS),
  ["OUTPUT", output],
  ["NX_OUTPUT_REG", outputReg],
  ["NX_OUTPUT_REG2", outputReg],
  ["NX_OUTPUT_TRUNC", ({ port_no, max_len }) => `output(port=${formatPort(port_no)},max_len=${max_len})`],
  ["ENQUEUE", ({ port_no, queue_id }) => `enqueue:${formatPort(port_no)}:${queue_id}`],
  ["NX_CONTROLLER", controller],
  ["NX_CONTROLLER2", controller],
  ["NX_RESUBMIT", resubmit],
  ["NX_RESUBMIT_TABLE", resubmit],
  ["NX_RESUBMIT_TABLE_CT", resubmit],
  ["NX_BUNDLE", bundle],
  ["NX_BUNDLE_LOAD", bundle],
  ["NX_MULTIPATH", multipath],
  ["NX_SAMPLE", sample],
  ["NX_SAMPLE2", sample],
  ["NX_SAMPLE3", sample],
  ["NX_SAMPLE4", sample],
  ["NX_LEARN", formatLearn],
  ["NX_LEARN2", formatLearn],
  ["NX_CT", ct],
  ["NX_NAT", nat],
  ["NX_CLONE", ({ actions }, version) => `clone(${formatActions(actions, version)})`],
  ["NX_CONJUNCTION", ({ id, clause, n_clauses }) => `conjunction(${id},${Number(clause) + 1}/${n_clauses})`],
  ["NX_NOTE", ({ note }) => `note:${dottedBytes(String(note))}`],
  ["NX_FIN_TIMEOUT", finTimeout],
  ["DEC_NW_TTL", () => "dec_ttl"],
  ["NX_DEC_TTL_CNT_IDS", ({ controllers }) => `dec_ttl(${String(controllers)})`],
  ["NX_STACK_PUSH", ({ src }) => `push:${formatSubField(src)}`],
  ["NX_STACK_POP", ({ dst }) => `pop:${formatSubField(dst)}`],
  ["NX_CHECK_PKT_LARGER", ({ pkt_len, dst }) => `check_pkt_larger(${pkt_len})->${formatSubField(dst)}`],
  ["NX_DELETE_FIELD", deleteField],
  ["NX_ENCAP", encap],
  ["NX_DECAP", decap],
  ["NX_WRITE_METADATA", formatMetadata],
  ["METER", ({ meter_id }) => `meter:${numberOf("meter_id", meter_id)}`],
]);

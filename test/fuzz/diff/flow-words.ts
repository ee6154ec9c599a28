/** The words with which Open vSwitch prints a FLOW_MOD, made from what ours says of it. */
import type { Difference } from "../../conformance/differences.js";

/** The keys of a FLOW_MOD that have words; actions and most fields have rules of their own, which test/peers tries. */
interface FlowMod {
  readonly command: string;
  readonly table_id: number | string;
  readonly cookie: number | bigint;
  readonly idle_timeout: number;
  readonly hard_timeout: number;
  readonly priority: number;
  readonly importance?: number;
  readonly flags: readonly string[];
  readonly match: readonly { readonly field: string; readonly value: unknown; readonly mask?: unknown }[];
}

const COMMANDS: Readonly<Record<string, string>> = {
  ADD: "ADD",
  MODIFY: "MOD",
  MODIFY_STRICT: "MOD_STRICT",
  DELETE: "DEL",
  DELETE_STRICT: "DEL_STRICT",
};

const FLAGS: Readonly<Record<string, string>> = {
  SEND_FLOW_REM: "send_flow_rem",
  CHECK_OVERLAP: "check_overlap",
  RESET_COUNTS: "reset_counts",
  NO_PKT_COUNTS: "no_packet_counts",
  NO_BYT_COUNTS: "no_byte_counts",
};

/** Fields that have one word each, whatever else the match says. */
const FIELDS: Readonly<Record<string, (value: unknown) => string>> = {
  ETH_SRC: (value) => `dl_src=${value}`,
  ETH_DST: (value) => `dl_dst=${value}`,
  IPV6_SRC: (value) => `ipv6_src=${value}`,
  IPV6_DST: (value) => `ipv6_dst=${value}`,
  METADATA: (value) => `metadata=${hex(value)}`,
  TUNNEL_ID: (value) => `tun_id=${hex(value)}`,
  NX_PKT_MARK: (value) => `pkt_mark=${hex(value)}`,
  NX_CT_MARK: (value) => `ct_mark=${hex(value)}`,
  NX_CT_ZONE: (value) => `ct_zone=${value}`,
  NX_CONJ_ID: (value) => `conj_id=${value}`,
  ...Object.fromEntries(
    Array.from({ length: 16 }, (_, n) => [`NX_REG${n}`, (value: unknown) => `reg${n}=${hex(value)}`]),
  ),
};

/** What ours says and Open vSwitch does not. */
export function flowDifferences(text: string, version: number, msg: unknown): Difference[] {
  const flow = msg as FlowMod;
  const words = new Set(text.split(/[ ,/\n]/));
  const missing = wordsOf(flow, version).filter((word) => !words.has(word));
  return missing.map((word) => ({
    path: `flow ${word.replace(/[=:].*/, "")}`,
    want: text.trimEnd(),
    got: word,
  }));
}

/** Open vSwitch shows the cookie of other commands only where it is a condition. */
function wordsOf(flow: FlowMod, version: number): string[] {
  const { command, idle_timeout: idle, hard_timeout: hard, importance = 0 } = flow;
  return [
    COMMANDS[command] ?? command,
    ...(typeof flow.table_id === "number" && flow.table_id !== 0 && version > 1
      ? [`table:${flow.table_id}`]
      : []),
    ...(command === "ADD" && flow.cookie !== 0 && hex(flow.cookie) !== "0xffffffffffffffff"
      ? [`cookie:${hex(flow.cookie)}`]
      : []),
    ...(idle === 0 ? [] : [`idle:${idle}`]),
    ...(hard === 0 ? [] : [`hard:${hard}`]),
    ...(importance === 0 ? [] : [`importance:${importance}`]),
    ...flow.flags.flatMap((flag) => FLAGS[flag] ?? []),
    ...flow.match.flatMap(({ field, value, mask }) => {
      const word = mask === undefined ? FIELDS[field]?.(value) : undefined;
      return word === undefined ? [] : [word];
    }),
  ];
}

function hex(value: unknown): string {
  return value === 0 ? "0" : `0x${(value as number | bigint).toString(16)}`;
}

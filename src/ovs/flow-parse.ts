/** Reads a flow in the notation of ovs-ofctl: the message that adds, changes or removes it. */
import { contextOf } from "./action-context.js";
import { type Instructions, readActions, readInstructions } from "./actions.js";
import { readValue } from "./field-values.js";
import { FIELD_NAMES, fieldNamed, ones } from "./fields.js";
import { FlowError } from "./flow-error.js";
import { type JsonObject, readJson } from "./json.js";
import { type Piece, splitAt, type Word, Words } from "./lexer.js";
import { emptyMatch, type FlowMatch, setField } from "./match.js";
import { fitsMatch10, jsonMatch } from "./match-json.js";
import { closest } from "./names.js";
import { jsonInteger, readInteger, readPort, readSmall, readTable, readU64 } from "./numbers.js";
import { readSubField } from "./sub-fields.js";

/** What a line is read for. */
export interface OvsFlowOptions {
  /** Wire version: 1 is OpenFlow 1.0, 6 is OpenFlow 1.5. */
  readonly version: number;
  /** Use NXT_FLOW_MOD in OpenFlow 1.0 for all flows. */
  readonly nicira?: boolean;
}

/** A message as encode takes it. */
export interface OvsFlowMessage {
  /** NXT_FLOW_MOD where FLOW_MOD of OpenFlow 1.0 cannot say what the line says. */
  readonly type: "FLOW_MOD" | "NXT_FLOW_MOD";
  readonly version: number;
  readonly msg: JsonObject;
}

/** Commands by the words that may stand before a flow. */
const COMMANDS: Readonly<Record<string, string>> = {
  add: "ADD",
  modify: "MODIFY",
  modify_strict: "MODIFY_STRICT",
  delete: "DELETE",
  delete_strict: "DELETE_STRICT",
};

/** Words for an Ethernet type, and some for an IP protocol in it. */
const PROTOCOLS: Readonly<Record<string, readonly [type: number, protocol?: number]>> = {
  ip: [0x0800],
  ipv4: [0x0800],
  ip4: [0x0800],
  arp: [0x0806],
  icmp: [0x0800, 1],
  tcp: [0x0800, 6],
  udp: [0x0800, 17],
  sctp: [0x0800, 132],
  ipv6: [0x86dd],
  ip6: [0x86dd],
  icmp6: [0x86dd, 58],
  tcp6: [0x86dd, 6],
  udp6: [0x86dd, 17],
  sctp6: [0x86dd, 132],
  rarp: [0x8035],
  mpls: [0x8847],
  mplsm: [0x8848],
};

const FLAGS: Readonly<Record<string, string>> = {
  send_flow_rem: "SEND_FLOW_REM",
  check_overlap: "CHECK_OVERLAP",
  reset_counts: "RESET_COUNTS",
  no_packet_counts: "NO_PKT_COUNTS",
  no_byte_counts: "NO_BYT_COUNTS",
  emerg: "EMERG",
};

/** Flags without a name, as JSON has them. */
const FLAG_BITS = /^0x[\da-f]{8}$/;

/** What `ovs-ofctl dump-flows` tells of flows, and what only concerns Open vSwitch itself: nothing for a message. */
const TOLD: ReadonlySet<string> = new Set(
  "duration n_packets n_bytes idle_age hard_age no_readonly_table allow_hidden_fields".split(" "),
);

/** Keys of one number, and its bits. */
const NUMBERS: Readonly<Record<string, number>> = {
  priority: 16,
  idle_timeout: 16,
  hard_timeout: 16,
  importance: 16,
  buffer_id: 32,
  out_group: 32,
};

const OTHER_KEYS = ["table", "cookie", "out_port", "actions", ...Object.keys(NUMBERS), ...Object.keys(FLAGS)];

/** The longest line: beyond this no message could hold what it says. */
const LONGEST = 1 << 20;

const DEFAULT_PRIORITY = 0x8000;

/** A flow while it is read. */
interface Draft {
  readonly version: number;
  readonly command: string;
  readonly match: FlowMatch;
  readonly keys: Record<string, unknown>;
  readonly flags: string[];
}

/** Reads one line. Throws FlowError. What the version cannot say is refused when the message is encoded, or here. */
export function parseOvsFlow(text: string, { version, nicira = false }: OvsFlowOptions): OvsFlowMessage {
  if (text.length > LONGEST)
    throw new FlowError("SYNTAX", 0, `the line has ${text.length} characters, more than ${LONGEST}`);
  const words = new Words({ text, at: 0 });
  const first = words.next();
  const isCommand = first !== undefined && first.mark === "" && Object.hasOwn(COMMANDS, first.key);
  const command = isCommand ? COMMANDS[first.key]! : "ADD";
  const draft: Draft = { version, command, match: emptyMatch(), keys: {}, flags: [] };
  let actions: Piece | undefined;
  for (let word = isCommand ? words.next() : first; word !== undefined; word = words.next()) {
    if (/^actions?$/.test(word.key) && word.mark === "=") {
      actions = { text: text.slice(word.value.at), at: word.value.at };
      break;
    }
    readWord(word, draft);
  }
  if (command.startsWith("DELETE")) {
    if (actions !== undefined) throw new FlowError("INVALID", actions.at, "delete takes no actions");
  } else if (actions === undefined)
    throw new FlowError("SYNTAX", text.length, "no actions: a flow that drops packets has actions=drop");
  const context = contextOf(version, draft.match, readActions);
  const instructions = actions === undefined ? undefined : readInstructions(actions, context);
  return version === 1 ? message10(draft, instructions, nicira) : message(draft, instructions, version);
}

function readWord(word: Word, draft: Draft): void {
  const { key, at, value } = word;
  const protocol = Object.hasOwn(PROTOCOLS, key) && word.mark === "" ? PROTOCOLS[key] : undefined;
  if (protocol !== undefined) return setProtocol(word, protocol, draft.match);
  if (key === "eth" && word.mark === "") return want(word, "packet_type", 0n, draft.match);
  if (TOLD.has(key)) return;
  const flag = Object.hasOwn(FLAGS, key) ? FLAGS[key] : undefined;
  if (flag !== undefined || FLAG_BITS.test(key)) {
    draft.flags.push(flag ?? key);
    return;
  }
  const bits = Object.hasOwn(NUMBERS, key) ? NUMBERS[key] : undefined;
  if (draft.version === 1 && (key === "importance" || key === "out_group"))
    throw new FlowError("UNSUPPORTED", at, `OpenFlow 1.0 has no ${key}`);
  if (bits !== undefined) return setKey(word, draft, readGiven(word, bits));
  if (key === "table") return setKey(word, draft, readTable(needValue(word)), "table_id");
  if (key === "out_port") return setKey(word, draft, readPort(needValue(word), key));
  if (key === "cookie") return readCookie(word, draft);
  if (key === "json") {
    draft.match.others.push(readJson(value));
    return;
  }
  if (key.includes("[")) return readBits(word, draft.match);
  const field = fieldNamed(key);
  if (field === undefined) {
    const known = [...FIELD_NAMES, ...Object.keys(PROTOCOLS), ...OTHER_KEYS];
    throw new FlowError("UNKNOWN", at, `unknown field "${key}"${closest(key, known)}`);
  }
  const masked =
    field.name === "dl_vlan" && /^(65535|0xffff)$/i.test(value.text)
      ? { value: 0xffffn, mask: field.full }
      : readValue(field, value);
  if (!setField(draft.match, field, masked)) throw contradiction(word);
}

function needValue({ key, value }: Word): Piece {
  if (value.text === "") throw new FlowError("SYNTAX", value.at, `${key} needs a value: ${key}=…`);
  return value;
}

function readGiven(word: Word, bits: number): number {
  if (word.key === "out_group" && /^(all|any)$/i.test(word.value.text))
    return word.value.text.toLowerCase() === "all" ? 0xfffffffc : 0xffffffff;
  return readSmall(needValue(word), bits, word.key);
}

function setKey({ key, at }: Word, draft: Draft, value: unknown, name = key): void {
  if (name in draft.keys) throw new FlowError("INVALID", at, `${key} is there twice`);
  draft.keys[name] = value;
}

function contradiction({ key, at }: Word): FlowError {
  return new FlowError("INVALID", at, `${key}: the flow already asks for something else there`);
}

function want(word: Word, name: string, value: bigint, match: FlowMatch): void {
  const field = fieldNamed(name)!;
  if (!setField(match, field, { value, mask: field.exact })) throw contradiction(word);
}

function setProtocol(word: Word, [type, protocol]: readonly [number, number?], match: FlowMatch): void {
  want(word, "eth_type", BigInt(type), match);
  if (protocol !== undefined) want(word, "nw_proto", BigInt(protocol), match);
}

/** `reg0[0..15]=5`. */
function readBits(word: Word, match: FlowMatch): void {
  const { field, from, to } = readSubField({ text: word.key, at: word.at });
  const shift = BigInt(from);
  const value = readInteger(needValue(word), to - from, word.key);
  if (!setField(match, field, { value: value << shift, mask: ones(to - from) << shift }))
    throw contradiction(word);
}

/** `cookie=5` is that of the flow; `cookie=5/-1` that of the flows that a command is for. */
function readCookie(word: Word, draft: Draft): void {
  const parts = splitAt(needValue(word), "/");
  const { command } = draft;
  if (parts === undefined) {
    if (command.startsWith("DELETE"))
      throw new FlowError(
        "INVALID",
        word.at,
        `delete compares cookies under a mask: cookie=${word.value.text}/-1`,
      );
    setKey(word, draft, readU64(word.value, "cookie"));
    return;
  }
  if (command === "ADD") throw new FlowError("INVALID", parts[1].at, "add takes no mask of the cookie");
  setKey(word, draft, readU64(parts[0], "cookie"));
  draft.keys.cookie_mask = readU64(parts[1], "mask of the cookie");
}

/** What FLOW_MOD of all versions has in common. */
function common({ command, keys, flags }: Draft): JsonObject {
  const { priority = DEFAULT_PRIORITY, idle_timeout = 0, hard_timeout = 0 } = keys;
  const { buffer_id = "NO_BUFFER", out_port = "ANY" } = keys;
  return { command, idle_timeout, hard_timeout, priority, buffer_id, out_port, flags };
}

function message(draft: Draft, instructions: Instructions | undefined, version: number): OvsFlowMessage {
  const { command, keys, match } = draft;
  const { cookie = 0n, cookie_mask = 0n, out_group = "ANY", importance } = keys;
  // Commands that change flows are for one table: the first, when none is named.
  const isDelete = command.startsWith("DELETE");
  const { table_id = isDelete && version > 2 ? "ALL" : 0 } = keys;
  return {
    type: "FLOW_MOD",
    version,
    msg: {
      cookie: jsonInteger(cookie as bigint),
      cookie_mask: jsonInteger(cookie_mask as bigint),
      table_id,
      ...common(draft),
      out_group,
      ...(importance === undefined ? {} : { importance }),
      match: jsonMatch(match, { version, nicira: false }),
      instructions: instructions === undefined ? [] : listOf(instructions),
    },
  };
}

function listOf({ apply, others }: Instructions): JsonObject[] {
  const applied = apply.length === 0 ? [] : [{ instruction: "APPLY_ACTIONS", actions: apply }];
  const meter = others.get("meter");
  const rest = [...others].filter(([name]) => name !== "meter").map(([, one]) => one);
  return [...(meter === undefined ? [] : [meter]), ...applied, ...rest];
}

/** The message of 1.0: it has actions only, and matches of a few fields. */
function message10(draft: Draft, given: Instructions | undefined, nicira: boolean): OvsFlowMessage {
  const { keys, match } = draft;
  const { cookie = 0n, cookie_mask = 0n, table_id = 0 } = keys as Readonly<Record<string, bigint>>;
  const rest = { ...common(draft), instructions: given === undefined ? [] : listOf(given) };
  const writesMetadata = given?.apply.some(({ action }) => action === "NX_WRITE_METADATA") === true;
  if (!nicira && cookie_mask === 0n && !writesMetadata && fitsMatch10(match)) {
    const fields = jsonMatch(match, { version: 1, nicira: false });
    const msg = { cookie: jsonInteger(cookie), table_id, ...rest, match: fields };
    return { type: "FLOW_MOD", version: 1, msg };
  }
  const compared = cookie_mask === 0n ? [] : [cookieField(cookie, cookie_mask)];
  const fields = [...jsonMatch(match, { version: 1, nicira: true }), ...compared];
  const table = String(table_id) === "ALL" ? 255 : table_id;
  const own = cookie_mask === 0n ? jsonInteger(cookie) : 0;
  const msg = { cookie: own, table_id: table, ...rest, match: fields };
  return { type: "NXT_FLOW_MOD", version: 1, msg };
}

/** Nicira's field for cookies (class 1, field 30, 8 bytes), which has no name in messages. */
function cookieField(cookie: bigint, mask: bigint): JsonObject {
  const digits = (value: bigint): string => value.toString(16).toUpperCase().padStart(16, "0");
  return mask === ones(64)
    ? { field: "0x00013C08", value: digits(cookie) }
    : { field: "0x00013D10", value: digits(cookie & mask) + digits(mask) };
}

/** Connection tracking: ct(…), nat(…). */
import type { ActionReader } from "./action-context.js";
import { jsonValue, readValue } from "./field-values.js";
import { fieldNamed } from "./fields.js";
import { FlowError } from "./flow-error.js";
import type { JsonObject } from "./json.js";
import { type Piece, type Word, wordsOf } from "./lexer.js";
import { closest } from "./names.js";
import { readSmall, readTable } from "./numbers.js";
import { jsonSubField, readSubField } from "./sub-fields.js";

const CT_KEYS = "commit force table zone alg nat exec".split(" ");
const NAT_FLAGS: Readonly<Record<string, string>> = {
  persistent: "PERSISTENT",
  hash: "PROTO_HASH",
  random: "PROTO_RANDOM",
};

/** Protocols whose helpers have names: their ports. */
export const HELPERS: Readonly<Record<string, number>> = { ftp: 21, tftp: 69 };

/** `ct(commit,zone=5,nat(…),exec(…))`. */
export const ct: ActionReader = (word, context) => {
  const flags: string[] = [];
  const action: Record<string, unknown> = {};
  const actions: JsonObject[] = [];
  for (const one of wordsOf(word.value)) {
    const { key, value } = one;
    if (key === "commit" || key === "force") flags.push(key.toUpperCase());
    else if (key === "table") action.table_id = readCtTable(value);
    else if (key === "zone") action.zone = readZone(value);
    else if (key === "alg") action.alg = HELPERS[value.text] ?? readSmall(value, 16, "alg");
    else if (key === "nat") actions.push(nat(one));
    else if (key === "exec") actions.push(...context.readActions(value, context));
    else throw new FlowError("UNKNOWN", one.at, `unknown argument "${key}" of ct${closest(key, CT_KEYS)}`);
  }
  if (flags.includes("FORCE") && !flags.includes("COMMIT"))
    throw new FlowError("INVALID", word.at, "ct: force needs commit");
  return [{ action: "NX_CT", flags, ...action, actions }];
};

function readCtTable(piece: Piece): number {
  const table = readTable(piece);
  if (table === "ALL") throw new FlowError("INVALID", piece.at, "ct: table is not in 0 to 254");
  return table;
}

function readZone(piece: Piece): number | string {
  return /^\d/.test(piece.text) ? readSmall(piece, 16, "zone") : jsonSubField(readSubField(piece), 1);
}

/** `nat(src=10.0.0.1-10.0.0.9:1024-2048,random)`. */
export function nat(word: Word): JsonObject {
  const flags: string[] = [];
  let range: JsonObject = {};
  for (const { key, at, value } of wordsOf(word.value)) {
    const flag = NAT_FLAGS[key];
    if (flag !== undefined) flags.push(flag);
    else if (key === "src" || key === "dst") {
      flags.unshift(key.toUpperCase());
      if (value.text !== "") range = readRange(value);
    } else {
      const known = ["src", "dst", ...Object.keys(NAT_FLAGS)];
      throw new FlowError("UNKNOWN", at, `unknown argument "${key}" of nat${closest(key, known)}`);
    }
  }
  const sides = flags.filter((flag) => flag === "SRC" || flag === "DST").length;
  if (sides === 2) throw new FlowError("INVALID", word.at, "nat: src and dst exclude each other");
  if (sides === 0 && flags.length > 0) throw new FlowError("INVALID", word.at, "nat: flags need src or dst");
  if (flags.includes("PROTO_HASH") && flags.includes("PROTO_RANDOM"))
    throw new FlowError("INVALID", word.at, "nat: hash and random exclude each other");
  return { action: "NX_NAT", flags, ...range };
}

// Addresses of IPv6 are in brackets where ports follow.
const RANGE =
  /^(?:\[([^\]]*)\]|([\d.]+|[\da-f:.]+?))(?:-(?:\[([^\]]*)\]|([\d.]+|[\da-f:.]+?)))?(?::(\d+)(?:-(\d+))?)?$/i;
/** Two addresses of IPv6 and two ports fit. */
const LONGEST_RANGE = 128;
const BARE_IPV6 = /^([\da-f:.]+)(?:-([\da-f:.]+))?$/i;

function readRange(piece: Piece): JsonObject {
  const { text, at } = piece;
  const isBareIPv6 = !text.startsWith("[") && /:.*:/.test(text);
  const found = text.length > LONGEST_RANGE ? null : (isBareIPv6 ? BARE_IPV6 : RANGE).exec(text);
  if (found === null)
    throw new FlowError(
      "INVALID",
      at,
      `nat: "${text}" is no range: 10.0.0.1-10.0.0.9:1024-2048, [fd00::1]:80`,
    );
  const [low, high] = isBareIPv6 ? [found[1], found[2]] : [found[1] ?? found[2], found[3] ?? found[4]];
  const [portLow, portHigh] = isBareIPv6 ? [] : [found[5], found[6]];
  const family = low!.includes(":") ? "ipv6" : "ipv4";
  const field = fieldNamed(family === "ipv6" ? "ipv6_src" : "ip_src")!;
  const address = (name: string | undefined): unknown =>
    name === undefined ? undefined : jsonValue(field, readValue(field, { text: name, at }).value);
  const port = (name: string | undefined): unknown =>
    name === undefined ? undefined : readSmall({ text: name, at }, 16, "nat: port");
  const range = {
    [`${family}_min`]: address(low),
    [`${family}_max`]: address(high),
    proto_min: port(portLow),
    proto_max: port(portHigh),
  };
  return Object.fromEntries(Object.entries(range).filter(([, value]) => value !== undefined));
}

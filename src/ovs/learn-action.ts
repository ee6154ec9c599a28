/** `learn(…)`: a flow that is made of fields of the packet. */
import { type ActionReader, argumentOf } from "./action-context.js";
import { readValue } from "./field-values.js";
import { FIELD_NAMES, fieldOrHeadNamed, ones } from "./fields.js";
import { FlowError } from "./flow-error.js";
import type { JsonObject } from "./json.js";
import { type Piece, splitAt, type Word, wordsOf } from "./lexer.js";
import { closest } from "./names.js";
import { jsonInteger, readInteger, readSmall, readTable, readU64 } from "./numbers.js";
import { checkWidths, jsonSubField, readBit, readSubField, type SubField } from "./sub-fields.js";

/** Numbers that the learned flow has, and their bits. */
const NUMBERS: Readonly<Record<string, number>> = {
  idle_timeout: 16,
  hard_timeout: 16,
  fin_idle_timeout: 16,
  fin_hard_timeout: 16,
  priority: 16,
  limit: 32,
};
const FLAGS: ReadonlySet<string> = new Set(["send_flow_rem", "delete_learned"]);

/** The table of learned flows where nothing is said. */
const USUAL_TABLE = 1;

/** Reads the action. Throws FlowError. */
export const learn: ActionReader = (word) => {
  const flags: string[] = [];
  const specs: JsonObject[] = [];
  const flow: Record<string, unknown> = { table_id: USUAL_TABLE };
  for (const one of wordsOf(word.value)) {
    const { key, value } = one;
    const bits = NUMBERS[key];
    if (bits !== undefined) flow[key] = readSmall(value, bits, key);
    else if (key === "table") flow.table_id = readLearnTable(value);
    else if (key === "cookie") flow.cookie = jsonInteger(readU64(value, key));
    else if (FLAGS.has(key)) flags.push(key.toUpperCase());
    else if (key === "result_dst") {
      flow.result_dst = jsonSubField(readBit(value), 1);
      flags.push("WRITE_RESULT");
    } else specs.push(readSpec(one));
  }
  const isNew = flow.limit !== undefined || flow.result_dst !== undefined;
  return [{ action: isNew ? "NX_LEARN2" : "NX_LEARN", ...flow, flags, specs }];
};

function readLearnTable(piece: Piece): number {
  const table = readTable(piece);
  if (table === "ALL") throw new FlowError("INVALID", piece.at, "learn: table is not in 0 to 254");
  return table;
}

function readSpec(word: Word): JsonObject {
  if (word.key === "output") {
    const src = readSubField(argumentOf(word, "output:in_port"));
    return { learn: "OUTPUT", src: jsonSubField(src, 1) };
  }
  return word.key === "load" ? readLoad(word) : readMatch(word);
}

/** `load:5->reg0[0..15]`, `load:reg1[]->reg0[]`. */
function readLoad(word: Word): JsonObject {
  const sides = splitAt(argumentOf(word, "load:5->reg0[]"), "->");
  if (sides === undefined)
    throw new FlowError("SYNTAX", word.value.at, `load: missing "->" in "${word.value.text}"`);
  const dst = readSubField(sides[1]);
  const told = { dst: jsonSubField(dst, 1) };
  if (/^\d/.test(sides[0].text))
    return { learn: "LOAD", value: immediate(readNumber(sides[0], dst), dst), ...told };
  const src = readSubField(sides[0]);
  checkWidths(src, dst, sides[1]);
  return { learn: "LOAD", src: jsonSubField(src, 1), ...told };
}

/** `eth_type=0x800`, `NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[]`, `NXM_OF_VLAN_TCI[0..11]`. */
function readMatch(word: Word): JsonObject {
  const name = word.key.replace(/\[.*/, "");
  if (fieldOrHeadNamed(name) === undefined) {
    const known = [...Object.keys(NUMBERS), ...FLAGS, "table", "cookie", "result_dst", "load", "output"];
    throw new FlowError(
      "UNKNOWN",
      word.at,
      `unknown field or argument "${word.key}" of learn${closest(name, [...known, ...FIELD_NAMES])}`,
    );
  }
  const dst = readSubField({ text: word.key, at: word.at });
  const told = { dst: jsonSubField(dst, 1) };
  const { value } = word;
  if (value.text === "") return { learn: "MATCH", src: told.dst, ...told };
  if (fieldOrHeadNamed(value.text.replace(/\[.*/, "")) === undefined)
    return { learn: "MATCH", value: immediate(readNumber(value, dst), dst), ...told };
  const src = readSubField(value);
  checkWidths(src, dst, value);
  return { learn: "MATCH", src: jsonSubField(src, 1), ...told };
}

/** A number for some bits; for all of a field in its own form, too: an address. */
function readNumber(piece: Piece, { field, from, to }: SubField): bigint {
  const isWhole = from === 0 && to === field.bits;
  if (!isWhole || /^(0x)?[\da-f]+$/i.test(piece.text)) return readInteger(piece, to - from, field.name);
  return readValue(field, piece).value & ones(to);
}

/** Bits as JSON has them: bytes of whole 16-bit words. */
function immediate(value: bigint, { from, to }: SubField): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(4 * Math.ceil((to - from) / 16), "0");
}

/** Reads lists of actions and instructions. */
import { type ActionContext, type ActionReader, argumentOf, unsupported } from "./action-context.js";
import { ct, nat } from "./ct-actions.js";
import { FIELD_ACTIONS } from "./field-actions.js";
import { FlowError } from "./flow-error.js";
import { type JsonObject, readJson } from "./json.js";
import { learn } from "./learn-action.js";
import { type Piece, splitAt, type Word, wordsOf } from "./lexer.js";
import { closest, PORTS } from "./names.js";
import { jsonInteger, readSmall, readTable, readU64 } from "./numbers.js";
import { OTHER_ACTIONS } from "./other-actions.js";
import { isPort, OUTPUT_ACTIONS, outputTo } from "./output-actions.js";
import { SIMPLE_ACTIONS, type SimpleAction } from "./simple-actions.js";

/** Lists of actions within each other, at most. */
const MAX_DEPTH = 32;

const readers: ReadonlyMap<string, ActionReader> = new Map([
  ...SIMPLE_ACTIONS.map((one) => [one.word, simple(one)] as const),
  ...Object.entries(FIELD_ACTIONS),
  ...Object.entries(OUTPUT_ACTIONS),
  ...Object.entries(OTHER_ACTIONS),
  ["ct", ct],
  ["nat", (word) => [nat(word)]],
  ["learn", learn],
]);

function simple({ action, argument }: SimpleAction): ActionReader {
  return (word) => {
    if (argument === undefined) return [{ action }];
    const { key, bits } = argument;
    return [{ action, [key]: readSmall(argumentOf(word, `${word.key}:1`), bits, word.key) }];
  };
}

/** Instructions, in the order in which a switch carries them out. */
const INSTRUCTIONS = [
  "meter",
  "apply_actions",
  "clear_actions",
  "write_actions",
  "write_metadata",
  "goto_table",
];

const DROP_ALONE = "drop stands alone: it is no action, but the lack of any";

/** Reads a list of actions within another one. Throws FlowError. */
export function readActions(piece: Piece, context: ActionContext): JsonObject[] {
  if (context.depth >= MAX_DEPTH)
    throw new FlowError("TOO_DEEP", piece.at, `actions nested more than ${MAX_DEPTH} deep`);
  context.depth++;
  const words = wordsOf(piece);
  const isDrop = words.length === 1 && words[0]!.key.toLowerCase() === "drop";
  const list = isDrop ? [] : words.flatMap((word) => readAction(word, context));
  context.depth--;
  return list;
}

function readAction(word: Word, context: ActionContext): JsonObject[] {
  const { key, at } = word;
  const name = key.toLowerCase();
  const reader = readers.get(name);
  if (reader !== undefined) return reader(word, context);
  // From 1.5 on a meter is an action.
  if (name === "meter" && context.version === 6) return [{ action: "METER", meter_id: readMeter(word) }];
  if (INSTRUCTIONS.includes(name))
    throw new FlowError("INVALID", at, `${name} is an instruction: it cannot stand here`);
  if (name === "drop") throw new FlowError("INVALID", at, DROP_ALONE);
  if (isPort(key)) return [outputTo({ text: key, at })];
  throw new FlowError(
    "UNKNOWN",
    at,
    `unknown action "${key}"${closest(name, [...readers.keys(), ...INSTRUCTIONS, "drop", ...PORTS.keys()])}`,
  );
}

function readMeter(word: Word): number {
  return readSmall(argumentOf(word, "meter:1"), 32, "meter");
}

/** What the actions of a line become. */
export interface Instructions {
  /** Actions that are carried out at once. */
  readonly apply: readonly JsonObject[];
  /** Other instructions, by their words. */
  readonly others: ReadonlyMap<string, JsonObject>;
}

/** Instructions that 1.0 has as actions of Nicira, wherever they stand. */
const ACTIONS_OF_1_0: Readonly<Record<string, (word: Word, context: ActionContext) => JsonObject>> = {
  write_metadata(word, context) {
    const { instruction: _, ...rest } = readInstruction("write_metadata", word, context);
    return { action: "NX_WRITE_METADATA", ...rest };
  },
  goto_table(word, context) {
    const { instruction: _, ...rest } = readInstruction("goto_table", word, context);
    return { action: "NX_RESUBMIT_TABLE", in_port: "IN_PORT", ...rest };
  },
};

/** Reads all that follows `actions=`. Throws FlowError. */
export function readInstructions(piece: Piece, context: ActionContext): Instructions {
  const words = wordsOf(piece);
  const apply: JsonObject[] = [];
  const others = new Map<string, JsonObject>();
  let last = 0;
  for (const word of words) {
    const name = word.key.toLowerCase();
    if (name === "drop") {
      if (words.length > 1) throw new FlowError("INVALID", word.at, DROP_ALONE);
      continue;
    }
    const own =
      context.version === 1 && Object.hasOwn(ACTIONS_OF_1_0, name) ? ACTIONS_OF_1_0[name] : undefined;
    if (own !== undefined) {
      apply.push(own(word, context));
      continue;
    }
    const told = name === "json" ? readJson(word.value) : undefined;
    if (told?.instruction !== undefined) {
      others.set(`json ${others.size}`, told);
      continue;
    }
    const isAction = !INSTRUCTIONS.includes(name) || (name === "meter" && context.version === 6);
    const rank = isAction ? 1 : INSTRUCTIONS.indexOf(name);
    if (rank < last) throw outOfOrder(word, rank, last);
    last = rank;
    if (isAction) apply.push(...readAction(word, context));
    else if (others.has(name)) throw new FlowError("INVALID", word.at, `${name} is there twice`);
    else others.set(name, readInstruction(name, word, context));
  }
  return { apply, others };
}

function outOfOrder({ at, key }: Word, rank: number, last: number): FlowError {
  const before = rank === 1 ? "actions" : key;
  return new FlowError("INVALID", at, `${before} after ${INSTRUCTIONS[last]}: a switch does them before it`);
}

function readInstruction(name: string, word: Word, context: ActionContext): JsonObject {
  if (context.version === 1 && !Object.hasOwn(ACTIONS_OF_1_0, name)) throw unsupported(word, "1.0");
  switch (name) {
    case "meter":
      if (context.version < 4) throw unsupported(word, `1.${context.version - 1}`);
      return { instruction: "METER", meter_id: readMeter(word) };
    case "clear_actions":
      return { instruction: "CLEAR_ACTIONS" };
    case "write_actions":
      return { instruction: "WRITE_ACTIONS", actions: readActions(word.value, context) };
    case "write_metadata":
      return { instruction: "WRITE_METADATA", ...readMetadata(argumentOf(word, "write_metadata:5/0xff")) };
    case "goto_table":
      return { instruction: "GOTO_TABLE", table_id: readTable(argumentOf(word, "goto_table:5")) };
    default:
      throw new FlowError("INVALID", word.at, `${name} goes without saying: write the actions themselves`);
  }
}

function readMetadata(piece: Piece): JsonObject {
  const [value, mask] = splitAt(piece, "/") ?? [piece, undefined];
  return {
    metadata: jsonInteger(readU64(value, "metadata")),
    mask: jsonInteger(mask === undefined ? (1n << 64n) - 1n : readU64(mask, "mask")),
  };
}

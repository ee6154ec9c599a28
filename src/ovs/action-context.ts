/** What actions need to know of the flow they are in, and how a list of them is read. */
import { FlowError } from "./flow-error.js";
import type { JsonObject } from "./json.js";
import type { Piece, Word } from "./lexer.js";
import { type FlowMatch, isTagged } from "./match.js";

/** The flow that actions are read for. */
export interface ActionContext {
  readonly version: number;
  readonly match: FlowMatch;
  /** Whether packets have a VLAN tag when they come to the next action. */
  tagged: boolean;
  /** Lists of actions that the next one is within. */
  depth: number;
  /** Reads a list of actions within another action. */
  readonly readActions: (piece: Piece, context: ActionContext) => JsonObject[];
}

/** Reads an action; it may be several in messages. Throws FlowError. */
export type ActionReader = (word: Word, context: ActionContext) => JsonObject[];

/** The context at the start of a flow's actions. */
export function contextOf(
  version: number,
  match: FlowMatch,
  readActions: ActionContext["readActions"],
): ActionContext {
  return { version, match, tagged: isTagged(match), depth: 0, readActions };
}

/** The text of an argument that has to be there. Throws FlowError. */
export function argumentOf(word: Word, example: string): Piece {
  if (word.value.text === "")
    throw new FlowError("SYNTAX", word.value.at, `${word.key} needs a value: ${example}`);
  return word.value;
}

/** Refuses an action that a version lacks. */
export function unsupported({ key, at }: Word, version: string): FlowError {
  return new FlowError("UNSUPPORTED", at, `OpenFlow ${version} has no ${key}`);
}

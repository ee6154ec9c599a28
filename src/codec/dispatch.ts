// From version and type of a frame to the function that decodes its body.
import type { Text } from "../text/index.js";
import { type Constant, constant } from "./decode-support.js";

export type BodyDecoder = (b: Buffer, o: number, end: number, w: Text) => void;

/** What is known of one message type in one version. */
export interface DispatchEntry {
  /** `FLOW_MOD`, `PORT_STATS_REPLY`. */
  readonly name: string;
  /** `{"type":"FLOW_MOD"`: how its JSON begins. */
  readonly head: Constant;
  /** How `msg` is printed: an object, a list, or `{}` for types without a body. */
  readonly body: "object" | "list" | "empty";
  /** Bytes before the body that say whose type it is: 8 in messages of experimenters, 12 in their multiparts of 1.0. */
  readonly path: number;
  readonly decode: BodyDecoder;
}

/** By wire version (0 is unused) and type. */
export type DispatchTable = readonly ReadonlyMap<number, DispatchEntry>[];

/** By wire version (0 is unused), experimenter, and its type. */
export type ExperimenterTable = readonly ReadonlyMap<number, ReadonlyMap<number, DispatchEntry>>[];

/** What answers a message: the type, and whether it is sure to come. */
export interface Answer {
  readonly type: number;
  readonly sure: boolean;
}

/** By wire version (0 is unused) and type of the request. Multiparts are not in it. */
export type AnswerTable = readonly ReadonlyMap<number, Answer>[];

export function entry(
  name: string,
  body: DispatchEntry["body"],
  path: number,
  decode: BodyDecoder,
): DispatchEntry {
  return { name, head: constant(`{"type":"${name}"`), body, path, decode };
}

// From version and type name to the function that encodes what stands under `msg`.
import { isNull } from "../text/index.js";
import {
  asObject,
  causeOf,
  countKeys,
  inside,
  type JsonObject,
  missing,
  unknownKey,
} from "./encode-support.js";
import type { MessageWriter } from "./message-writer.js";

/** Writes a body; `msg` is undefined when the message has none. */
export type EncodeBody = (w: MessageWriter, msg: unknown) => void;

export interface EncodeEntry {
  /** Type of the message, or of the multipart; with an experimenter, its type. */
  readonly type: number;
  readonly experimenter?: number;
  readonly part: "none" | "request" | "reply";
  readonly encode: EncodeBody;
}

/** By type name. */
export type EncodeTable = ReadonlyMap<string, EncodeEntry>;

/** What a message without `msg` is: an error, one whose keys are all missing, or one without a body. */
export type WhenMissing = "error" | "defaults" | "nothing";

/** A body whose JSON is an object. */
export function objectBody(
  encode: (w: MessageWriter, m: JsonObject) => number,
  known: string,
  whenMissing: WhenMissing,
): EncodeBody {
  return (w, msg) => {
    if (isMissing(msg, whenMissing)) {
      if (whenMissing === "defaults") encode(w, {});
      return;
    }
    const m = asObject(msg, "msg");
    try {
      if (encode(w, m) !== countKeys(m)) throw unknownKey(m, known);
    } catch (error) {
      throw inside(causeOf(error, m, known), "msg");
    }
  };
}

/** A body whose JSON is a list; it names itself in errors. */
export function listBody(
  encode: (w: MessageWriter, value: unknown) => void,
  whenMissing: WhenMissing,
): EncodeBody {
  return (w, msg) => {
    if (!isMissing(msg, whenMissing)) encode(w, msg);
  };
}

/** Whether `msg` is not there, or empty, where it need not be. */
function isMissing(msg: unknown, whenMissing: WhenMissing): boolean {
  if (whenMissing !== "error") return msg === undefined || msg === "" || isNull(msg);
  if (msg === undefined) throw missing("msg");
  return false;
}

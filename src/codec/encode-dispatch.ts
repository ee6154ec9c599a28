// From version and type name to the function that encodes what stands under `msg`.
import { asObject, countKeys, inside, type JsonObject, missing, unknownKey } from "./encode-support.js";
import type { MessageWriter } from "./message-writer.js";

/** Writes a body; `msg` is undefined when the message has none. */
export type EncodeBody = (w: MessageWriter, msg: unknown) => void;

export interface EncodeEntry {
  /** Type of the message, or of the multipart. */
  readonly type: number;
  readonly part: "none" | "request" | "reply";
  readonly encode: EncodeBody;
}

/** By type name. */
export type EncodeTable = ReadonlyMap<string, EncodeEntry>;

/** A body whose JSON is an object; one that needs no keys need not be given. */
export function objectBody(encode: (w: MessageWriter, m: JsonObject) => number, known: string, optional: boolean): EncodeBody {
  return (w, msg) => {
    if (msg === undefined) {
      if (optional) return;
      throw missing("msg");
    }
    const m = asObject(msg, "msg");
    try {
      if (encode(w, m) !== countKeys(m)) throw unknownKey(m, known);
    } catch (error) {
      throw inside(error, "msg");
    }
  };
}

/** A body whose JSON is a list; it names itself in errors. */
export function listBody(encode: (w: MessageWriter, value: unknown) => void): EncodeBody {
  return (w, msg) => {
    if (msg === undefined) throw missing("msg");
    encode(w, msg);
  };
}

// Messages within messages: BUNDLE_ADD_MESSAGE, REQUESTFORWARD.
import { EncodeError } from "../base/index.js";
import { MAX_DEPTH } from "./context.js";
import { writeMessage } from "./encode.js";
import { asObject, causeOf, countKeys, inside, type JsonObject, unknownKey } from "./encode-support.js";
import type { MessageWriter } from "./message-writer.js";

const KEYS = "type xid version flags msg";

const NAMES = KEYS.split(" ");

/** Writes the message that stands under `key`; version and xid are the outer message's unless it has its own. */
export function encodeNested(w: MessageWriter, value: unknown, key: string): void {
  const m = asObject(value, key);
  try {
    if (encodeNestedMembers(w, m) !== countKeys(m)) throw unknownKey(m, KEYS);
  } catch (error) {
    throw inside(causeOf(error, m, KEYS), key);
  }
}

/** Writes the message whose keys are among those of `m`; returns how many they are. */
export function encodeNestedMembers(w: MessageWriter, m: JsonObject): number {
  if (++w.depth > MAX_DEPTH && m.type !== "_RAW_MESSAGE")
    throw new EncodeError("", `nested deeper than ${MAX_DEPTH}`, { code: "TOO_DEEP" });
  const { version, l4 } = w;
  const given: JsonObject = {};
  let count = 0;
  for (const key of NAMES) {
    if (m[key] === undefined) continue;
    given[key] = m[key];
    count++;
  }
  writeMessage(w, given, { version, xid: w.outerXid });
  w.depth--;
  w.version = version;
  w.l4 = l4;
  return count;
}

// In what a message differs from the one that was expected.
import { formatHex } from "../text/index.js";
import { chosenValues, ownerOf, type Side } from "./chosen-values.js";
import type { Ignored } from "./ignored.js";
import { jsonDifferences, type ValueDifference } from "./json-differences.js";
import { isObject, type JsonObject, readMessage } from "./replay-message.js";

/** Bytes of the header that are compared as such: all but the transaction id, of which its user knows more. */
const XID = { start: 4, end: 8 };

/** Writes into the recorded message what the other rightly has in its place; false when that changes nothing. */
export type Adapt = (recorded: JsonObject, now: JsonObject) => boolean;

/**
 * The differences of two messages, their transaction ids apart; none when they say the same. The path is `bytes` where a message cannot be
 * decoded, or says the same in other bytes.
 */
export function messageDifferences(
  recorded: Buffer,
  now: Buffer,
  ignored: Ignored,
  adapt?: Adapt,
): ValueDifference[] {
  const same = isSame(recorded, now);
  if (same && adapt === undefined) return [];
  const [a, b] = [readMessage(recorded), readMessage(now)];
  let mayDiffer = same || ignored("bytes");
  if (a !== undefined && b !== undefined) {
    if (adapt?.(a, b)) mayDiffer = true;
    delete a.xid;
    delete b.xid;
    const found = [...jsonDifferences(relevant(a, "", ignored), relevant(b, "", ignored))];
    if (found.length > 0) return found;
    // What is ignored has other bytes.
    mayDiffer ||= JSON.stringify(a) !== JSON.stringify(b);
  }
  return mayDiffer ? [] : [{ path: "bytes", recorded: formatHex(recorded), now: formatHex(now) }];
}

/**
 * A text that is the same for two messages of a side when `messageDifferences` finds nothing: it leaves out what that side may choose, and
 * what an ERROR repeats. Messages with the same text may still differ in these.
 */
export function messageGist(bytes: Buffer, sender: Side, ignored: Ignored): string {
  const message = readMessage(bytes);
  if (message === undefined)
    return bytes.toString("hex", 0, 2) + (ignored("bytes") ? "" : bytes.toString("hex", XID.end));
  const { xid: _, ...rest } = message;
  for (const { kind, path } of chosenValues(rest, sender)) {
    const owner = ownerOf(rest, path);
    if (kind.isHandle && owner !== undefined) owner[path.at(-1) as string] = null;
  }
  if (message.type === "ERROR" && isObject(message.msg))
    rest.msg = { type: message.msg.type, code: message.msg.code };
  return JSON.stringify(relevant(rest, "", ignored));
}

/** A value without what is ignored in it. */
function relevant(value: unknown, path: string, ignored: Ignored): unknown {
  if (Array.isArray(value)) return value.map((element) => relevant(element, path, ignored));
  if (!isObject(value)) return value;
  const rest: JsonObject = {};
  for (const [key, one] of Object.entries(value)) {
    const place = path === "" ? key : `${path}.${key}`;
    if (!ignored(place)) rest[key] = relevant(one, place, ignored);
  }
  return rest;
}

function isSame(a: Buffer, b: Buffer): boolean {
  return (
    a.length === b.length &&
    a.compare(b, 0, XID.start, 0, XID.start) === 0 &&
    a.compare(b, XID.end, b.length, XID.end) === 0
  );
}

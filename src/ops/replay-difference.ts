// In what two messages differ, by the places of their JSON.
import { DecodeError } from "../base/index.js";
import { decodeMessage, makeEnvelope } from "../codec/decode.js";
import { compileGlob, formatHex, parseJsonLossless, Text } from "../text/index.js";

/** A value that differs. */
export interface ValueDifference {
  /** `msg.match[2].value`; `bytes` where a message cannot be decoded, or says the same in other bytes. */
  readonly path: string;
  /** The values as JSON; undefined where there is none. */
  readonly recorded: string | undefined;
  readonly now: string | undefined;
}

/** Tells which places do not count. */
export type Ignored = (path: string) => boolean;

const ENVELOPE = makeEnvelope({});
const text = new Text();

/** Bytes of the header that are compared as such: all but the transaction id, of which its user knows more. */
const XID = { start: 4, end: 8 };

/**
 * Makes the test of a list of paths such as `msg.cookie`: without the numbers of elements, `*` for any text. What is
 * below a path belongs to it.
 */
export function ignorePaths(paths: readonly string[]): Ignored {
  const patterns = paths.map(compileGlob);
  return (path) => {
    const parts = path.replaceAll(/\[\d+\]/g, "").split(".");
    return parts.some((_, i) => patterns.some((matches) => matches(parts.slice(0, i + 1).join("."))));
  };
}

/** The differences of two messages, their transaction ids apart; none when they say the same. */
export function messageDifferences(recorded: Buffer, now: Buffer, ignored: Ignored): ValueDifference[] {
  if (isSame(recorded, now)) return [];
  const [a, b] = [readMessage(recorded), readMessage(now)];
  const whole = { path: "bytes", recorded: formatHex(recorded), now: formatHex(now) };
  if (a === undefined || b === undefined) return [whole];
  const all = [...differences(a, b, "")];
  if (all.length > 0) return all.filter(({ path }) => !ignored(path));
  return ignored("bytes") ? [] : [whole];
}

function isSame(a: Buffer, b: Buffer): boolean {
  return (
    a.length === b.length &&
    a.compare(b, 0, XID.start, 0, XID.start) === 0 &&
    a.compare(b, XID.end, b.length, XID.end) === 0
  );
}

function readMessage(bytes: Buffer): unknown {
  text.rewind();
  try {
    decodeMessage(bytes, text, ENVELOPE);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  const { xid: _, ...message } = parseJsonLossless(text.takeString()) as Record<string, unknown>;
  return message;
}

function* differences(a: unknown, b: unknown, path: string): Generator<ValueDifference> {
  if (isObject(a) && isObject(b) && Array.isArray(a) === Array.isArray(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      yield* differences(
        a[key],
        b[key],
        Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`,
      );
    }
  } else if (a !== b) yield { path, recorded: JSON.stringify(a), now: JSON.stringify(b) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

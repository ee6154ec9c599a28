// Property lists, the headers of properties, and match fields that are keys of their own.
import { putU16, putU32 } from "../../wire/index.js";
import type { MessageWriter } from "../message-writer.js";
import { uint } from "./numbers.js";
import { asList, EMPTY, encodeEach, type JsonObject } from "./objects.js";

/** One property that lands in keys of its own, for putTlvs. */
export interface HoistedCase {
  readonly code: number;
  /** Written also when its keys say nothing. */
  readonly always: boolean;
  /** Whether the keys say anything that the property's absence does not say. */
  has(m: JsonObject): boolean;
  put(w: MessageWriter, m: JsonObject): void;
}

/**
 * Writes a property list: by rule (hoisted cases that have something to say, then the rest), or in the order of type codes that `order`
 * gives, as far as keys and rest still have what it names.
 */
export function putTlvs(
  w: MessageWriter,
  m: JsonObject,
  cases: readonly HoistedCase[],
  rest: unknown,
  restKey: string,
  order: unknown,
  encodeRest: (w: MessageWriter, m: JsonObject) => void,
): void {
  if (order === undefined) {
    for (const c of cases) if (c.always || c.has(m)) c.put(w, m);
    encodeEach(w, rest ?? EMPTY, restKey, encodeRest);
    return;
  }
  const others = asList(rest ?? EMPTY, restKey);
  const done = new Set<HoistedCase>();
  let next = 0;
  const putNext = (): void => {
    if (next < others.length) encodeEach(w, [others[next]], restKey, encodeRest);
    next++;
  };
  for (const item of asList(order, "_order")) {
    const code = uint(item, 0xffffffff, "_order", "type code");
    const c = cases.find((one) => one.code === code && !done.has(one));
    if (c === undefined) putNext();
    else {
      done.add(c);
      c.put(w, m);
    }
  }
  for (const c of cases) if (!done.has(c) && c.has(m)) c.put(w, m);
  while (next < others.length) putNext();
}

/** Stores type and length in the header of a property, when its body is written. */
export function putHeader(
  w: MessageWriter,
  start: number,
  typeAt: number,
  typeBytes: number,
  type: number,
  lengthAt: number,
  key: string,
): void {
  if (typeBytes === 2) putU16(w.b, start + typeAt, type);
  else if (typeBytes === 4) putU32(w.b, start + typeAt, type);
  else w.b[start + typeAt] = type;
  w.patch16(start + lengthAt, w.p - start, key);
}

/** True when a list of fields has one of that name. */
export function hasField(list: readonly unknown[], name: string): boolean {
  return list.some(
    (item) => typeof item === "object" && item !== null && (item as JsonObject).field === name,
  );
}

/** A list of fields with those that are keys of their own put behind it, unless it has them. */
export function withCopies(
  list: unknown,
  key: string,
  copies: readonly (readonly [string, unknown])[],
): readonly unknown[] {
  const given = asList(list, key);
  const added = copies.filter(([name, value]) => value !== undefined && !hasField(given, name));
  return added.length === 0 ? given : [...given, ...added.map(([field, value]) => ({ field, value }))];
}

/** ANDs `n` bytes at `p` with those at `mask`. */
export function maskBytes(b: Buffer, p: number, mask: number, n: number): void {
  for (let i = 0; i < n; i++) b[p + i] = b[p + i]! & b[mask + i]!;
}

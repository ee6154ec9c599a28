// Property lists, the headers of properties, and match fields that are keys of their own.
import { EncodeError, parsePath } from "../../base/index.js";
import { putU16, putU24, putU32 } from "../../wire/index.js";
import type { MessageWriter } from "../message-writer.js";
import { show } from "./errors.js";
import { int64Of, uint } from "./numbers.js";
import { asList, EMPTY, encodeAt, encodeEach, type JsonObject } from "./objects.js";

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
    if (next < others.length) encodeAt(w, others, next, restKey, encodeRest);
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
  lengthBytes: number,
  key: string,
): void {
  if (typeBytes === 2) putU16(w.b, start + typeAt, type);
  else if (typeBytes === 4) putU32(w.b, start + typeAt, type);
  else if (typeBytes === 3) putU24(w.b, start + typeAt, type);
  else w.b[start + typeAt] = type;
  if (lengthBytes === 1) w.patch8(start + lengthAt, w.p - start, key);
  else w.patch16(start + lengthAt, w.p - start, key);
}

/**
 * A list of fields with one that is the key `name` of `m` put behind it, unless the list has that field or there is no value for it.
 * Throws EncodeError where the list has the field with another value than the key was given.
 */
export function withCopy(
  m: JsonObject,
  name: string,
  list: unknown,
  key: string,
  field: string,
  value: unknown,
): unknown {
  if (value === undefined) return list;
  const fields = asList(list, key);
  for (let i = 0; i < fields.length; i++) {
    const item = fields[i] as JsonObject | null | undefined;
    if (item?.field !== field) continue;
    if (m[name] === undefined || item.mask !== undefined || item.value === value) return list;
    const [said, copied] = [int64Of(item.value), int64Of(value)];
    // A name and a number may be the same: both are written, and found to be.
    if ((said === undefined) !== (copied === undefined)) break;
    if (String(said ?? item.value) === String(copied ?? value)) return list;
    const other = `the ${field} of ${key}[${i}], ${show(item.value)}`;
    throw new EncodeError(name, `${show(value)} is not ${other}`, { found: value });
  }
  return [...fields, { field, value, [COPY_OF]: name }];
}

/** The key that an element of withCopy says again. */
const COPY_OF = Symbol("copy of");

/** An error about the list `key` of withCopy that passes by, said of the key where it is about a copy. */
export function inCopied(error: unknown, list: unknown, key: string): unknown {
  if (!(error instanceof EncodeError) || !error.path.startsWith(`${key}[`)) return error;
  const index = parsePath(error.path)[1] as number;
  const name = (list as readonly { readonly [COPY_OF]?: string }[])[index]?.[COPY_OF];
  return name === undefined ? error : error.relocate(name);
}

/** ANDs `n` bytes at `p` with those at `mask`. */
export function maskBytes(b: Buffer, p: number, mask: number, n: number): void {
  for (let i = 0; i < n; i++) b[p + i] = b[p + i]! & b[mask + i]!;
}

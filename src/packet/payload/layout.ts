// Headers of payloads that are fields of fixed width, one behind the other: one table for reading and for building.
import { formatIPv4, formatIPv6 } from "../../text/index.js";
import { putU16, putU24, putU32, u16, u24, u32, type Writer } from "../../wire/index.js";
import type { Given } from "./given.js";
import type { PayloadObject } from "./payload.js";
import { ipv4Of, ipv6Of, numberOf } from "./values.js";

interface Kind {
  readonly bytes: number;
  readonly read: (b: Uint8Array, o: number) => string | number;
  readonly write: (b: Uint8Array, o: number, value: unknown, path: string) => void;
}

export const U8: Kind = {
  bytes: 1,
  read: (b, o) => b[o]!,
  write: (b, o, value, path) => (b[o] = numberOf(value, 8, path)),
};
export const U16: Kind = {
  bytes: 2,
  read: u16,
  write: (b, o, value, path) => putU16(b, o, numberOf(value, 16, path)),
};
export const U24: Kind = {
  bytes: 3,
  read: u24,
  write: (b, o, value, path) => putU24(b, o, numberOf(value, 24, path)),
};
export const U32: Kind = {
  bytes: 4,
  read: u32,
  write: (b, o, value, path) => putU32(b, o, numberOf(value, 32, path)),
};
export const IPV4: Kind = {
  bytes: 4,
  read: formatIPv4,
  write: (b, o, value, path) => b.set(ipv4Of(value, path), o),
};
export const IPV6: Kind = {
  bytes: 16,
  read: formatIPv6,
  write: (b, o, value, path) => b.set(ipv6Of(value, path), o),
};

/** A field: its key, its kind, and the value that is not told, and taken where none is given. Without it: always told, 0. */
export type Layout = readonly (readonly [key: string, kind: Kind, usual?: number])[];

/** Bytes that the fields take. */
export function layoutBytes(layout: Layout): number {
  return layout.reduce((sum, [, kind]) => sum + kind.bytes, 0);
}

/** Reads the fields at `o`; all of them must be there. */
export function readLayout(layout: Layout, b: Uint8Array, o: number): PayloadObject {
  const object: PayloadObject = {};
  let at = o;
  for (const [key, kind, usual] of layout) {
    const value = kind.read(b, at);
    if (value !== usual) object[key] = value;
    at += kind.bytes;
  }
  return object;
}

/** Appends the fields. */
export function buildLayout(layout: Layout, given: Given, out: Writer): void {
  for (const [key, kind, usual] of layout) {
    const at = out.p;
    out.zeros(kind.bytes);
    const value = given.value(key) ?? usual;
    if (value !== undefined) kind.write(out.b, at, value, given.at(key));
  }
}

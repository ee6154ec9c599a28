/** For each word of a frame all values that could matter. */
import { model } from "../codec/arbitrary.js";
import type { Site } from "./walk.js";

/** Larger enums are not counted through, but tried around each of their values. */
const COUNTED = 300;

/** Type codes that are tried one by one: more than there are messages, multiparts, actions and properties. */
const TYPES = 48;

/**
 * The frame with other values in one of its words, one after the other, in one buffer that the caller must not keep.
 * @param allTypes  in the place of a type code try all that there may be, not only those around it
 */
export function* sweep(frame: Buffer, site: Site, allTypes: boolean): Generator<Buffer> {
  const copy = Buffer.from(frame);
  for (const value of sweepValues(frame, site, allTypes)) {
    copy.writeUIntBE(value, site.at, Math.min(site.bytes, 4));
    yield copy;
  }
  if (site.bytes <= 4) return;
  for (const byte of [0, 0x5a, 0xff]) {
    frame.copy(copy);
    copy.fill(byte, site.at, site.at + site.bytes);
    yield copy;
  }
}

/** Other values of a word, of its first four bytes when it has more. */
export function sweepValues(frame: Buffer, site: Site, allTypes: boolean): readonly number[] {
  const bytes = Math.min(site.bytes, 4);
  const now = frame.readUIntBE(site.at, bytes);
  const max = 256 ** bytes - 1;
  const values = new Set(valuesOf(site, frame[0] as number, now, max, allTypes));
  return [...values].filter((value) => value >= 0 && value <= max && value !== now);
}

function valuesOf(
  site: Site,
  version: number,
  now: number,
  max: number,
  allTypes: boolean,
): readonly number[] {
  switch (site.kind) {
    case "length": {
      const least = site.least ?? 0;
      const near = [1, 2, 4, 8, 16].flatMap((n) => [now - n, now + n]);
      return [0, 1, 3, least - 1, least, least + 1, ...near, 0x7f, 0x80, 0x7fff, 0x8000, max - 7, max];
    }
    case "type": {
      const near = [0, now - 1, now + 1, now ^ 1, 0x7f, 0x80, 0xff, 0x8000, 0xfffe, max - 1, max];
      return allTypes ? [...upTo(Math.min(max, TYPES)), ...near] : near;
    }
    case "flags":
      return [0, max, ...bits(max), ...bits(max).map((bit) => (now ^ bit) >>> 0)];
    case "enum": {
      const values = enumValues(site.type ?? "", version);
      const highest = Math.max(0, ...values);
      const all = highest <= COUNTED ? upTo(highest + 1) : values.flatMap((n) => [n - 1, n, n + 1]);
      return [...all, max];
    }
    case "number":
      return [
        0,
        1,
        max >>> 1,
        ...numberValues(site.type ?? "", max).flatMap((n) => [n - 1, n, n + 1]),
        max - 1,
        max,
      ];
    case "chars":
    case "value":
      return [0, 1, max, max >>> 1, (max >>> 1) + 1, now ^ 1];
    case "pad":
      return [1, max];
  }
}

function upTo(n: number): number[] {
  return Array.from({ length: n + 1 }, (_, i) => i);
}

function bits(max: number): number[] {
  return upTo(31)
    .map((n) => 2 ** n)
    .filter((bit) => bit <= max);
}

function enumValues(name: string, version: number): number[] {
  const d = model.definitions.get(name);
  if (d?.kind === "enum") return [...d.values.values()].flatMap((by) => by[version] ?? []);
  if (d?.kind === "code")
    return [...d.values.values()].flatMap((table) => [...table.values()].flatMap((by) => by[version] ?? []));
  throw new Error(`${name} is no enum`);
}

function numberValues(name: string, max: number): number[] {
  const d = model.definitions.get(name);
  if (d?.kind !== "number") throw new Error(`${name} is no number`);
  // Names of a wider word have the same lower bits in a narrow one.
  return [...d.names.values()].map((n) => n % (max + 1));
}

/** Each type of error of a version with each code that any has, and one more. */
export function* sweepErrors(version: number): Generator<Buffer> {
  const types = enumValues("ErrorType", version);
  const codes = enumValues("ErrorCode", version).filter((code) => code < COUNTED);
  const frame = Buffer.from([version, 1, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, version, 2, 0, 8, 0, 0, 0, 2]);
  for (const type of [...upTo(Math.max(...types.filter((one) => one < COUNTED)) + 1), ...types, 0xffff]) {
    for (const code of [...upTo(Math.max(...codes) + 1), 0xffff]) {
      frame.writeUInt16BE(type, 8);
      frame.writeUInt16BE(code, 10);
      yield frame;
    }
  }
}

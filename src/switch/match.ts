// Matches of the simulated switch: which packets a match takes, and which matches another one covers.
import { isIPv6 } from "node:net";
import { parseInteger, parseIPv4, parseIPv6, parseMac } from "../text/index.js";
import type { PacketFields } from "./packet-fields.js";

/** One field of a match, as messages carry it. */
export interface MatchField {
  readonly field: string;
  readonly value: string | number;
  readonly mask?: string | number;
}

/** True when the packet has all fields of the match, with these values where the masks have ones. */
export function matchesPacket(match: readonly MatchField[], packet: PacketFields): boolean {
  return match.every(({ field, value, mask }) => {
    const found = packet.get(field);
    return found !== undefined && sameUnder(found, value, mask);
  });
}

/** True when each packet that `narrow` takes is taken by `wide` too (OF 1.3.5 §6.4, non-strict). */
export function covers(wide: readonly MatchField[], narrow: readonly MatchField[]): boolean {
  return wide.every(({ field, value, mask }) => {
    const found = narrow.find((candidate) => candidate.field === field);
    return found !== undefined && sameUnder(found.value, value, mask) && isMaskWithin(mask, found.mask);
  });
}

/** True when both are the same match, whatever the order of the fields (strict). */
export function equalMatch(a: readonly MatchField[], b: readonly MatchField[]): boolean {
  return covers(a, b) && covers(b, a);
}

function sameUnder(a: string | number, b: string | number, mask: string | number | undefined): boolean {
  if (a === b) return true;
  const x = toBits(a);
  const y = toBits(b);
  if (x === undefined || y === undefined) return false;
  const bits = mask === undefined ? -1n : (toBits(mask) ?? -1n);
  return (x & bits) === (y & bits);
}

/** True when `inner` looks at all bits that `outer` looks at. No mask looks at all. */
function isMaskWithin(outer: string | number | undefined, inner: string | number | undefined): boolean {
  if (inner === undefined) return true;
  if (outer === undefined) return false;
  const o = toBits(outer);
  const i = toBits(inner);
  return o !== undefined && i !== undefined && (o & i) === o;
}

const bytes = Buffer.alloc(16);

/** Numbers and addresses as bits; undefined for names, which are equal only to themselves. */
function toBits(value: string | number): bigint | undefined {
  if (typeof value === "number") return BigInt(value);
  const integer = parseInteger(value);
  if (integer !== undefined) return BigInt(integer);
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value) && parseMac(value, bytes, 0)) return leading(6);
  if (isIPv6(value) && parseIPv6(value, bytes, 0)) return leading(16);
  if (value !== "" && parseIPv4(value, bytes, 0)) return leading(4);
  return undefined;
}

function leading(length: number): bigint {
  return BigInt(`0x${bytes.toString("hex", 0, length)}`);
}

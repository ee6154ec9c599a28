// Capabilities, management addresses and what organisations define, of LLDP, as text (IEEE 802.1AB §8.5.8, §8.5.9, §8.6).
import {
  formatHex,
  formatIPv4,
  formatIPv6,
  formatMac,
  parseHex,
  parseInteger,
  parseIPv4,
  parseIPv6,
  parseMac,
} from "../text/index.js";
import { putU16, putU24, putU32, u16, u24, u32 } from "../wire/index.js";

const CAPABILITIES = [
  ...["OTHER", "REPEATER", "BRIDGE", "WLAN_AP", "ROUTER", "TELEPHONE", "DOCSIS", "STATION"],
  ...["C_VLAN", "S_VLAN", "TPMR"],
];
const NONE = "NONE";

/** `BRIDGE+ROUTER enabled BRIDGE`: what a system can do, and what it does. Undefined unless there are four bytes. */
export function formatCapabilities(b: Uint8Array, o: number, end: number): string | undefined {
  return end - o === 4 ? `${formatBits(u16(b, o))} enabled ${formatBits(u16(b, o + 2))}` : undefined;
}

export function parseCapabilities(text: string): Uint8Array | undefined {
  const [, able, enabled] = /^(\S+) enabled (\S+)$/.exec(text) ?? [];
  const bits = [able, enabled].map((names) => (names === undefined ? undefined : parseBits(names)));
  if (bits[0] === undefined || bits[1] === undefined) return undefined;
  const bytes = new Uint8Array(4);
  putU16(bytes, 0, bits[0]);
  putU16(bytes, 2, bits[1]);
  return bytes;
}

function formatBits(bits: number): string {
  const names = CAPABILITIES.filter((_, i) => (bits & (1 << i)) !== 0);
  const rest = bits >> CAPABILITIES.length;
  if (rest !== 0) names.push(`0x${(rest << CAPABILITIES.length).toString(16).padStart(4, "0")}`);
  return names.length === 0 ? NONE : names.join("+");
}

function parseBits(text: string): number | undefined {
  if (text === NONE) return 0;
  let bits = 0;
  for (const name of text.split("+")) {
    const i = CAPABILITIES.indexOf(name);
    const value = i >= 0 ? 1 << i : parseInteger(name);
    if (typeof value !== "number" || value > 0xffff) return undefined;
    bits |= value;
  }
  return bits;
}

/** Kinds of management addresses: word, family (IANA), bytes. */
const ADDRESSES = [
  { word: "ip", family: 1, bytes: 4, format: formatIPv4, parse: parseIPv4 },
  { word: "ip6", family: 2, bytes: 16, format: formatIPv6, parse: parseIPv6 },
  { word: "mac", family: 6, bytes: 6, format: formatMac, parse: parseMac },
] as const;
/** How the interface is numbered, by subtype from 1 on. */
const NUMBERINGS = ["unknown", "ifindex", "port"];

/** `ip 10.0.0.1 ifindex 5`, and `oid HEX` where there is one. Undefined for other addresses, and for lengths that lie. */
export function formatManagementAddress(b: Uint8Array, o: number, end: number): string | undefined {
  if (end - o < 2) return undefined;
  const kind = ADDRESSES.find(({ family, bytes }) => family === b[o + 1] && bytes + 1 === b[o]);
  if (kind === undefined) return undefined;
  const at = o + 2 + kind.bytes;
  if (end - at < 6 || b[at + 5]! !== end - at - 6) return undefined;
  const numbering = NUMBERINGS[b[at]! - 1];
  if (numbering === undefined) return undefined;
  const oid = end - at === 6 ? "" : ` oid ${formatHex(b, at + 6, end)}`;
  return `${kind.word} ${kind.format(b, o + 2)} ${numbering} ${u32(b, at + 1)}${oid}`;
}

export function parseManagementAddress(text: string): Uint8Array | undefined {
  const [, word, address, numbering, number, hex] =
    /^(ip|ip6|mac) (\S+) (unknown|ifindex|port) (\w+)(?: oid ([0-9A-Fa-f]+))?$/.exec(text) ?? [];
  const kind = ADDRESSES.find((one) => one.word === word);
  const index = parseInteger(number ?? "");
  const oid = parseHex(hex ?? "");
  if (kind === undefined || typeof index !== "number" || index > 0xffffffff) return undefined;
  if (oid === undefined || oid.length > 128) return undefined;
  const bytes = new Uint8Array(2 + kind.bytes + 6 + oid.length);
  bytes[0] = kind.bytes + 1;
  bytes[1] = kind.family;
  if (!kind.parse(address as string, bytes, 2)) return undefined;
  const at = 2 + kind.bytes;
  bytes[at] = NUMBERINGS.indexOf(numbering as string) + 1;
  putU32(bytes, at + 1, index);
  bytes[at + 5] = oid.length;
  bytes.set(oid, at + 6);
  return bytes;
}

/** `0x123456 0x1 AABB`: the organisation, its subtype, its data. Undefined when there are less than four bytes. */
export function formatOrganisation(b: Uint8Array, o: number, end: number): string | undefined {
  if (end - o < 4) return undefined;
  return `0x${u24(b, o).toString(16)} 0x${b[o + 3]!.toString(16)} ${formatHex(b, o + 4, end)}`;
}

export function parseOrganisation(text: string): Uint8Array | undefined {
  const [organisation, subtype, ...hex] = text.split(" ");
  const oui = parseInteger(organisation ?? "");
  const kind = parseInteger(subtype ?? "");
  const data = parseHex(hex.join(""));
  if (typeof oui !== "number" || oui > 0xffffff || typeof kind !== "number" || kind > 255) return undefined;
  if (data === undefined) return undefined;
  const bytes = new Uint8Array(4 + data.length);
  putU24(bytes, 0, oui);
  bytes[3] = kind;
  bytes.set(data, 4);
  return bytes;
}

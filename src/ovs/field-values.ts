/** Values of match fields: from lines and to lines, from JSON and to JSON. In between they are integers as wide as the field. */
import {
  formatIPv4,
  formatIPv6,
  formatMac,
  parseInteger,
  parseIPv4,
  parseIPv6,
  parseMac,
} from "../text/index.js";
import { type FieldForm, type OvsField, ones } from "./fields.js";
import { FlowError } from "./flow-error.js";
import { type Piece, splitAt } from "./lexer.js";
import { closest, formatPort, portName, portNumber } from "./names.js";
import { hex, hexDigits, jsonInteger, readInteger, readPortNumber } from "./numbers.js";

/** A value and the bits that count. */
export interface Masked {
  readonly value: bigint;
  readonly mask: bigint;
  /** How long a tunnel option is; other fields have one length. */
  readonly bytes?: number;
}

/** Bits by name, lowest first. */
const SIGNS: Partial<Record<FieldForm, readonly string[]>> = {
  ct_state: ["new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"],
  tcp_flags: ["fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "[200]", "[400]", "[800]"],
  tun_flags: ["oam"],
};

const FRAGMENTS: Readonly<Record<string, Masked>> = {
  no: { value: 0n, mask: 3n },
  yes: { value: 1n, mask: 1n },
  first: { value: 1n, mask: 3n },
  later: { value: 3n, mask: 3n },
  not_later: { value: 0n, mask: 2n },
};

/** Reads `value` or `value/mask` of a field. Throws FlowError. */
export function readValue(one: OvsField, piece: Piece): Masked {
  if (piece.text === "") throw new FlowError("SYNTAX", piece.at, `${one.name} needs a value: ${one.name}=…`);
  if (piece.text === "*" || piece.text === "ANY") return { value: 0n, mask: 0n };
  if (one.form === "frag" && Object.hasOwn(FRAGMENTS, piece.text)) return FRAGMENTS[piece.text]!;
  if (one.form === "packet_type") return readPacketType(piece);
  const signs = SIGNS[one.form];
  if (signs !== undefined && !/^\d/.test(piece.text)) return readSigns(one, signs, piece);
  const parts = splitAt(piece, "/");
  if (one.form === "option") return readOption(one, parts ?? [piece]);
  if (parts === undefined) return { value: readOne(one, piece), mask: one.exact };
  if (one.form === "port") throw new FlowError("INVALID", parts[1].at, `${one.name} takes no mask`);
  const mask = readMask(one, parts[1]);
  return { value: readOne(one, parts[0]) & mask, mask };
}

const bytes = Buffer.alloc(16);

/** Reads addresses; the number of bytes that were read, 0 for none. */
function readAddress(form: FieldForm, text: string): number {
  if (form === "mac") return parseMac(text, bytes, 0) ? 6 : 0;
  if (form === "ipv4") return parseIPv4(text, bytes, 0) ? 4 : 0;
  return parseIPv6(text, bytes, 0) ? 16 : 0;
}

const ADDRESSES: Partial<Record<FieldForm, string>> = {
  mac: "an Ethernet address",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
};

function readOne(one: OvsField, piece: Piece): bigint {
  const { form, name } = one;
  const address = ADDRESSES[form];
  if (address !== undefined) {
    const length = piece.text === "" ? 0 : readAddress(form, piece.text);
    if (length === 0) throw new FlowError("INVALID", piece.at, `${name}: "${piece.text}" is not ${address}`);
    return BigInt(`0x${bytes.toString("hex", 0, length)}`);
  }
  if (form === "port") return BigInt(readPortNumber(piece, name));
  return readInteger(piece, Math.max(widthOf(one.full), one.bits), name);
}

/** As many bytes as there are digits: only the switch knows how long an option is. */
function readOption(one: OvsField, parts: readonly Piece[]): Masked {
  const [value = 0n, mask = one.full] = parts.map((part) => readOne(one, part));
  const digits = parts.map(({ text }) => (/^0x/i.test(text) ? text.length - 2 : value.toString(16).length));
  return { value: value & mask, mask, bytes: Math.ceil(Math.max(...digits) / 2) };
}

function readMask(one: OvsField, piece: Piece): bigint {
  const isAddress = one.form === "ipv4" || one.form === "ipv6";
  if (!isAddress || !/^\d{1,3}$/.test(piece.text)) return readOne(one, piece);
  const prefix = Number(piece.text);
  if (prefix > one.bits)
    throw new FlowError("INVALID", piece.at, `${one.name}: a prefix has at most ${one.bits} bits`);
  return ones(one.bits) ^ ones(one.bits - prefix);
}

function widthOf(mask: bigint): number {
  return mask.toString(2).length;
}

/** `+a-b` has a mask of its own, `a|b` that of all bits. */
function readSigns(one: OvsField, signs: readonly string[], { text, at }: Piece): Masked {
  const bitOf = (name: string): bigint => {
    const bit = signs.indexOf(name);
    if (bit < 0)
      throw new FlowError("INVALID", at, `${one.name}: unknown flag "${name}"${closest(name, signs)}`);
    return 1n << BigInt(bit);
  };
  let value = 0n;
  if (!/^[+-]/.test(text)) {
    for (const name of text.split("|")) value |= bitOf(name);
    return { value, mask: one.exact };
  }
  let mask = 0n;
  for (const [part] of text.matchAll(/[+-][^+-]*/g)) {
    const bit = bitOf(part.slice(1));
    if ((mask & bit) !== 0n)
      throw new FlowError("INVALID", at, `${one.name}: "${part.slice(1)}" is there twice`);
    mask |= bit;
    if (part.startsWith("+")) value |= bit;
  }
  return { value, mask };
}

/** `(namespace,type)`; the lexer has taken the brackets where they follow the key. */
function readPacketType(piece: Piece): Masked {
  const bare = /^\((.*)\)$/.exec(piece.text);
  const inner = bare === null ? piece : { text: bare[1]!, at: piece.at + 1 };
  const parts = splitAt(inner, ",");
  if (parts === undefined)
    throw new FlowError("SYNTAX", piece.at, `packet_type: found "${piece.text}", expected (namespace,type)`);
  const value = (readInteger(parts[0], 16, "namespace") << 16n) | readInteger(parts[1], 16, "type");
  return { value, mask: ones(32) };
}

// ---- lines

/** A value as ovs-ofctl writes it in actions; the mask only where it is not `full`. */
export function formatValue(one: OvsField, { value, mask, bytes: length }: Masked): string {
  if (mask === 0n) return "ANY";
  const masked = (mask & one.full) !== one.full;
  const signs = SIGNS[one.form];
  if (signs !== undefined) return formatSigns(signs, value, mask, (mask & one.exact) === one.exact);
  switch (one.form) {
    case "mac":
      return formatAddress(value, mask, masked, 6, (b) => formatMac(b, 0));
    case "ipv4":
      return formatIp(value, mask, masked, 4, (b) => formatIPv4(b, 0));
    case "ipv6":
      return formatIp(value, mask, masked, 16, (b) => formatIPv6(b, 0));
    case "port":
      return formatPort(Number(value));
    case "frag":
      return formatFragment(value, mask);
    case "packet_type":
      return formatPacketType(value);
    case "option":
      return [value, ...(masked ? [mask] : [])].map((n) => hexDigits(n, 2 * (length ?? 1))).join("/");
    default:
      return `${one.form === "dec" ? value : hex(value)}${masked ? `/${hex(mask)}` : ""}`;
  }
}

/** Whether lines have names for all bits that a value asks for; they have for those of fields that are numbers. */
export function hasNames(one: OvsField, { value, mask }: Masked): boolean {
  const signs = SIGNS[one.form];
  if (signs === undefined) return true;
  // A mask of all bits asks for bits without names, too: they are zero.
  const asked = mask === one.full ? value : value | mask;
  return asked >> BigInt(signs.length) === 0n;
}

/** `+a-b`, or `a|b` where all bits count. */
function formatSigns(signs: readonly string[], value: bigint, mask: bigint, whole: boolean): string {
  if (whole && value === 0n) return "0";
  const names = signs.flatMap((name, i) => {
    const bit = 1n << BigInt(i);
    if (whole) return (value & bit) === 0n ? [] : [name];
    return (mask & bit) === 0n ? [] : [`${(value & bit) === 0n ? "-" : "+"}${name}`];
  });
  return names.join(whole ? "|" : "");
}

/** The word for fragment bits. */
export function formatFragment(value: bigint, mask: bigint): string {
  const found = Object.entries(FRAGMENTS).find(([, one]) => one.value === value && one.mask === mask);
  return found?.[0] ?? `${value}/${mask}`;
}

/** `(namespace,type)`. */
export function formatPacketType(value: bigint): string {
  return `(${value >> 16n},${hex(value & 0xffffn)})`;
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
}

function formatAddress(
  value: bigint,
  mask: bigint,
  masked: boolean,
  length: number,
  format: (b: Buffer) => string,
): string {
  const text = format(toBytes(value, length));
  return masked ? `${text}/${format(toBytes(mask, length))}` : text;
}

/** As formatAddress; a mask that is a prefix has its length. */
function formatIp(
  value: bigint,
  mask: bigint,
  masked: boolean,
  length: number,
  format: (b: Buffer) => string,
): string {
  const prefix = /^(1*)0*$/.exec(mask.toString(2).padStart(8 * length, "0"));
  if (prefix === null) return formatAddress(value, mask, masked, length, format);
  const text = format(toBytes(value, length));
  return masked ? `${text}/${prefix[1]!.length}` : text;
}

// ---- JSON

/** A value as messages have it. @param length  bytes of a tunnel option */
export function jsonValue(one: OvsField, value: bigint, length = one.bytes): unknown {
  switch (one.form) {
    case "mac":
      return formatMac(toBytes(value, 6), 0);
    case "ipv4":
      return formatIPv4(toBytes(value, 4), 0);
    case "ipv6":
      return formatIPv6(toBytes(value, 16), 0);
    case "port":
      return portName(Number(value));
    case "packet_type":
      return jsonPacketType(value);
    default:
      return one.bits > 64 ? hexText(value, length) : jsonInteger(value);
  }
}

function hexText(value: bigint, length: number): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(2 * length, "0");
}

const NAMESPACES = ["ONF", "ETHERTYPE", "IP_PROTO", "UDP_TCP_PORT", "IPV4_OPTION"];

/** The value of a packet type in a message: an object, or a number. */
function packetTypeOf(value: unknown): bigint {
  if (typeof value !== "object" || value === null) return BigInt(value as number | string);
  const { namespace, ns_type } = value as Readonly<Record<string, unknown>>;
  const known = NAMESPACES.indexOf(String(namespace));
  return (BigInt(known >= 0 ? known : (namespace as string)) << 16n) | BigInt(ns_type as number);
}

function jsonPacketType(value: bigint): { namespace: string; ns_type: number } {
  const space = Number(value >> 16n);
  return {
    namespace: NAMESPACES[space] ?? `0x${space.toString(16).padStart(4, "0").toUpperCase()}`,
    ns_type: Number(value & 0xffffn),
  };
}

/** A value of a message as an integer. */
export function integerOf(one: OvsField, value: unknown): bigint {
  if (ADDRESSES[one.form] !== undefined) {
    const length = readAddress(one.form, String(value));
    return BigInt(`0x${bytes.toString("hex", 0, length)}`);
  }
  if (one.form === "port") return BigInt(portNumber(value));
  if (one.form === "packet_type") return packetTypeOf(value);
  if (one.form === "option" || one.bits > 64) return BigInt(`0x${String(value) || "0"}`);
  return BigInt(typeof value === "string" ? (parseInteger(value) ?? 0) : (value as number));
}

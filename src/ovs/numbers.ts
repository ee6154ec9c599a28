/** Integers, ports and bytes of lines. All of these throw FlowError. */
import { parseHex, parseInteger } from "../text/index.js";
import { ones } from "./fields.js";
import { FlowError } from "./flow-error.js";
import type { Piece } from "./lexer.js";
import { closest, PORTS, portName } from "./names.js";

/** A number as JSON has it: a text of digits where a number would not be exact. */
export function jsonInteger(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : `${value}`;
}

/** An integer of so many bits: decimal, hex or octal. */
export function readInteger({ text, at }: Piece, bits: number, what: string): bigint {
  // Fields of 128 bits have longer numbers than anything in messages.
  const found = /^0x[\da-f]+$/i.test(text) ? BigInt(text) : parseInteger(text);
  if (found === undefined) throw new FlowError("INVALID", at, `${what}: "${text}" is no integer`);
  const value = BigInt(found);
  if (value < 0n || value > ones(bits))
    throw new FlowError("INVALID", at, `${what}: ${text} is not in 0 to ${ones(bits)}`);
  return value;
}

/** An integer of at most 32 bits, as a number. */
export function readSmall(piece: Piece, bits: number, what: string): number {
  return Number(readInteger(piece, bits, what));
}

/** A 64-bit integer of a cookie or of metadata; -1 is all ones. */
export function readU64(piece: Piece, what: string): bigint {
  return piece.text === "-1" ? ones(64) : readInteger(piece, 64, what);
}

/** A table: `ALL` is 255. */
export function readTable(piece: Piece): number | "ALL" {
  const id = piece.text.toUpperCase() === "ALL" ? 255 : readSmall(piece, 8, "table");
  return id === 255 ? "ALL" : id;
}

/** A port: a number or one of the reserved names, in any case. Numbers of OpenFlow 1.0 stand for the reserved ports, too. */
export function readPort(piece: Piece, what: string): number | string {
  return portName(readPortNumber(piece, what));
}

/** As readPort, as a number of 32 bits. */
export function readPortNumber({ text, at }: Piece, what: string): number {
  const named = PORTS.get(text.toUpperCase());
  if (named !== undefined) return named;
  const found = parseInteger(text);
  if (found === undefined)
    throw new FlowError("INVALID", at, `${what}: "${text}" is no port${closest(text, PORTS.keys())}`);
  const port = Number(found);
  if (port > 0xffffffff) throw new FlowError("INVALID", at, `${what}: ${text} is not in 0 to 4294967295`);
  return port >= 0xff00 && port <= 0xffff ? port + 0xffff0000 : port;
}

/** Bytes: pairs of hex digits with dots or blanks between, as JSON has them. */
export function readBytes({ text, at }: Piece, what: string): string {
  const bytes = parseHex(text.replaceAll(/[.\s]/g, ""));
  if (bytes === undefined)
    throw new FlowError("INVALID", at, `${what}: "${text}" is not pairs of hex digits`);
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

/** What C prints by `%#x`: zero has no prefix. */
export function hex(value: bigint | number): string {
  return value === 0n || value === 0 ? "0" : `0x${value.toString(16)}`;
}

/** Hex digits with the prefix, at least so many. */
export function hexDigits(value: bigint | number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** Bytes as lines have them: `01.ff`. */
export function dottedBytes(text: string): string {
  return (text.toLowerCase().match(/../g) ?? []).join(".");
}

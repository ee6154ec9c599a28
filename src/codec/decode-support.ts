// What generated decoders call besides the writers of text/: names, flags, numbers with names.

import {
  type Constant,
  constant,
  type Text,
  writeAscii,
  writeConstant,
  writeDec,
  writeHex,
  writeHex8,
  writeHex16,
  writeHex32,
} from "../text/index.js";
import { badLength, short, u16, u32 } from "../wire/index.js";
import { context } from "./context.js";

export { type Constant, constant, writeConstant } from "../text/index.js";

/** Names of one enum in one version, quoted. What tables hold is made at the first use: a run uses few of all of them. */
export interface NameTable {
  readonly names: () => readonly (readonly [number, string])[];
  /** By value, for values below 256. */
  low: readonly (Constant | undefined)[] | undefined;
  /** The others. */
  high: ReadonlyMap<number, Constant>;
}

const NONE: ReadonlyMap<number, Constant> = new Map();

/** Makes a table from values and their names. */
export function nameTable(names: () => readonly (readonly [number, string])[]): NameTable {
  return { names, low: undefined, high: NONE };
}

function fillNames(table: NameTable): readonly (Constant | undefined)[] {
  const low: (Constant | undefined)[] = new Array<Constant | undefined>(256).fill(undefined);
  const high = new Map<number, Constant>();
  for (const [value, name] of table.names()) {
    const quoted = constant(`"${name}"`);
    if (value < 256) low[value] = quoted;
    else high.set(value, quoted);
  }
  table.low = low;
  table.high = high;
  return low;
}

/** Names of codes, by the value of the field that selects them. */
export interface CodeTable {
  readonly tables: () => readonly (readonly [number, NameTable])[];
  byValue: ReadonlyMap<number, NameTable> | undefined;
}

const NO_NAMES = nameTable(() => []);

export function codeTable(tables: () => readonly (readonly [number, NameTable])[]): CodeTable {
  return { tables, byValue: undefined };
}

/** The names that `by` selects; none when nobody knows that value. */
export function codeNames(table: CodeTable, by: number): NameTable {
  table.byValue ??= new Map(table.tables());
  return table.byValue.get(by) ?? NO_NAMES;
}

/** Writes the name of a value, or its number in hex, `digits` digits long. */
export function writeName(table: NameTable, value: number, digits: 2 | 4 | 8, w: Text): void {
  const low = table.low ?? fillNames(table);
  const name = value < 256 ? low[value] : table.high.get(value);
  if (name !== undefined) writeConstant(name, w);
  else writeHexNumber(value, digits, w);
}

/** Writes `"0x2a"` with a fixed number of upper-case digits. */
export function writeHexNumber(value: number, digits: 2 | 4 | 6 | 8, w: Text): void {
  if (digits === 2) writeHex8(value, w);
  else if (digits === 4) writeHex16(value, w);
  else if (digits === 6) writeAscii(`"0x${value.toString(16).toUpperCase().padStart(6, "0")}"`, w);
  else writeHex32(value, w);
}

/** Numbers some of which have names, the last ones of their range: ports, groups, queues. */
export interface NumberTable {
  readonly lowest: number;
  /** By their distance from the lowest. */
  readonly names: readonly (Constant | undefined)[];
}

export function numberTable(names: readonly (readonly [number, string])[]): NumberTable {
  const values = names.map(([value]) => value);
  const lowest = Math.min(...values);
  const row = new Array<Constant | undefined>(Math.max(...values) - lowest + 1).fill(undefined);
  for (const [value, name] of names) row[value - lowest] = constant(`"${name}"`);
  return { lowest, names: row };
}

/** Writes the name of a number that has one, else decimal digits. */
export function writeNumber(table: NumberTable, n: number, w: Text): void {
  if (n >= table.lowest) {
    const name = table.names[n - table.lowest];
    if (name !== undefined) {
      writeConstant(name, w);
      return;
    }
  }
  writeDec(n, w);
}

/** Reserved numbers of 16 bits are those of 32 bits without the upper half (OpenFlow 1.0 ports). */
export function extend16(n: number): number {
  return n > 0xff00 ? n + 0xffff0000 : n;
}

/** One name of a flag set: it holds when `bits & mask` is `value`. */
export interface FlagName {
  readonly quoted: string;
  readonly mask: number;
  readonly value: number;
}

/** The names of one flag set in one version, and lists that were printed before. */
export interface FlagTable {
  readonly flags: readonly FlagName[];
  readonly known: number;
  readonly memo: Map<number, Constant>;
}

/** Lists kept per flag set; switches send few different ones. */
const MEMO_LIMIT = 512;

export function flagTable(names: readonly (readonly [string, number, number])[]): FlagTable {
  const flags = names.map(([name, value, mask]) => ({ quoted: `"${name}"`, value, mask }));
  return { flags, known: flags.reduce((all, f) => (all | f.mask) >>> 0, 0), memo: new Map() };
}

/** Writes the list of the names whose bits are set; bits without a name make one more element in hex. */
export function writeFlags(table: FlagTable, bits: number, w: Text): void {
  let list = table.memo.get(bits);
  if (list === undefined) {
    list = formatFlags(table, bits);
    if (table.memo.size < MEMO_LIMIT) table.memo.set(bits, list);
  }
  writeConstant(list, w);
}

function formatFlags(table: FlagTable, bits: number): Constant {
  const names = table.flags.filter((f) => (bits & f.mask) >>> 0 === f.value).map((f) => f.quoted);
  let unnamed = (bits & ~table.known) >>> 0;
  for (const f of table.flags) {
    // A field within the flags of which this value has no name keeps its bits.
    const value = (bits & f.mask) >>> 0;
    if (value !== 0 && !table.flags.some((g) => g.mask === f.mask && g.value === value))
      unnamed = (unnamed | value) >>> 0;
  }
  if (unnamed !== 0) names.push(`"0x${unnamed.toString(16).toUpperCase().padStart(8, "0")}"`);
  return constant(`[${names.join(",")}]`);
}

/** Writes `0x` and eight upper-case hex digits, without quotes. */
export function writeHexWord(n: number, w: Text): void {
  // The quoted form, with its quotes overwritten by what comes before and after.
  const p = w.p;
  const before = w.o[p - 1]!;
  w.p = p - 1;
  writeHex32(n, w);
  w.o[p - 1] = before;
  w.p -= 1;
}

/** The type codes of a property list in wire order, where the order rule of the encoder would not write them. */
export function writeOrder(
  b: Buffer,
  o: number,
  end: number,
  typeAt: number,
  typeBytes: number,
  lengthAt: number,
  align: number,
  w: Text,
): void {
  for (let q = o; q < end; ) {
    if (q !== o) w.o[w.p++] = 0x2c;
    writeDec(typeBytes === 2 ? u16(b, q + typeAt) : typeBytes === 4 ? u32(b, q + typeAt) : b[q + typeAt]!, w);
    const length = u16(b, q + lengthAt);
    q += align === 8 ? (length + 7) & ~7 : length;
  }
}

/** Writes the member `option` of the field for the option `number` of tunnels, if the connection knows that one. */
export function writeOption(number: number, w: Text): void {
  const text = context.options?.textOf(number);
  if (text !== undefined) writeText(`,"option":${text}`, w);
}

/** A TLV that no name fits: its header, and its payload as hex; the halves apart when the mask bit is set. */
export function writeRawTlv(b: Buffer, o: number, tag: string, w: Text): void {
  const length = b[o + 3]!;
  const end = o + 4 + length;
  let at = o + 4;
  writeText(`"${tag}":"`, w);
  writeHexWord(u32(b, o), w);
  if (u16(b, o) === 0xffff && length >= 4) {
    w.o[w.p++] = 0x2e;
    writeHexWord(u32(b, o + 4), w);
    at = o + 8;
  }
  writeText('","value":', w);
  const halves = (b[o + 2]! & 1) === 1 && (end - at) % 2 === 0;
  const middle = halves ? at + (end - at) / 2 : end;
  writeHex(b, at, middle, w);
  if (!halves) return;
  writeText(',"mask":', w);
  writeHex(b, middle, end, w);
}

/** ASCII text that is seldom needed. */
function writeText(text: string, w: Text): void {
  for (let i = 0; i < text.length; i++) w.o[w.p++] = text.charCodeAt(i);
}

/** Writes a list of bare element headers (type, length 4): their names, hex for the others with what follows the header. */
export function writeIds(b: Buffer, o: number, end: number, names: NameTable, where: string, w: Text): void {
  for (let q = o; q < end; ) {
    if (end - q < 4) throw short(where, q, end, 4);
    const length = u16(b, q + 2);
    if (length < 4 || length > end - q) throw badLength(where, q + 2, length, 4, end - q);
    if (q !== o) w.o[w.p++] = 0x2c;
    const type = u16(b, q);
    if (length === 4) writeName(names, type, 4, w);
    else if (type === 0xffff && length === 8) {
      writeText('"EXPERIMENTER.', w);
      writeHexWord(u32(b, q + 4), w);
      w.o[w.p++] = 0x22;
    } else {
      writeText(`"0x${type.toString(16).toUpperCase().padStart(4, "0")}`, w);
      writeHex(b, q + 4, q + length, w);
      // The opening quote of the digits becomes the dot between the two parts.
      w.o[w.p - 2 * (length - 4) - 2] = 0x2e;
    }
    q += length;
  }
}

/** What is known of a TLV by its header without mask bit and length. */
export interface HeaderName {
  readonly name: string;
  readonly size: number;
}

/** Names of TLVs by `headerKey`. */
export interface HeaderTable {
  readonly rows: () => readonly (readonly [number, string, number, number?])[];
  byKey: ReadonlyMap<number, HeaderName> | undefined;
}

/** @param rows  OXM header without mask bit and length, name, bytes of the value, and the experimenter of class 0xffff */
export function headerTable(rows: HeaderTable["rows"]): HeaderTable {
  return { rows, byKey: undefined };
}

function fillHeaders(table: HeaderTable): ReadonlyMap<number, HeaderName> {
  table.byKey = new Map(
    table.rows().map(([header, name, size, own]) => [headerKey(header, own ?? 0), { name, size }]),
  );
  return table.byKey;
}

/** One number for class and field, or for experimenter and field. */
function headerKey(header: number, experimenter: number): number {
  return experimenter === 0 ? header >>> 9 : experimenter * 0x80 + 0x1000000 + ((header >>> 9) & 0x7f);
}

/** Bytes that the header of a value of any number of bytes announces where there is no value, if it does not know better. */
const MOST_BYTES = 124;

/** Whether a value of an open number of bytes can have so many. */
function isCount(bytes: number): boolean {
  return Number.isInteger(bytes) && bytes > 0 && bytes < MOST_BYTES;
}

/** Writes a list of OXM headers: `NAME`, `NAME/` with the mask bit, `~NAME` with length 0, `NAME(4)` where the number of bytes is open and not the most, hex for all others (`~` before it also means length 0). */
export function writeOxmIds(b: Buffer, o: number, end: number, table: HeaderTable, w: Text): void {
  const names = table.byKey ?? fillHeaders(table);
  for (let q = o; q < end; ) {
    if (end - q < 4) throw short("oxm ids", q, end, 4);
    if (q !== o) w.o[w.p++] = 0x2c;
    const header = u32(b, q);
    const vendor = header >>> 16 === 0xffff;
    if (vendor && end - q < 8) throw short("oxm ids", q, end, 8);
    const known = names.get(headerKey(header, vendor ? u32(b, q + 4) : 0));
    const length = header & 0xff;
    const payload = vendor ? length - 4 : length;
    const masked = (header & 0x100) !== 0;
    w.o[w.p++] = 0x22;
    if (known !== undefined && payload === (masked ? known.size * 2 : known.size)) {
      writeText(known.name, w);
      if (masked) w.o[w.p++] = 0x2f;
    } else if (known?.size === MOST_BYTES && isCount(masked ? payload / 2 : payload)) {
      writeText(`${known.name}(${masked ? payload / 2 : payload})`, w);
      if (masked) w.o[w.p++] = 0x2f;
    } else if (known !== undefined && length === 0 && !masked) {
      w.o[w.p++] = 0x7e;
      writeText(known.name, w);
    } else {
      if (length === 0) w.o[w.p++] = 0x7e;
      writeHexWord(header, w);
      if (vendor) {
        w.o[w.p++] = 0x2e;
        writeHexWord(u32(b, q + 4), w);
      }
    }
    w.o[w.p++] = 0x22;
    q += vendor ? 8 : 4;
  }
}

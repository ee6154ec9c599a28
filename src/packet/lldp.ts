// LLDP (IEEE 802.1AB §8): a list of elements.
//
//      0      7         16
//     +------+---------+--------------
//     | type | length  | value             bits; type 0 ends the list, 127 is for organisations
//     +------+---------+--------------
import { EncodeError } from "../base/index.js";
import { charsBytes, formatHex, parseHex, type Text, writeConstant, writeJsonString } from "../text/index.js";
import { u16 } from "../wire/index.js";
import { formatChars } from "./chars.js";
import { type Fields, type GivenField, refuse } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import { formatLldpId, parseLldpId } from "./lldp-ids.js";
import {
  formatCapabilities,
  formatManagementAddress,
  formatOrganisation,
  parseCapabilities,
  parseManagementAddress,
  parseOrganisation,
} from "./lldp-values.js";
import type { Add, Place, Protocol } from "./protocol.js";
import { fieldKey, writeNumberField } from "./write-fields.js";

const TTL = 3;
const LONGEST_VALUE = 511;
/** Elements that are told apart, more than fit into a frame of 1500 bytes; what is behind them is payload. */
export const MAX_ELEMENTS = 1024;
/** Seconds that a neighbour keeps what it heard, when nothing is given: four times the usual interval (§9.2.5.22). */
const DEFAULT_TTL = 120;

/** An element that has a name: how its value is written as text, and read. Undefined: these bytes, this text is none. */
interface Element {
  readonly type: number;
  readonly field: string;
  readonly format: (b: Uint8Array, o: number, end: number) => string | undefined;
  readonly parse: (text: string) => Uint8Array | undefined;
}

const ELEMENTS: readonly Element[] = [
  {
    type: 1,
    field: "X_LLDP_CHASSIS_ID",
    format: (b, o, end) => formatLldpId("chassis", b, o, end),
    parse: (text) => parseLldpId("chassis", text),
  },
  {
    type: 2,
    field: "X_LLDP_PORT_ID",
    format: (b, o, end) => formatLldpId("port", b, o, end),
    parse: (text) => parseLldpId("port", text),
  },
  { type: 4, field: "X_LLDP_PORT_DESCR", format: formatChars, parse: charsBytes },
  { type: 5, field: "X_LLDP_SYS_NAME", format: formatChars, parse: charsBytes },
  { type: 6, field: "X_LLDP_SYS_DESCR", format: formatChars, parse: charsBytes },
  { type: 7, field: "X_LLDP_CAPABILITIES", format: formatCapabilities, parse: parseCapabilities },
  { type: 8, field: "X_LLDP_MGMT_ADDR", format: formatManagementAddress, parse: parseManagementAddress },
  { type: 127, field: "X_LLDP_ORG_SPECIFIC", format: formatOrganisation, parse: parseOrganisation },
];
/** Any element by its number, a blank, and its value in hexadecimal: for those that have no name, or another shape than theirs. */
const OTHER = "X_LLDP_TLV";
const TTL_FIELD = "X_LLDP_TTL";

const KEYS = new Map(ELEMENTS.map(({ field }) => [field, fieldKey(field)]));
const TTL_KEY = fieldKey(TTL_FIELD);
const OTHER_KEY = fieldKey(OTHER);
const LISTED = [...ELEMENTS.map(({ field }) => field), TTL_FIELD, OTHER];
const CLOSE = 0x7d;

function typeAt(b: Uint8Array, at: number): number {
  return b[at]! >> 1;
}

function lengthAt(b: Uint8Array, at: number): number {
  return u16(b, at) & 0x1ff;
}

export const lldp: Protocol = {
  name: "LLDP",
  closes: true,
  fields: [...LISTED, "LLDP_END"],

  /** The elements up to the end of the list, or to one that is not all there. */
  measure(b: Uint8Array, o: number, end: number): number {
    let at = o;
    for (let n = 0; n < MAX_ELEMENTS && end - at >= 2 && lengthAt(b, at) <= end - at - 2; n++) {
      const last = typeAt(b, at) === 0;
      at += 2 + lengthAt(b, at);
      if (last) break;
    }
    return at - o;
  },

  next: () => undefined,

  write(b: Uint8Array, o: number, stop: number, w: Text): void {
    for (let at = o; at < stop; at += 2 + lengthAt(b, at)) writeElement(b, at, w);
  },

  more(b: Uint8Array, o: number, stop: number, _place: Place, add: Add): void {
    const types: number[] = [];
    let ended = false;
    for (let at = o; at < stop; at += 2 + lengthAt(b, at)) {
      ended = isEnd(b, at);
      if (!ended) types.push(isNamed(b, at) ? typeAt(b, at) : 0);
    }
    const usual = ended && types.slice(0, TTL).join() === "1,2,3" && !types.slice(TTL).some(isMandatory);
    if (!usual) add("LLDP_END", ended ? 1 : 0);
  },

  wanted: (fields: Fields) => fields.has(...LISTED, "LLDP_END"),

  build(fields: Fields, frame: FrameBuilder): void {
    frame.header("LLDP", 0);
    const end = fields.number("LLDP_END", 1);
    const given = fields.inOrder(LISTED);
    const elements = given.map(readElement);
    const first = given[0] as GivenField;
    for (const { type, value } of end === undefined ? complete(elements, first) : elements) {
      frame.out.u16((type << 9) | value.length);
      frame.out.bytes(value);
    }
    if (end !== 0) frame.out.u16(0);
  },
};

function isMandatory(type: number): boolean {
  return type >= 1 && type <= TTL;
}

function isEnd(b: Uint8Array, at: number): boolean {
  return u16(b, at) === 0;
}

function isNamed(b: Uint8Array, at: number): boolean {
  return typeAt(b, at) === TTL ? lengthAt(b, at) === 2 : formatElement(b, at) !== undefined;
}

function formatElement(b: Uint8Array, at: number): { field: string; text: string } | undefined {
  const element = ELEMENTS.find(({ type }) => type === typeAt(b, at));
  const text = element?.format(b, at + 2, at + 2 + lengthAt(b, at));
  return element === undefined || text === undefined ? undefined : { field: element.field, text };
}

function writeElement(b: Uint8Array, at: number, w: Text): void {
  if (isEnd(b, at)) return;
  if (typeAt(b, at) === TTL && lengthAt(b, at) === 2) {
    writeNumberField(TTL_KEY, u16(b, at + 2), w);
    return;
  }
  const named = formatElement(b, at);
  const text = named?.text ?? `${typeAt(b, at)} ${formatHex(b, at + 2, at + 2 + lengthAt(b, at))}`;
  writeConstant(named === undefined ? OTHER_KEY : KEYS.get(named.field)!, w);
  writeJsonString(text, w);
  w.o[w.p++] = CLOSE;
}

interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

function readElement(given: GivenField): Tlv {
  if (given.name === TTL_FIELD) {
    const ttl = readNumber(given);
    return { type: TTL, value: Uint8Array.of(ttl >> 8, ttl & 0xff) };
  }
  if (typeof given.value !== "string") throw refuse(given, "is not a text");
  const tlv = given.name === OTHER ? readOther(given.value) : readNamed(given.name, given.value);
  if (tlv === undefined) throw refuse(given, "is not a value of LLDP");
  if (tlv.value.length > LONGEST_VALUE) throw refuse(given, `has more than ${LONGEST_VALUE} bytes`);
  return tlv;
}

function readNumber(given: GivenField): number {
  const n = Number(given.value);
  if (Number.isInteger(n) && n >= 0 && n <= 0xffff && given.value !== "") return n;
  throw refuse(given, "is not a number of 16 bits");
}

function readOther(text: string): Tlv | undefined {
  const [, number, hex] = /^(\d{1,3}) ([0-9A-Fa-f]*)$/.exec(text) ?? [];
  const value = hex === undefined ? undefined : parseHex(hex);
  return value === undefined || Number(number) > 127 ? undefined : { type: Number(number), value };
}

function readNamed(field: string, text: string): Tlv | undefined {
  const { type, parse } = ELEMENTS.find((element) => element.field === field) as Element;
  const value = parse(text);
  return value === undefined ? undefined : { type, value };
}

/** The elements with the three that must come first in their places, the time to live added where none is given. */
function complete(elements: readonly Tlv[], first: GivenField): Tlv[] {
  const mandatory = [1, 2, TTL].map((type) => {
    const found = elements.find((element) => element.type === type);
    if (found !== undefined) return found;
    if (type === TTL) return { type, value: Uint8Array.of(0, DEFAULT_TTL) };
    const name = type === 1 ? "X_LLDP_CHASSIS_ID" : "X_LLDP_PORT_ID";
    throw new EncodeError(first.path, `LLDP needs ${name}, too`, { code: "MISSING" });
  });
  return [...mandatory, ...elements.filter((element) => !mandatory.includes(element))];
}

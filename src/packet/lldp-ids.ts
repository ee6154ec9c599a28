// The identifiers of LLDP, chassis and port, as text: a word for the kind, a blank, the value (IEEE 802.1AB §8.5.2, §8.5.3).
import {
  charsBytes,
  formatHex,
  formatIPv4,
  formatIPv6,
  formatMac,
  parseHex,
  parseIPv4,
  parseIPv6,
  parseMac,
} from "../text/index.js";
import { formatChars } from "./chars.js";

type Kind = "mac" | "address" | "text" | "hex" | "plain";

/** What a subtype means. */
interface Subtype {
  readonly number: number;
  /** The word before the value; an address has `ip` or `ip6`, a plain text none. */
  readonly word: string;
  readonly kind: Kind;
}

const CHASSIS: readonly Subtype[] = [
  { number: 1, word: "chassis", kind: "hex" },
  { number: 2, word: "ifalias", kind: "text" },
  { number: 3, word: "port", kind: "hex" },
  { number: 4, word: "mac", kind: "mac" },
  { number: 5, word: "ip", kind: "address" },
  { number: 6, word: "ifname", kind: "text" },
  { number: 7, word: "", kind: "plain" },
];

const PORT: readonly Subtype[] = [
  { number: 1, word: "ifalias", kind: "hex" },
  { number: 2, word: "port", kind: "hex" },
  { number: 3, word: "mac", kind: "mac" },
  { number: 4, word: "ip", kind: "address" },
  { number: 5, word: "ifname", kind: "text" },
  { number: 6, word: "circuit", kind: "hex" },
  { number: 7, word: "", kind: "plain" },
];

/** Words that start a text of another kind than a plain one. */
const UNKNOWN = "unknown";
/** Numbers of address families (IANA). */
const IPV4 = 1;
const IPV6 = 2;

export type LldpId = "chassis" | "port";

function subtypesOf(id: LldpId): readonly Subtype[] {
  return id === "chassis" ? CHASSIS : PORT;
}

/** The text of the value b[o, end): subtype and identifier. What no other text can say is `unknown` and its bytes. */
export function formatLldpId(id: LldpId, b: Uint8Array, o: number, end: number): string {
  const raw = end === o ? UNKNOWN : `${UNKNOWN} ${formatHex(b, o, end)}`;
  const subtype = subtypesOf(id).find(({ number }) => end > o && number === b[o]);
  if (subtype === undefined) return raw;
  return formatValue(subtype, b, o + 1, end, subtypesOf(id)) ?? raw;
}

function formatValue(
  { word, kind }: Subtype,
  b: Uint8Array,
  o: number,
  end: number,
  all: readonly Subtype[],
): string | undefined {
  const n = end - o;
  switch (kind) {
    case "mac":
      return n === 6 ? `${word} ${formatMac(b, o)}` : undefined;
    case "hex":
      return `${word} ${formatHex(b, o, end)}`;
    case "text": {
      const text = formatChars(b, o, end);
      return text === undefined ? undefined : `${word} ${text}`;
    }
    case "plain": {
      const text = formatChars(b, o, end);
      return text === undefined || isWorded(text, all) ? undefined : text;
    }
    default:
      if (n === 5 && b[o] === IPV4) return `ip ${formatIPv4(b, o + 1)}`;
      return n === 17 && b[o] === IPV6 ? `ip6 ${formatIPv6(b, o + 1)}` : undefined;
  }
}

/** Whether a text would be read as something else than a plain text. */
function isWorded(text: string, all: readonly Subtype[]): boolean {
  const word = text.split(" ", 1)[0] as string;
  if (text === UNKNOWN) return true;
  if (!text.includes(" ")) return false;
  return word === UNKNOWN || word === "ip6" || all.some((subtype) => subtype.word === word);
}

/** The bytes, subtype first, that a text stands for; undefined when what follows its word is not of that kind. */
export function parseLldpId(id: LldpId, text: string): Uint8Array | undefined {
  const all = subtypesOf(id);
  if (!isWorded(text, all)) return Uint8Array.of(7, ...charsBytes(text));
  const blank = text.indexOf(" ");
  const word = blank < 0 ? text : text.slice(0, blank);
  const value = blank < 0 ? "" : text.slice(blank + 1);
  if (word === UNKNOWN) return parseHex(value);
  const subtype = all.find((one) => one.word === (word === "ip6" ? "ip" : word)) as Subtype;
  const bytes = parseValue(subtype.kind, word, value);
  return bytes === undefined ? undefined : Uint8Array.of(subtype.number, ...bytes);
}

function parseValue(kind: Kind, word: string, value: string): Uint8Array | undefined {
  if (kind === "hex") return parseHex(value);
  if (kind === "text") return charsBytes(value);
  if (value === "") return undefined;
  if (kind === "mac") {
    const bytes = new Uint8Array(6);
    return parseMac(value, bytes, 0) ? bytes : undefined;
  }
  if (word === "ip") {
    const bytes = Uint8Array.of(IPV4, 0, 0, 0, 0);
    return parseIPv4(value, bytes, 1) ? bytes : undefined;
  }
  const bytes = new Uint8Array(17);
  bytes[0] = IPV6;
  return parseIPv6(value, bytes, 1) ? bytes : undefined;
}

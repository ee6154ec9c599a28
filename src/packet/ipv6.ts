// IPv6 (RFC 8200 §3), its extension headers included.
//
//      0        4        6    7    8                       24                      40
//     +--------+--------+----+----+-----------------------+-----------------------+-------------
//     |6|tc|flo| length |next|hop |        source         |      destination      | extensions
//     +--------+--------+----+----+-----------------------+-----------------------+-------------
//     4 bits version, 8 bits traffic class, 20 bits flow label; length: of all behind these 40 bytes
import { EncodeError } from "../base/index.js";
import { formatHex, parseHex, type Text } from "../text/index.js";
import { putU16, putU32, u16, u32 } from "../wire/index.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import { IP_FIELDS, impliedTransport, transportOf } from "./ip.js";
import { type Extensions, lastAddress, makeExtensions, scanExtensions } from "./ipv6-extensions.js";
import type { Add, Network, Place, Protocol } from "./protocol.js";
import { fieldKey, writeIPv6Field, writeNumberField } from "./write-fields.js";

const FIXED = 40;
const DEFAULT_HOP_LIMIT = 64;

const IP_DSCP = fieldKey("IP_DSCP");
const IP_ECN = fieldKey("IP_ECN");
const NX_IP_TTL = fieldKey("NX_IP_TTL");
const IP_PROTO = fieldKey("IP_PROTO");
const IPV6_SRC = fieldKey("IPV6_SRC");
const IPV6_DST = fieldKey("IPV6_DST");
const IPV6_FLABEL = fieldKey("IPV6_FLABEL");
const IPV6_EXTHDR = fieldKey("IPV6_EXTHDR");
const OWN = ["IPV6_SRC", "IPV6_DST", "IPV6_FLABEL", "IPV6_EXTHDR", "IPV6_EXT_HEADERS", "IPV6_LENGTH"];

const found = makeExtensions();

function scan(b: Uint8Array, o: number, end: number): Extensions {
  return scanExtensions(b, b[o + 6]!, o + FIXED, end, found);
}

/** The number of what is behind the header b[o, stop); undefined in fragments but the first. */
export function ipv6Payload(b: Uint8Array, o: number, stop: number): number | undefined {
  const { protocol, later } = scan(b, o, stop);
  return later ? undefined : protocol;
}

/** Where its own length says that it ends; the end of the frame when that length cannot be. */
function lengthEnd(length: number, o: number, stop: number, end: number): number {
  const own = o + FIXED + length;
  return own >= stop && own <= end ? own : end;
}

/** Where the address stands that checksums cover: the last one of a routing header that is not done (RFC 8200 §8.1). */
function finalDestination(b: Uint8Array, o: number, stop: number): number {
  const { routing } = scan(b, o, stop);
  return (routing === 0 ? 0 : lastAddress(b, routing)) || o + 24;
}

export const ipv6: Protocol = {
  name: "IPv6",
  fields: [...IP_FIELDS, ...OWN],

  measure(b: Uint8Array, o: number, end: number): number {
    return end - o < FIXED || b[o]! >> 4 !== 6 ? 0 : scan(b, o, end).stop - o;
  },

  next(b: Uint8Array, o: number, stop: number): Protocol | undefined {
    const { protocol, later } = scan(b, o, stop);
    return later ? undefined : transportOf(6, protocol);
  },

  write(b: Uint8Array, o: number, stop: number, w: Text): void {
    const trafficClass = (u16(b, o) >> 4) & 0xff;
    if (trafficClass >> 2 !== 0) writeNumberField(IP_DSCP, trafficClass >> 2, w);
    if ((trafficClass & 3) !== 0) writeNumberField(IP_ECN, trafficClass & 3, w);
    writeNumberField(NX_IP_TTL, b[o + 7]!, w);
    writeNumberField(IP_PROTO, scan(b, o, stop).protocol, w);
    writeIPv6Field(IPV6_SRC, b, o + 8, w);
    writeIPv6Field(IPV6_DST, b, o + 24, w);
    const label = u32(b, o) & 0xfffff;
    if (label !== 0) writeNumberField(IPV6_FLABEL, label, w);
  },

  writeLast(b: Uint8Array, o: number, stop: number, w: Text): void {
    const { bits } = scan(b, o, stop);
    if (bits !== 0) writeNumberField(IPV6_EXTHDR, bits, w);
  },

  more(b: Uint8Array, o: number, stop: number, place: Place, add: Add): void {
    const headers = extensionTexts(b, b[o + 6]!, o + FIXED, stop);
    if (headers.length > 0) add("IPV6_EXT_HEADERS", headers);
    if (u16(b, o + 4) !== place.end - o - FIXED) add("IPV6_LENGTH", u16(b, o + 4));
  },

  network(b: Uint8Array, o: number, stop: number, end: number): Network {
    const destination = finalDestination(b, o, stop);
    return { source: o + 8, destination, addressBytes: 16, end: lengthEnd(u16(b, o + 4), o, stop, end) };
  },

  wanted(fields: Fields, chosen: boolean): boolean {
    if (fields.has(...OWN) || (chosen && fields.has(...IP_FIELDS))) return true;
    const transport = impliedTransport(6, fields);
    return transport !== undefined && (chosen || transport.onlyIn === 6);
  },

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("IPv6", FIXED);
    const b = frame.out.b;
    const trafficClass = (fields.number("IP_DSCP", 6, 0) << 2) | fields.number("IP_ECN", 2, 0);
    putU32(b, at, ((6 << 28) | (trafficClass << 20) | fields.number("IPV6_FLABEL", 20, 0)) >>> 0);
    b[at + 7] = fields.number("NX_IP_TTL", 8, DEFAULT_HOP_LIMIT);
    b.set(fields.ipv6("IPV6_SRC"), at + 8);
    b.set(fields.ipv6("IPV6_DST"), at + 24);
    const given = fields.number("IP_PROTO", 8);
    const transport = given === undefined ? impliedTransport(6, fields) : transportOf(6, given);
    const first = buildExtensions(fields, frame, given ?? transport?.number ?? 0);
    // The buffer may have been replaced by a longer one.
    frame.out.b[at + 6] = first;
    const stop = frame.out.p;
    const { bits, later } = scan(frame.out.b, at, stop);
    // Bits that these headers do not have are left over, and refused as such.
    if (fields.peek("IPV6_EXTHDR", 9) === bits) fields.skip("IPV6_EXTHDR");
    const length = fields.number("IPV6_LENGTH", 16);
    frame.network = (end) => ({
      source: at + 8,
      destination: finalDestination(frame.out.b, at, stop),
      addressBytes: 16,
      end: length === undefined ? end : lengthEnd(length, at, stop, end),
    });
    frame.atEnd((bytes, end) => putU16(bytes, at + 4, length ?? end - at - FIXED));
    if (!later && transport?.wanted(fields, true)) transport.build(fields, frame);
  },
};

/** Each extension header as its number and its bytes without the first, which is the number of the next. */
function extensionTexts(b: Uint8Array, first: number, o: number, stop: number): string[] {
  const texts: string[] = [];
  const one = makeExtensions();
  let number = first;
  for (let at = o; at < stop; at = one.stop) {
    scanExtensions(b, number, at, stop, one, 1);
    texts.push(`${number} ${formatHex(b, at + 1, one.stop)}`);
    number = one.protocol;
  }
  return texts;
}

/** Appends the extension headers that were given and returns the number of the first; `last` is what follows them. */
function buildExtensions(fields: Fields, frame: FrameBuilder, last: number): number {
  const given = fields.list("IPV6_EXT_HEADERS");
  if (given === undefined) return last;
  const headers = given.values.map((value, i) => {
    const [, number, hex] = /^(\d{1,3}) ([0-9A-Fa-f]*)$/.exec(value) ?? [];
    const bytes = hex === undefined ? undefined : parseHex(hex);
    if (bytes !== undefined && Number(number) < 256) return { number: Number(number), bytes };
    throw new EncodeError(
      `${given.path}[${i}]`,
      `"${value}" is not an extension header: its number, a blank, and its bytes behind the first in hexadecimal`,
    );
  });
  const at = frame.out.p;
  headers.forEach(({ bytes }, i) => {
    frame.out.u8(headers[i + 1]?.number ?? last);
    frame.out.bytes(bytes);
  });
  const first = headers[0]?.number ?? last;
  const { stop, protocol } = scanExtensions(frame.out.b, first, at, frame.out.p, found);
  if (stop === frame.out.p && protocol === last) return first;
  const ends = headers.map(({ bytes }, i) =>
    headers.slice(0, i).reduce((sum, before) => sum + before.bytes.length + 1, at + bytes.length + 1),
  );
  const bad = Math.max(
    0,
    ends.findIndex((end) => end > stop),
  );
  const detail = "is not an extension header, has not the length that it says, or cannot stand at this place";
  throw new EncodeError(`${given.path}[${bad}]`, `"${given.values[bad]}" ${detail}`);
}

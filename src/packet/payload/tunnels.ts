// Tunnels: headers with a frame or a packet behind them.
//
//      0    1        4            7    8
//     +----+--------+------------+----+---------      VXLAN (RFC 7348): flag 0x08 says that the network is given
//     |flag|reserved|  network   |res.| frame
//     +----+--------+------------+----+---------
//      0              2        4            7    8
//     +--------------+--------+------------+----+---------+------
//     |v|words|O|C|  |  type  |  network   |res.| options | frame     Geneve (RFC 8926); an option: class (16 bits), type,
//     +--------------+--------+------------+----+---------+------     words, value
//      0              2        4
//     +--------------+--------+-----------------+-----+----------+------
//     |C| |K|S|   |v |  type  | checksum and 0  | key | sequence | packet      GRE (RFC 2784, RFC 2890); the flags say
//     +--------------+--------+-----------------+-----+----------+------      which of the three are there
import { EncodeError } from "../../base/index.js";
import { formatHex } from "../../text/index.js";
import { putU16, u16, u24, u32, type Writer } from "../../wire/index.js";
import { addWords, foldChecksum } from "../checksum.js";
import { protocolOf } from "../ether-types.js";
import { ethernet } from "../ethernet.js";
import type { Protocol } from "../protocol.js";
import { flagNames, type Given } from "./given.js";
import { buildLayout, type Layout, readLayout, U8, U16, U24 } from "./layout.js";
import type { BuildInner, PayloadObject, PayloadProtocol, ReadInner } from "./payload.js";
import { type Names, refused } from "./values.js";

/** The type of Ethernet that says that a whole Ethernet frame follows (transparent Ethernet bridging). */
const FRAME = 0x6558;

function startOf(type: number): Protocol | undefined {
  return type === FRAME ? ethernet : protocolOf(type);
}

/** Adds what is behind the header: `inner`, or `payload` where nobody knows the type. */
function readBehind(
  object: PayloadObject,
  type: number,
  b: Uint8Array,
  o: number,
  end: number,
  readInner: ReadInner,
): void {
  if (o === end) return;
  const start = startOf(type);
  if (start === undefined) object.payload = formatHex(b, o, end);
  else object.inner = readInner(start, b, o, end);
}

function buildBehind(given: Given, type: number, out: Writer, buildInner: BuildInner): void {
  const inner = given.value("inner");
  const start = startOf(type);
  if (inner !== undefined && start === undefined) {
    throw new EncodeError(
      given.at("inner"),
      `nothing is known of type 0x${type.toString(16)}: give its bytes as payload`,
    );
  }
  if (inner !== undefined && given.has("payload")) {
    throw new EncodeError(given.at("payload"), "there is an inner packet, too");
  }
  out.bytes(inner === undefined ? given.hex("payload") : buildInner(start!, inner, given.at("inner")));
}

/** The customer's frame in a provider's backbone (PBB), where nothing but the frame is payload. */
export const innerEthernet: PayloadProtocol = {
  name: "ETHERNET",
  read: (b, o, end, readInner) => ({ inner: readInner(ethernet, b, o, end) }),
  build: (given, out, buildInner) => out.bytes(buildInner(ethernet, given.need("inner"), given.at("inner"))),
};

const VXLAN: Layout = [
  ["flags", U8, 0x08],
  ["reserved", U24, 0],
  ["vni", U24],
  ["reserved2", U8, 0],
];

export const vxlan: PayloadProtocol = {
  name: "VXLAN",
  read(b, o, end, readInner) {
    if (end - o < 8) return undefined;
    const object = readLayout(VXLAN, b, o);
    readBehind(object, FRAME, b, o + 8, end, readInner);
    return object;
  },
  build(given, out, buildInner) {
    buildLayout(VXLAN, given, out);
    buildBehind(given, FRAME, out, buildInner);
  },
};

const GENEVE_FLAGS: Names = { OAM: 0x80, CRITICAL: 0x40 };
/** Behind version, length and flags. */
const GENEVE: Layout = [
  ["type", U16],
  ["vni", U24],
  ["reserved", U8, 0],
];
/** Bytes of all options together, and of the value of one. */
const LONGEST_OPTIONS = 252;
const LONGEST_OPTION = 124;
const GENEVE_OPTION: Layout = [
  ["class", U16],
  ["type", U8],
];

export const geneve: PayloadProtocol = {
  name: "GENEVE",
  read(b, o, end, readInner) {
    if (end - o < 8) return undefined;
    const stop = o + 8 + (b[o]! & 0x3f) * 4;
    const options = b[o]! >> 6 === 0 && stop <= end ? readGeneveOptions(b, o + 8, stop) : undefined;
    if (options === undefined) return undefined;
    const object: PayloadObject = {
      flags: flagNames(b[o + 1]!, GENEVE_FLAGS),
      ...readLayout(GENEVE, b, o + 2),
      options,
    };
    readBehind(object, u16(b, o + 2), b, stop, end, readInner);
    return object;
  },
  build(given, out, buildInner) {
    const at = out.p;
    out.u8(0);
    out.u8(given.flags("flags", GENEVE_FLAGS, 8) ?? 0);
    const header = out.p;
    buildLayout(GENEVE, given, out);
    // A tunnel of frames is what most are.
    if (given.value("type") === undefined) putU16(out.b, header, FRAME);
    const options = out.p;
    for (const option of given.objects("options")) buildGeneveOption(option, out);
    if (out.p - options > LONGEST_OPTIONS) {
      throw refused(out.p - options, `bytes of options, can be ${LONGEST_OPTIONS}`, given.at("options"));
    }
    out.b[at] = (out.p - options) / 4;
    buildBehind(given, u16(out.b, header), out, buildInner);
  },
};

/** The options b[o, end); undefined when one of them is longer than that. */
function readGeneveOptions(b: Uint8Array, o: number, end: number): PayloadObject[] | undefined {
  const options: PayloadObject[] = [];
  let at = o;
  while (at < end) {
    const stop = at + 4 + (b[at + 3]! & 0x1f) * 4;
    if (stop > end) return undefined;
    const option = readLayout(GENEVE_OPTION, b, at);
    if (b[at + 3]! >> 5 !== 0) option.reserved = b[at + 3]! >> 5;
    options.push({ ...option, hex: formatHex(b, at + 4, stop) });
    at = stop;
  }
  return options;
}

function buildGeneveOption(option: Given, out: Writer): void {
  const value = option.hex("hex");
  if (value.length % 4 !== 0 || value.length > LONGEST_OPTION) {
    throw refused(
      value.length,
      `bytes: an option has a multiple of 4, up to ${LONGEST_OPTION}`,
      option.at("hex"),
    );
  }
  buildLayout(GENEVE_OPTION, option, out);
  out.u8((option.number("reserved", 3, 0) << 5) | (value.length / 4));
  out.bytes(value);
  option.finish();
}

const GRE_FLAGS: Names = { CHECKSUM: 0x8000, KEY: 0x2000, SEQUENCE: 0x1000 };
/** Routing (RFC 1701) and versions but 0 (PPTP) change what follows: such packets stay bytes. */
const GRE_OTHER = 0x4007;

export const gre: PayloadProtocol = {
  name: "GRE",
  read(b, o, end, readInner) {
    if (end - o < 4) return undefined;
    const word = u16(b, o);
    const length = 4 + 4 * flagNames(word & 0xb000, GRE_FLAGS).length;
    if ((word & GRE_OTHER) !== 0 || end - o < length) return undefined;
    const type = u16(b, o + 2);
    const object: PayloadObject = { flags: flagNames(word, GRE_FLAGS), type };
    let at = o + 4;
    if ((word & 0x8000) !== 0) {
      const checksum = u16(b, at);
      if (checksum !== greChecksum(b, o, end)) object.checksum = checksum;
      if (u16(b, at + 2) !== 0) object.reserved = u16(b, at + 2);
      at += 4;
    }
    if ((word & 0x2000) !== 0) {
      object.key = u32(b, at);
      // Network Virtualization using GRE (RFC 7637) has two numbers in the key, and neither checksum nor sequence.
      if (type === FRAME && word === 0x2000) Object.assign(object, { vsid: u24(b, at), flow_id: b[at + 3]! });
      at += 4;
    }
    if ((word & 0x1000) !== 0) {
      object.sequence = u32(b, at);
      at += 4;
    }
    readBehind(object, type, b, at, end, readInner);
    return object;
  },
  build(given, out, buildInner) {
    const at = out.p;
    const key = greKey(given);
    const sequence = given.number("sequence", 32);
    const checksum = given.number("checksum", 16);
    const flags = given.flags("flags", GRE_FLAGS, 16) ?? 0;
    if ((flags & GRE_OTHER) !== 0) {
      throw refused(flags & GRE_OTHER, "is not among the flags that are known here", given.at("flags"));
    }
    const hasSum = (flags & 0x8000) !== 0 || checksum !== undefined;
    const hasKey = (flags & 0x2000) !== 0 || key !== undefined;
    const hasSequence = (flags & 0x1000) !== 0 || sequence !== undefined;
    const type = given.number("type", 16, FRAME);
    out.u16((flags & 0x0fff) | (hasSum ? 0x8000 : 0) | (hasKey ? 0x2000 : 0) | (hasSequence ? 0x1000 : 0));
    out.u16(type);
    if (hasSum) out.u32(given.number("reserved", 16, 0));
    if (hasKey) out.u32(key ?? 0);
    if (hasSequence) out.u32(sequence ?? 0);
    buildBehind(given, type, out, buildInner);
    if (hasSum) putU16(out.b, at + 4, checksum ?? greChecksum(out.b, at, out.p));
  },
};

/** Over the header and all that is behind it (RFC 2784 §2.3). */
function greChecksum(b: Uint8Array, o: number, end: number): number {
  return foldChecksum(addWords(b, o, end) - u16(b, o + 4));
}

function greKey(given: Given): number | undefined {
  const key = given.number("key", 32);
  const vsid = given.number("vsid", 24);
  const flow = given.number("flow_id", 8);
  if (vsid === undefined && flow === undefined) return key;
  const both = (vsid ?? 0) * 256 + (flow ?? 0);
  if (key !== undefined && key !== both) {
    throw new EncodeError(given.at("key"), `is ${key}, but vsid and flow_id are the key ${both}`);
  }
  return both;
}

// IGMP, versions 1 to 3 (RFC 1112, RFC 2236, RFC 3376).
//
//      0    1    2        4                   8              10       12
//     +----+----+--------+-------------------+--------------+--------+---------
//     |type|resp|checksum|       group       | S QRV | QQIC | number | sources     query; before version 3 it ends at 8
//     +----+----+--------+---------+---------+--------------+--------+---------
//     |0x22|  0 |checksum|    0    | number  | records                             report of version 3
//     +----+----+--------+---------+---------+----------------------
//     a record: type, words of auxiliary data, number of sources (16 bits), group, sources, auxiliary data
import { formatHex, formatIPv4 } from "../../text/index.js";
import { putU16, u16, type Writer } from "../../wire/index.js";
import { addWords, foldChecksum } from "../checksum.js";
import type { Given } from "./given.js";
import { MAX_ELEMENTS, type PayloadObject, type PayloadProtocol } from "./payload.js";
import { ipv4Of, type Names, nameOf, refused } from "./values.js";

const QUERY = 0x11;
const REPORT_V3 = 0x22;
const TYPES: Names = {
  MEMBERSHIP_QUERY: QUERY,
  MEMBERSHIP_REPORT_V1: 0x12,
  MEMBERSHIP_REPORT_V2: 0x16,
  LEAVE_GROUP: 0x17,
  MEMBERSHIP_REPORT_V3: REPORT_V3,
};
const RECORDS: Names = {
  MODE_IS_INCLUDE: 1,
  MODE_IS_EXCLUDE: 2,
  CHANGE_TO_INCLUDE_MODE: 3,
  CHANGE_TO_EXCLUDE_MODE: 4,
  ALLOW_NEW_SOURCES: 5,
  BLOCK_OLD_SOURCES: 6,
};
/** A query of at least this length is of version 3 (RFC 3376 §7.1). */
const QUERY_V3 = 12;

function checksumOf(b: Uint8Array, o: number, end: number): number {
  return foldChecksum(addWords(b, o, end) - u16(b, o + 2));
}

function readSources(b: Uint8Array, o: number, count: number, end: number): string[] {
  const sources: string[] = [];
  for (let at = o; sources.length < Math.min(count, MAX_ELEMENTS) && end - at >= 4; at += 4)
    sources.push(formatIPv4(b, at));
  return sources;
}

/** What is behind the eight bytes that all queries have. */
function readQuery(b: Uint8Array, o: number, end: number): PayloadObject {
  const bits = b[o + 8]!;
  const count = u16(b, o + 10);
  const sources = readSources(b, o + QUERY_V3, count, end);
  const object: PayloadObject = { suppress: (bits >> 3) & 1, qrv: bits & 7, qqic: b[o + 9]!, sources };
  if (bits >> 4 !== 0) object.reserved = bits >> 4;
  addRest(object, b, o + QUERY_V3 + 4 * sources.length, end, count, sources.length);
  return object;
}

function readReport(b: Uint8Array, o: number, end: number): PayloadObject {
  const count = u16(b, o + 6);
  const records: PayloadObject[] = [];
  let at = o + 8;
  while (records.length < Math.min(count, MAX_ELEMENTS) && end - at >= 8) {
    const n = u16(b, at + 2);
    const auxiliary = at + 8 + 4 * n;
    const stop = auxiliary + 4 * b[at + 1]!;
    if (stop > end) break;
    const record: PayloadObject = {
      type: nameOf(b[at]!, RECORDS),
      group: formatIPv4(b, at + 4),
      sources: readSources(b, at + 8, n, auxiliary),
    };
    if (stop > auxiliary) record.auxiliary = formatHex(b, auxiliary, stop);
    records.push(record);
    at = stop;
  }
  const object: PayloadObject = { records };
  if (u16(b, o + 4) !== 0) object.reserved = u16(b, o + 4);
  addRest(object, b, at, end, count, records.length);
  return object;
}

/** Tells a number that is not that of the elements that are there, and bytes behind them. */
function addRest(
  object: PayloadObject,
  b: Uint8Array,
  o: number,
  end: number,
  count: number,
  there: number,
): void {
  if (count !== there) object.count = count;
  if (o < end) object.rest = formatHex(b, o, end);
}

export const igmp: PayloadProtocol = {
  name: "IGMP",

  read(b, o, end) {
    const type = nameOf(b[o]!, TYPES);
    if (end - o < 8 || typeof type === "number") return undefined;
    const object: PayloadObject = { type, max_resp_code: b[o + 1]! };
    const checksum = u16(b, o + 2);
    if (checksum !== checksumOf(b, o, end)) object.checksum = checksum;
    if (b[o] === REPORT_V3) return { ...object, ...readReport(b, o, end) };
    object.group = formatIPv4(b, o + 4);
    if (b[o] === QUERY && end - o >= QUERY_V3) return { ...object, ...readQuery(b, o, end) };
    if (end - o > 8) object.rest = formatHex(b, o + 8, end);
    return object;
  },

  build(given, out) {
    const at = out.p;
    out.u8(given.named("type", TYPES, 8, QUERY));
    const type = out.b[at]!;
    if (nameOf(type, TYPES) === type) throw refused(type, "is not a type of IGMP", given.at("type"));
    out.u8(given.number("max_resp_code", 8, 0));
    out.u16(0);
    if (type === REPORT_V3) buildReport(given, out);
    else {
      out.bytes(given.ipv4("group"));
      if (type === QUERY && given.has("suppress", "qrv", "qqic", "sources")) buildQuery(given, out);
    }
    out.bytes(given.hex("rest"));
    putU16(out.b, at + 2, given.number("checksum", 16) ?? checksumOf(out.b, at, out.p));
  },
};

function buildQuery(given: Given, out: Writer): void {
  const suppress = given.number("suppress", 1, 0);
  out.u8((given.number("reserved", 4, 0) << 4) | (suppress << 3) | given.number("qrv", 3, 0));
  out.u8(given.number("qqic", 8, 0));
  buildSources(given, out, given.number("count", 16));
}

function buildSources(given: Given, out: Writer, count?: number): void {
  const sources = given.list("sources");
  out.u16(count ?? sources.length);
  for (const { value, path } of sources) out.bytes(ipv4Of(value, path));
}

function buildReport(given: Given, out: Writer): void {
  const records = given.objects("records");
  out.u16(given.number("reserved", 16, 0));
  out.u16(given.number("count", 16) ?? records.length);
  for (const record of records) {
    const auxiliary = record.hex("auxiliary");
    if (auxiliary.length % 4 !== 0 || auxiliary.length > 1020) {
      throw refused(
        auxiliary.length,
        "bytes: auxiliary data has a multiple of 4, up to 1020",
        record.at("auxiliary"),
      );
    }
    out.u8(record.named("type", RECORDS, 8, 0));
    out.u8(auxiliary.length / 4);
    const n = out.p;
    out.u16(0);
    out.bytes(record.ipv4("group"));
    const sources = record.list("sources");
    for (const { value, path } of sources) out.bytes(ipv4Of(value, path));
    putU16(out.b, n, sources.length);
    out.bytes(auxiliary);
    record.finish();
  }
}

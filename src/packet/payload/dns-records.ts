// Data of DNS records by their type (RFC 1035 §3.3, RFC 3596, RFC 2782). Where it has not the form of its type, and for all
// other types, it is hexadecimal text, `rdata`.
import { charsBytes, formatHex, formatIPv4, formatIPv6 } from "../../text/index.js";
import { u16, u32, type Writer } from "../../wire/index.js";
import { formatChars } from "../chars.js";
import { type NameWriter, readName } from "./dns-names.js";
import type { Given } from "./given.js";
import type { PayloadObject } from "./payload.js";
import { hexOf, ipv4Of, ipv6Of, type Names, refused, textOf } from "./values.js";

/** Types of records and of questions. */
export const RECORD_TYPES: Names = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
};

/** A part of the data of a record. `read` gives its value and where the next part starts; undefined when it is none. */
interface Part {
  readonly key: string;
  readonly read: (
    b: Uint8Array,
    o: number,
    at: number,
    end: number,
  ) => readonly [string | number | string[], number] | undefined;
  readonly write: (value: unknown, path: string, out: Writer, names: NameWriter) => void;
}

function numberPart(key: string, bytes: 2 | 4): Part {
  return {
    key,
    read: (b, _o, at, end) =>
      end - at < bytes ? undefined : [bytes === 2 ? u16(b, at) : u32(b, at), at + bytes],
    write(value, path, out) {
      const n = Number(value);
      if (!Number.isInteger(n) || n < 0 || n >= 2 ** (8 * bytes))
        throw refused(value, `is not a number of ${8 * bytes} bits`, path);
      if (bytes === 2) out.u16(n);
      else out.u32(n);
    },
  };
}

/** @param pointers  whether the name may be written with pointers */
function namePart(key: string, pointers = true): Part {
  return {
    key,
    read(b, o, at, end) {
      const name = readName(b, o, at, end);
      return name === undefined ? undefined : [name.text, name.stop];
    },
    write: (value, path, _out, names) => names.write(textOf(value, path), path, pointers),
  };
}

const IPV4: Part = {
  key: "address",
  read: (b, _o, at, end) => (end - at < 4 ? undefined : [formatIPv4(b, at), at + 4]),
  write: (value, path, out) => out.bytes(ipv4Of(value, path)),
};
const IPV6: Part = {
  key: "address",
  read: (b, _o, at, end) => (end - at < 16 ? undefined : [formatIPv6(b, at), at + 16]),
  write: (value, path, out) => out.bytes(ipv6Of(value, path)),
};
/** One or more texts, each behind its length. */
const TEXTS: Part = {
  key: "texts",
  read(b, _o, at, end) {
    const texts: string[] = [];
    let p = at;
    while (p < end) {
      const stop = p + 1 + b[p]!;
      const text = stop > end ? undefined : formatChars(b, p + 1, stop);
      if (text === undefined) return undefined;
      texts.push(text);
      p = stop;
    }
    return texts.length === 0 ? undefined : [texts, p];
  },
  write(value, path, out) {
    for (const [i, one] of (Array.isArray(value) ? (value as unknown[]) : [value]).entries()) {
      const bytes = charsBytes(textOf(one, `${path}[${i}]`));
      if (bytes.length > 255) throw refused(one, "has more than 255 bytes", `${path}[${i}]`);
      out.u8(bytes.length);
      out.bytes(bytes);
    }
  },
};

const TARGET = [namePart("target")];
const PARTS = new Map<number, readonly Part[]>([
  [1, [IPV4]],
  [2, TARGET],
  [5, TARGET],
  [
    6,
    [
      ...[namePart("mname"), namePart("rname"), numberPart("serial", 4), numberPart("refresh", 4)],
      ...[numberPart("retry", 4), numberPart("expire", 4), numberPart("minimum", 4)],
    ],
  ],
  [12, TARGET],
  [15, [numberPart("preference", 2), namePart("exchange")]],
  [16, [TEXTS]],
  [28, [IPV6]],
  [
    33,
    [numberPart("priority", 2), numberPart("weight", 2), numberPart("port", 2), namePart("target", false)],
  ],
  [39, [namePart("target", false)]],
]);

/** What the data b[at, end) of a record says, in the message that starts at `o`. */
export function readRecordData(
  type: number,
  b: Uint8Array,
  o: number,
  at: number,
  end: number,
): PayloadObject {
  const object: PayloadObject = {};
  let p = at;
  for (const part of PARTS.get(type) ?? []) {
    const found = part.read(b, o, p, end);
    if (found === undefined) return { rdata: formatHex(b, at, end) };
    [object[part.key], p] = found as [string | number | string[], number];
  }
  return p === end && p > at ? object : { rdata: formatHex(b, at, end) };
}

/** Appends the data of a record, without its length. */
export function writeRecordData(type: number, record: Given, out: Writer, names: NameWriter): void {
  const hex = record.value("rdata");
  const parts = PARTS.get(type);
  if (hex !== undefined || parts === undefined) {
    out.bytes(hexOf(hex ?? record.need("rdata"), record.at("rdata")));
    return;
  }
  for (const { key, write } of parts) write(record.need(key), record.at(key), out, names);
}

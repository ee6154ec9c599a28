// DNS (RFC 1035 §4), and multicast DNS (RFC 6762).
//
//      0        2        4        6        8        10       12
//     +--------+--------+--------+--------+--------+--------+-----------+---------+-------------+------------
//     |   id   | flags  |  numbers of the records of each   | questions | answers | authorities | additionals
//     +--------+--------+--------+--------+--------+--------+-----------+---------+-------------+------------
//     a question: name, type, class; a record: name, type, class, time to live (32 bits), length of the data, data
import { formatHex } from "../../text/index.js";
import { putU16, u16, u32, type Writer } from "../../wire/index.js";
import { NameWriter, readName } from "./dns-names.js";
import { RECORD_TYPES, readRecordData, writeRecordData } from "./dns-records.js";
import { flagNames, type Given } from "./given.js";
import { MAX_ELEMENTS, type PayloadObject, type PayloadProtocol } from "./payload.js";
import { type Names, nameOf, refused, textOf } from "./values.js";

/** Characters of all texts of a message, after which the rest is `rest`: two bytes can point to a name of 255. */
export const MAX_CHARACTERS = 65_536;

const HEADER = 12;
const OPCODES: Names = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5 };
const RCODES: Names = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
};
const FLAGS: Names = {
  QR: 0x8000,
  AA: 0x0400,
  TC: 0x0200,
  RD: 0x0100,
  RA: 0x0080,
  Z: 0x0040,
  AD: 0x0020,
  CD: 0x0010,
};
/** Bits of the word that are no code. */
const FLAG_BITS = 0x87f0;
const CLASSES: Names = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 };
const SECTIONS = [
  { list: "questions", count: "question_count" },
  { list: "answers", count: "answer_count" },
  { list: "authorities", count: "authority_count" },
  { list: "additionals", count: "additional_count" },
] as const;

/** A question or record, where it ends, and how many characters its texts have. */
interface Entry {
  readonly object: PayloadObject;
  readonly stop: number;
  readonly characters: number;
}

function readEntry(
  isQuestion: boolean,
  b: Uint8Array,
  o: number,
  at: number,
  end: number,
): Entry | undefined {
  const name = readName(b, o, at, end);
  if (name === undefined) return undefined;
  const { text, stop: p } = name;
  if (end - p < (isQuestion ? 4 : 10)) return undefined;
  const type = u16(b, p);
  const object: PayloadObject = {
    name: text,
    type: nameOf(type, RECORD_TYPES),
    class: nameOf(u16(b, p + 2), CLASSES),
  };
  if (isQuestion) return { object, stop: p + 4, characters: text.length };
  object.ttl = u32(b, p + 4);
  const data = p + 10;
  const stop = data + u16(b, p + 8);
  if (stop > end) return undefined;
  Object.assign(object, readRecordData(type, b, o, data, stop));
  const texts = Object.values(object).filter((value) => typeof value === "string");
  return { object, stop, characters: texts.reduce((sum, value) => sum + value.length, 0) };
}

export const dns: PayloadProtocol = {
  name: "DNS",

  read(b, o, end) {
    if (end - o < HEADER) return undefined;
    const word = u16(b, o + 2);
    const object: PayloadObject = {
      id: u16(b, o),
      opcode: nameOf((word >> 11) & 15, OPCODES),
      rcode: nameOf(word & 15, RCODES),
      flags: flagNames(word & FLAG_BITS, FLAGS),
    };
    let at = o + HEADER;
    let left = MAX_ELEMENTS;
    let characters = 0;
    let whole = true;
    for (const [i, { list, count }] of SECTIONS.entries()) {
      const entries: PayloadObject[] = [];
      const wanted = u16(b, o + 4 + 2 * i);
      while (whole && entries.length < wanted) {
        const entry =
          left-- > 0 && characters < MAX_CHARACTERS ? readEntry(i === 0, b, o, at, end) : undefined;
        whole = entry !== undefined;
        if (entry === undefined) break;
        entries.push(entry.object);
        characters += entry.characters;
        at = entry.stop;
      }
      object[list] = entries;
      if (entries.length !== wanted) object[count] = wanted;
    }
    if (at < end) object.rest = formatHex(b, at, end);
    return object;
  },

  build(given, out) {
    const start = out.p;
    const opcode = given.named("opcode", OPCODES, 4, 0);
    const rcode = given.named("rcode", RCODES, 4, 0);
    const flags = given.flags("flags", FLAGS, 16) ?? 0;
    out.u16(given.number("id", 16, 0));
    if ((flags & ~FLAG_BITS) !== 0) throw refused(flags, "has bits that are no flags", given.at("flags"));
    out.u16(flags | (opcode << 11) | rcode);
    out.zeros(HEADER - 4);
    const names = new NameWriter(out, start);
    for (const [i, { list, count }] of SECTIONS.entries()) {
      const entries = given.objects(list);
      for (const entry of entries) buildEntry(i === 0, entry, out, names);
      putU16(out.b, start + 4 + 2 * i, given.number(count, 16) ?? entries.length);
    }
    out.bytes(given.hex("rest"));
  },
};

function buildEntry(isQuestion: boolean, entry: Given, out: Writer, names: NameWriter): void {
  names.write(textOf(entry.need("name"), entry.at("name")), entry.at("name"), true);
  const type = entry.named("type", RECORD_TYPES, 16, RECORD_TYPES.A!);
  out.u16(type);
  out.u16(entry.named("class", CLASSES, 16, CLASSES.IN!));
  if (!isQuestion) {
    out.u32(entry.number("ttl", 32, 0));
    const length = out.p;
    out.u16(0);
    writeRecordData(type, entry, out, names);
    out.patch16(length, out.p - length - 2, entry.path);
  }
  entry.finish();
}

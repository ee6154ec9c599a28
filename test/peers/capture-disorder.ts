/** Disorder made in captures of pcap format, as networks and programs that capture make it. */
import { fragment, partsOf } from "../pcap/ip-fragments.js";

const FILE_HEADER = 24;
const RECORD_HEADER = 16;

/** Deterministic numbers from 0 to n - 1. */
export type Chance = (n: number) => number;

/** Numbers that look random and are the same in each run. */
export function chance(seed: number): Chance {
  let state = seed;
  return (n) => {
    // Numerical Recipes' generator; its upper bits are the better ones.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** Takes records in their order and gives others. */
export type Disorder = (records: readonly Buffer[], random: Chance) => Buffer[];

/** What may happen to the packets of a capture in which nothing is missing. */
export const DISORDERS = {
  "packets that come later": (records, random) => {
    const list = [...records];
    for (let at = 0; at < list.length; at += 3 + random(9)) {
      const [moved] = list.splice(at, 1) as [Buffer];
      list.splice(Math.min(list.length, at + 1 + random(3)), 0, moved);
    }
    return list;
  },
  "packets that come twice": (records, random) =>
    records.flatMap((record) => (random(4) === 0 ? [record, record] : [record])),
  "segments that overlap": (records, random) =>
    records.flatMap((record) => {
      const at = payloadOf(record);
      const length = record.length - at;
      if (length < 2 || random(2) === 0) return [record];
      const [from, to] = [1 + random(length - 1), 1 + random(length)];
      return [part(record, 0, to), part(record, Math.min(from, to), length)];
    }),
  "segments that are cut in small ones": (records) =>
    records.flatMap((record) => {
      const length = record.length - payloadOf(record);
      const parts = Array.from({ length: Math.max(1, Math.ceil(length / 100)) }, (_, n) => n * 100);
      return length === 0 ? [record] : parts.map((at) => part(record, at, Math.min(length, at + 100)));
    }),
  "packets in fragments": (records, random) =>
    records.flatMap((record, id) => (random(3) === 0 ? fragmentsOf(record, id, random) : [record])),
} satisfies Readonly<Record<string, Disorder>>;

const lose: Disorder = (records, random) => records.filter(() => random(12) > 0);
const shorten: Disorder = (records, random) =>
  records.map((record) => (random(6) === 0 ? shortened(record, random) : record));

/** What may happen that loses some of it. */
export const LOSSES: Readonly<Record<string, Disorder>> = {
  "packets that are missing": lose,
  "packets that are captured short": shorten,
  "fragments that are missing": (records, random) =>
    DISORDERS["packets in fragments"](records, random).filter(() => random(25) > 0),
  "everything at once": (records, random) => {
    let list = [...records];
    for (const disorder of [
      DISORDERS["segments that overlap"],
      DISORDERS["packets in fragments"],
      shorten,
      DISORDERS["packets that come twice"],
      DISORDERS["packets that come later"],
      lose,
    ])
      if (random(2) === 0) list = disorder(list, random);
    return list;
  },
};

/** The records of a file of little-endian pcap, each with its header. */
export function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = FILE_HEADER; at + RECORD_HEADER <= file.length; ) {
    const end = at + RECORD_HEADER + file.readUInt32LE(at + 8);
    records.push(file.subarray(at, end));
    at = end;
  }
  return records;
}

/** The file with other records. */
export function withRecords(file: Buffer, records: readonly Buffer[]): Buffer {
  return Buffer.concat([file.subarray(0, FILE_HEADER), ...records]);
}

/** Where the bytes of TCP start in a record of Ethernet and IPv4. */
function payloadOf(record: Buffer): number {
  const ip = RECORD_HEADER + 14;
  const tcp = ip + (record[ip]! & 15) * 4;
  return Math.min(record.length, tcp + (record[tcp + 12]! >> 4) * 4);
}

/** A record with bytes `from` to `to` of its payload. */
function part(record: Buffer, from: number, to: number): Buffer {
  const at = payloadOf(record);
  const copy = Buffer.concat([record.subarray(0, at), record.subarray(at + from, at + to)]);
  const ip = RECORD_HEADER + 14;
  const tcp = ip + (copy[ip]! & 15) * 4;
  copy.writeUInt16BE(copy.length - ip, ip + 2);
  copy.writeUInt32BE((copy.readUInt32BE(tcp + 4) + from) >>> 0, tcp + 4);
  return withLength(copy);
}

/** A record in fragments, some of which come in another order. */
function fragmentsOf(record: Buffer, id: number, random: Chance): Buffer[] {
  const ip = RECORD_HEADER + 14;
  const data = record.length - ip - 20;
  const parts = partsOf(data, 8 * (1 + random(30))).map((part) =>
    withLength(fragment(record, ip, id & 0xffff, part)),
  );
  return random(2) === 0 ? parts : parts.reverse();
}

/** A record of which less was captured than was sent: its headers at least. */
function shortened(record: Buffer, random: Chance): Buffer {
  const at = payloadOf(record);
  const copy = Buffer.from(record.subarray(0, at + random(record.length - at + 1)));
  copy.writeUInt32LE(copy.length - RECORD_HEADER, 8);
  return copy;
}

/** The record, whose header says how long it is. */
function withLength(record: Buffer): Buffer {
  record.writeUInt32LE(record.length - RECORD_HEADER, 8);
  record.writeUInt32LE(record.length - RECORD_HEADER, 12);
  return record;
}

/**
 * Where the words of a frame are, by the schema: an interpreter of its rows that shares nothing with the generated
 * decoders but the model. Sweeps take from it what to change, and the oracle which bytes are padding.
 */
import {
  type BodyUnit,
  bodyUnit,
  caseHeaderBytes,
  caseUnit,
  type Definition,
  fixedBytes,
  fixedStruct,
  LIST_ROW,
  lengthWord,
  type Message,
  type Multipart,
  type Row,
  type Struct,
  structOfRow,
  type TypeRef,
  type Union,
  type UnionCase,
  type Width,
} from "../../src/schema/index.js";
import { model } from "../codec/arbitrary.js";

/** The type of messages that experimenters define. */
const EXPERIMENTER = 4;

/** `length` counts bytes; `type` chooses a layout; `chars` ends at a NUL; `value` is anything that has no structure. */
export type SiteKind = "length" | "type" | "enum" | "flags" | "number" | "chars" | "value" | "pad";

/** A run of bytes that means one thing. */
export interface Site {
  /** `GROUP_MOD.command`, `Action.OUTPUT.$length`: the part of the schema, and the row. */
  readonly name: string;
  readonly kind: SiteKind;
  /** Bytes from the start of the frame. */
  readonly at: number;
  readonly bytes: number;
  /** The meaning, for enums, flags and numbers. */
  readonly type?: string;
  /** Least value of a length. */
  readonly least?: number;
}

/** A frame that does not obey its lengths, as far as the walk goes. */
export class WalkError extends Error {}

/** All words of a frame in wire order. Throws WalkError where a length leads nowhere. */
export function walk(frame: Buffer): Site[] {
  const walker = new Walker(frame);
  walker.message(0, frame.length);
  return walker.sites;
}

/** Names of what every frame has. */
export const HEADER_SITES = ["header.version", "header.type", "header.$length", "header.xid"] as const;

class Walker {
  readonly sites: Site[] = [];
  readonly #b: Buffer;
  #version = 0;

  constructor(frame: Buffer) {
    this.#b = frame;
  }

  message(o: number, end: number): void {
    if (end - o < 8) throw new WalkError("short header");
    const outer = this.#version;
    this.#version = this.#b[o] as number;
    this.#add("header.version", "type", o, 1);
    this.#add("header.type", "type", o + 1, 1);
    this.#length("header.$length", o + 2, 2, 8);
    this.#add("header.xid", "value", o + 4, 4);
    const type = this.#b[o + 1] as number;
    const part = partOf(this.#version, type);
    if (part === undefined) {
      if (!(type === EXPERIMENTER && this.#theirs("message", o + 8, 8, end))) {
        this.#body("message", type, o + 8, end);
      }
    } else {
      const padded = this.#version > 1;
      if (end - o < (padded ? 16 : 12)) throw new WalkError("short multipart header");
      this.#add("multipart.type", "type", o + 8, 2);
      this.#add("multipart.flags", "value", o + 10, 2);
      if (padded) this.#add("multipart.$pad", "pad", o + 12, 4);
      const own = this.#b.readUInt16BE(o + 8);
      const at = o + (padded ? 16 : 12);
      if (!(own === 0xffff && this.#theirs(part, at, padded ? 8 : 12, end))) this.#body(part, own, at, end);
    }
    this.#version = outer;
  }

  /**
   * A body whose type is an experimenter's. False when it has no name, or is not as its definition says: it is an experimenter's
   * bytes then. @param path  bytes before it
   */
  #theirs(part: "message" | "request" | "reply", o: number, path: number, end: number): boolean {
    if (end - o < path) return false;
    const [experimenter, type] = [this.#b.readUInt32BE(o), this.#b.readUInt32BE(o + 4)];
    const body = this.#find(part, type, experimenter);
    if (body === undefined) return false;
    const before = this.sites.length;
    const version = this.#version;
    this.#add("experimenter", "value", o, 4);
    this.#add("experimenter.type", "type", o + 4, 4);
    if (path > 8) this.#add("experimenter.$pad", "pad", o + 8, path - 8);
    try {
      this.#exact(bodyUnit(body), o + path, end);
    } catch (error) {
      if (!(error instanceof WalkError)) throw error;
      this.sites.length = before;
      this.#version = version;
      return false;
    }
    return true;
  }

  #find(
    part: "message" | "request" | "reply",
    type: number,
    experimenter: number | undefined,
  ): Message | Multipart | undefined {
    const found = [...model.definitions.values()].find(
      (d) =>
        (part === "message" ? d.kind === "message" : d.kind === "multipart" && d.part === part) &&
        "experimenter" in d &&
        d.experimenter === experimenter &&
        d.type[this.#version] === type,
    );
    return found?.kind === "message" || found?.kind === "multipart" ? found : undefined;
  }

  #body(part: "message" | "request" | "reply", type: number, o: number, end: number): void {
    const body = this.#find(part, type, undefined);
    if (body === undefined) this.#rest("_RAW_MESSAGE", o, end);
    else this.#exact(bodyUnit(body), o, end);
  }

  #exact(unit: BodyUnit, o: number, end: number): void {
    const p = this.#rows(unit, o, end);
    if (p !== end) throw new WalkError(`${unit.id} ends at ${p}, not ${end}`);
  }

  /** Visits the rows of a unit that starts at `o`, header included. Returns where they end. */
  #rows(unit: BodyUnit, o: number, end: number): number {
    const lengths = new Map<string, number>();
    const variables = new Map<string, number>();
    let p = o + unit.headerBytes(this.#version);
    for (const row of unit.rows[this.#version] ?? []) {
      switch (row.kind) {
        case "set":
          break;
        case "pad":
          p = this.#take(`${unit.id}.$pad`, "pad", p, row.n, end);
          break;
        case "align": {
          const to = row.ifMore && p === end ? p : o + Math.ceil((p - o) / row.n) * row.n;
          p = this.#take(`${unit.id}.$align`, "pad", p, to - p, end);
          break;
        }
        case "length": {
          const name = row.of === undefined ? `${unit.id}.$length` : `${unit.id}.$length ${row.of}`;
          const counted = this.#length(name, p, row.bytes, 0);
          const list = (unit.rows[this.#version] ?? []).find((r) => r.kind === "field" && r.name === row.of);
          const item = list?.kind === "field" && list.width.kind === "list" ? list.width.item : 1;
          lengths.set(row.of ?? "", row.elements ? counted * item : counted);
          p += row.bytes;
          break;
        }
        case "variable":
          variables.set(row.name, this.#read(p, Math.min(row.bytes, 4) as 1 | 2 | 4));
          p = this.#take(
            `${unit.id}.${row.name}`,
            isRead(unit.rows[this.#version] ?? [], row.name, variables) ? "value" : "pad",
            p,
            row.bytes,
            end,
          );
          break;
        case "native":
          p = this.#native(unit, row.fn, p, end);
          break;
        case "tlvs":
          p = this.#list(unionOf(row.union), p, end);
          break;
        case "inline":
          p = this.#field(unit, row, { kind: row.width }, p, end);
          break;
        case "field": {
          if (!isThere(row, variables, end - p)) break;
          if (row.width.kind === "int" && row.width.bytes <= 4)
            variables.set(row.name, this.#read(p, row.width.bytes as 1 | 2 | 4));
          const length = lengths.get(row.name);
          if (length !== undefined && p + length > end) throw new WalkError(`${unit.id}.${row.name}`);
          // That of a match leaves its padding out, as the match's own does.
          const isMatch = row.width.kind === "oxm_match";
          if (isMatch && length !== undefined && length !== this.#read(p + 2, 2))
            throw new WalkError(row.name);
          p = this.#field(unit, row, row.width, p, length === undefined || isMatch ? end : p + length);
        }
      }
    }
    return p;
  }

  #field(
    unit: BodyUnit,
    row: Row & { readonly kind: "field" | "inline" },
    width: Width,
    p: number,
    end: number,
  ): number {
    const name = row.kind === "field" ? `${unit.id}.${row.name}` : unit.id;
    const type = row.kind === "field" ? typeOf(unit, row.name) : unit.json.find((f) => f.inline)?.type;
    switch (width.kind) {
      case "int":
        return this.#scalar(name, type, p, width.bytes, end);
      case "bytes":
        return this.#take(name, "value", p, width.n ?? end - p, end);
      case "chars":
        return this.#take(name, "chars", p, width.n, end);
      case "native": {
        const told = width.least === undefined ? width.n : align8(this.#read(p + 2, 2));
        return this.#native(unit, width.fn, p, told === undefined ? end : p + told);
      }
      case "oxm_or": {
        // Behind an OXM header there is a bit range of 16 bits.
        const used = this.#read(p, 4) === 0 ? width.bytes : 2;
        const to = this.#take(name, "value", p, 4 + used, end);
        return this.#take(name, "pad", to, width.bytes - used, end);
      }
      case "oxm_id":
        return this.#take(name, "value", p, this.#read(p, 2) === 0xffff ? 8 : 4, end);
      case "struct":
        return this.#struct(structOfRow(model, unit, row), p, end);
      case "ids":
        return this.#ids(name, definitionOf(type), p, end);
      case "wrap":
        return this.#list(wrapped(type, width.case), p, end);
      case "list":
        return this.#items(name, type, width.item, p, end);
      case "oxm":
        return this.#tlv(name, definitionOf(type), p, end);
      case "oxm_match":
      case "oxs_stats":
        return this.#padded(name, definitionOf(type), width.kind, p, end);
      case "message": {
        const length = this.#read(p + 2, 2);
        if (length < 8 || p + length > end) throw new WalkError(name);
        this.message(p, p + length);
        return p + length;
      }
    }
  }

  #scalar(name: string, type: TypeRef | undefined, p: number, bytes: number, end: number): number {
    const d = definitionOf(type);
    const kind = d?.kind === "code" ? "enum" : d?.kind;
    const known = kind === "enum" || kind === "flags" || kind === "number";
    if (!known) return this.#take(name, "value", p, bytes, end);
    if (p + bytes > end) throw new WalkError(name);
    this.sites.push({ name, kind, at: p, bytes, type: d?.name ?? "" });
    return p + bytes;
  }

  #struct(struct: Struct | undefined, p: number, end: number): number {
    if (struct === undefined) throw new Error("no struct");
    const size = fixedStruct(model, struct, this.#version);
    const word = lengthWord(model, struct, this.#version);
    let to = end;
    if (word !== undefined) {
      const counted = this.#read(p + word.offset, word.bytes);
      const all = word.before + counted;
      to = p + (word.padded ? align8(all) : all);
    } else if (size !== undefined) to = p + size;
    if (to > end || to < p) throw new WalkError(struct.name);
    this.#exact(bodyUnit(struct), p, to);
    return struct.align > 1
      ? this.#take(`${struct.name}.$align`, "pad", to, align8(to - p) - (to - p), end)
      : to;
  }

  #items(name: string, type: TypeRef | undefined, item: number, o: number, end: number): number {
    const d = definitionOf(type);
    if (d?.kind === "union") return this.#list(d, o, end);
    let p = o;
    while (p < end) {
      const before = p;
      if (d?.kind === "struct") p = this.#struct(d, p, end);
      else if (d?.kind === "tlv_table") p = this.#tlv(name, d, p, end);
      else p = this.#scalar(name, type, p, item, end);
      if (p === before) throw new WalkError(`${name}: an item without bytes`);
    }
    return p;
  }

  /** The elements of a union. */
  #list(union: Union, o: number, end: number): number {
    let p = o;
    while (p < end) p = this.#element(union, p, end);
    return p;
  }

  #element(union: Union, o: number, end: number): number {
    const size = union.header.reduce((sum, { bytes }) => sum + bytes, 0);
    if (end - o < size) throw new WalkError(union.name);
    let type = 0;
    let length = 0;
    const places: [word: "type" | "length" | "pad", at: number, bytes: number][] = [];
    let p = o;
    for (const { word, bytes } of union.header) {
      places.push([word, p, bytes]);
      if (word === "type") type = this.#read(p, bytes);
      if (word === "length") length = this.#read(p, bytes);
      p += bytes;
    }
    const to = o + length;
    if (length < size || to > end) throw new WalkError(union.name);
    const found = this.#caseAt(union, type, o, to);
    const name = `${union.name}.${found?.name ?? "unknown"}`;
    for (const [word, at, bytes] of places) {
      if (word === "length") this.#length(`${name}.$length`, at, bytes, size);
      else this.#add(`${name}.$${word}`, word, at, bytes);
    }
    if (found === undefined) this.#rest(name, p, to);
    else {
      const path = caseHeaderBytes(union, found.type[this.#version] ?? []) - size;
      this.#take(`${name}.$path`, "type", p, path, to);
      this.#exact(caseUnit(model, union, found), o, to);
    }
    const next = union.align > 1 ? Math.min(end, o + align8(length)) : to;
    return this.#take(`${name}.$align`, "pad", to, next - to, end);
  }

  /** The case whose codes stand at `o`, the one with the longest path. */
  #caseAt(union: Union, type: number, o: number, end: number): UnionCase | undefined {
    const fits = union.cases.filter(({ type: codes }) => {
      const code = codes[this.#version];
      if (code?.[0] !== type) return false;
      let p = o + caseHeaderBytes(union, [type]);
      return code.slice(1).every((word, i) => {
        const bytes = union.path[i]?.bytes ?? 4;
        p += bytes;
        return p <= end && this.#read(p - bytes, bytes) === word;
      });
    });
    const steps = (one: UnionCase): number => one.type[this.#version]?.length ?? 0;
    return fits.sort((a, b) => steps(b) - steps(a))[0];
  }

  #ids(name: string, d: Definition | undefined, o: number, end: number): number {
    let p = o;
    while (p < end) {
      if (end - p < 4) throw new WalkError(name);
      if (d?.kind === "tlv_table") {
        const bytes = this.#read(p, 2) === 0xffff ? 8 : 4;
        p = this.#take(`${name}.$id`, "type", p, bytes, end);
        continue;
      }
      const length = this.#length(`${name}.$length`, p + 2, 2, 4);
      if (length < 4 || length > end - p) throw new WalkError(name);
      this.#add(`${name}.$id`, "type", p, 2);
      p = this.#take(name, "value", p + 4, length - 4, end);
    }
    return p;
  }

  /** `type or reserved word, length, TLVs, padding to 8`. */
  #padded(
    name: string,
    d: Definition | undefined,
    kind: "oxm_match" | "oxs_stats",
    o: number,
    end: number,
  ): number {
    if (end - o < 4) throw new WalkError(name);
    if (kind === "oxm_match") this.#add(`${name}.$type`, "type", o, 2);
    else this.#add(`${name}.$reserved`, "pad", o, 2);
    const length = this.#length(`${name}.$length`, o + 2, 2, 4);
    const to = o + length;
    if (length < 4 || o + align8(length) > end) throw new WalkError(name);
    let p = o + 4;
    while (p < to) p = this.#tlv(name, d, p, to);
    return this.#take(`${name}.$align`, "pad", to, align8(length) - length, end);
  }

  #tlv(where: string, d: Definition | undefined, o: number, end: number): number {
    if (d?.kind !== "tlv_table") throw new Error(`${where} has no TLVs`);
    if (end - o < 4) throw new WalkError(where);
    const oxmClass = this.#read(o, 2);
    const field = this.#read(o + 2, 1) >>> 1;
    const length = this.#read(o + 3, 1);
    const to = o + 4 + length;
    if (to > end) throw new WalkError(where);
    const vendor = oxmClass === 0xffff && length >= 4 ? this.#read(o + 4, 4) : undefined;
    const found = d.cases.find(
      (c) => c.oxmClass === oxmClass && c.field === field && c.experimenter === vendor,
    );
    const name = `${d.name}.${found?.name ?? "unknown"}`;
    this.#add(`${name}.$class`, "type", o, 2);
    this.#add(`${name}.$field`, "type", o + 2, 1);
    this.#length(`${name}.$length`, o + 3, 1, vendor === undefined ? 0 : 4);
    const p = vendor === undefined ? o + 4 : this.#take(`${name}.$experimenter`, "type", o + 4, 4, to);
    const value = definitionOf(found?.type);
    const bytes = to - p;
    const whole = value?.kind === "number" || value?.kind === "enum" || value?.kind === "flags";
    if (whole && (bytes === 1 || bytes === 2 || bytes === 4))
      return this.#scalar(name, found?.type, p, bytes, to);
    return this.#take(name, "value", p, bytes, to);
  }

  /** What is read and written by hand: its lengths and types, from the same figures. */
  #native(unit: BodyUnit, fn: string, o: number, end: number): number {
    switch (fn) {
      case "hello": {
        let p = o;
        while (p < end) {
          if (end - p < 4) return this.#rest("hello.unknown", p, end);
          const length = this.#read(p + 2, 2);
          this.#add("hello.$type", "type", p, 2);
          this.#length("hello.$length", p + 2, 2, 4);
          if (length < 4 || length > end - p) return this.#rest("hello.unknown", p + 4, end);
          this.#take("hello", "value", p + 4, length - 4, end);
          const next = Math.min(end, p + align8(length));
          p = this.#take("hello.$align", "pad", p + length, next - p - length, end);
        }
        return p;
      }
      case "match_1_1":
        this.#add("match_1_1.$type", "type", o, 2);
        this.#length("match_1_1.$length", o + 2, 2, 88);
        return this.#take("match_1_1", "value", o + 4, end - o - 4, end);
      case "match_1_1_or_oxm": {
        if (o + 4 > end) throw new WalkError(fn);
        this.#add(`${fn}.$type`, "type", o, 2);
        const length = this.#length(`${fn}.$length`, o + 2, 2, 4);
        if (this.#read(o, 2) !== 1) return this.#take(fn, "value", o + 4, end - o - 4, end);
        let p = o + 4;
        while (p < o + length) p = this.#tlv(fn, model.definitions.get("Field"), p, o + length);
        // Kept with the whole match.
        return this.#take(fn, "value", p, end - p, end);
      }
      case "learn":
        // The low bits of the first word of each spec are a length in bits.
        for (let p = o; p + 2 <= end; p += 2) this.#add("learn.$length", "length", p, 2);
        return end;
      default:
        return this.#take(`${unit.id}.${fn}`, "value", o, end - o, end);
    }
  }

  #rest(name: string, o: number, end: number): number {
    return this.#take(name, "value", o, end - o, end);
  }

  #length(name: string, at: number, bytes: number, least: number): number {
    this.sites.push({ name, kind: "length", at, bytes, least });
    return this.#read(at, bytes);
  }

  #take(name: string, kind: SiteKind, at: number, bytes: number, end: number): number {
    if (at + bytes > end) throw new WalkError(name);
    if (bytes > 0) this.#add(name, kind, at, bytes);
    return at + bytes;
  }

  #add(name: string, kind: SiteKind, at: number, bytes: number): void {
    this.sites.push({ name, kind, at, bytes });
  }

  #read(at: number, bytes: number): number {
    if (at + bytes > this.#b.length) throw new WalkError(`byte ${at}`);
    return this.#b.readUIntBE(at, bytes);
  }
}

/** Whether some row that is there cites a wire variable. */
function isRead(rows: readonly Row[], name: string, variables: ReadonlyMap<string, number>): boolean {
  const cites = (row: Row): boolean =>
    row.kind === "field" && row.width.kind === "oxm_id" && row.width.vars.includes(name);
  const by = rows.filter(cites) as (Row & { readonly kind: "field" })[];
  return by.length === 0 || by.some((row) => isThere(row, variables, 0));
}

/** Whether a row with `when` is there. */
function isThere(
  row: Row & { readonly kind: "field" },
  variables: ReadonlyMap<string, number>,
  left: number,
): boolean {
  const { when, width } = row;
  if (when?.kind === "bits") return ((variables.get(when.variable) ?? 0) & when.bits) !== 0;
  return when === undefined || left >= (width.kind === "int" ? width.bytes : 0);
}

/** What a type code of a version says of the body; undefined for messages that are no multiparts. */
function partOf(version: number, type: number): "request" | "reply" | undefined {
  const request = version === 1 ? 16 : 18;
  if (type === request) return "request";
  return type === request + 1 ? "reply" : undefined;
}

/** The definition that a type names. */
export function definitionOf(type: TypeRef | undefined): Definition | undefined {
  return type && model.definitions.get(type.name);
}

/** The meaning of a row. */
export function typeOf(unit: BodyUnit, name: string): TypeRef | undefined {
  return name === LIST_ROW ? unit.jsonList : unit.json.find((f) => f.name === name)?.type;
}

/** The union of a name. Throws where there is none. */
export function unionOf(name: string | undefined): Union {
  const d = model.definitions.get(name ?? "");
  if (d?.kind !== "union") throw new Error(`${name} is no union`);
  return d;
}

/** The union of the elements of the list in a case: instructions hold actions. */
export function wrapped(type: TypeRef | undefined, name: string): Union {
  const inner = unionOf(type?.name).cases.find((c) => c.name === name);
  return unionOf(inner?.json.find((f) => f.type?.list)?.type?.name);
}

/** Bytes of a row whose size never varies. */
export function sizeOf(unit: BodyUnit, row: Row, version: number): number | undefined {
  return fixedBytes(model, unit, row, version);
}

function align8(n: number): number {
  return (n + 7) & ~7;
}

// Decoders of structs, messages, multiparts and union cases: lengths are checked once per fixed run, then the keys are
// printed in the order of `json` from offsets that the rows give.
import type { BodyUnit, JsonField, Row, TypeRef, Union, Width } from "../schema/index.js";
import { caseUnit } from "../schema/index.js";
import type { Generation } from "./context.js";
import { constantNumber, constantText, emitValue, importReaders } from "./decode-values.js";
import {
  fieldTypes,
  fixedSize,
  leastSize,
  plus,
  readInt,
  structLeastSize,
  structLength,
  typeOfRow,
} from "./layout.js";
import { camel, nativeName, quote } from "./naming.js";
import type { SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";
import { decoderFunction, TextLines } from "./text-lines.js";

const WIRE = "wire/index";

type FieldRow = Extract<Row, { kind: "field" }>;
type TlvsRow = Extract<Row, { kind: "tlvs" }>;

/** A key's value on the wire. */
interface Source {
  readonly width: Width;
  readonly at: string;
  readonly end: string;
  /** Source of a condition under which the value is there. */
  readonly when: string | undefined;
  readonly residue: string | undefined;
}

/** Emits the decoder of one unit for the group of one version. */
export function emitBodyDecoder(
  g: Generation,
  module: SourceModule,
  unit: BodyUnit,
  version: number,
  doc: string,
): void {
  const body = new BodyDecoder(g, module, unit, version);
  const text = module.use("type Text", "text/index");
  const name = `decode${g.unitName(unit.id, version)}`;
  const signature = `export function ${name}(b: Buffer, o: number, end: number, w: ${text}): void`;
  module.add(`/** ${oneLine(doc)} */\n${decoderFunction(signature, body.emit())}`);
}

class BodyDecoder {
  readonly #g: Generation;
  readonly #module: SourceModule;
  readonly #unit: BodyUnit;
  readonly #version: number;
  readonly #out = new TextLines();
  readonly #types: ReadonlyMap<string, string>;
  readonly #sources = new Map<string, Source>();
  readonly #set = new Map<string, Extract<Row, { kind: "set" }>>();
  readonly #variables = new Map<string, string>();
  readonly #lengths = new Map<string, string>();
  #inline: Source | undefined;
  #tlvs: { row: TlvsRow; at: string; union: Union } | undefined;
  #native: string | undefined;

  constructor(g: Generation, module: SourceModule, unit: BodyUnit, version: number) {
    this.#g = g;
    this.#module = module;
    this.#unit = unit;
    this.#version = version;
    this.#types = fieldTypes(unit);
  }

  emit(): TextLines {
    this.#layOut();
    if (this.#native !== undefined) return this.#out;
    if (this.#tlvs) this.#scanTlvs(this.#tlvs);
    this.#print();
    return this.#out;
  }

  #use(name: string, from: string): string {
    return this.#module.use(name, from);
  }

  #read(bytes: 1 | 2 | 3 | 4 | 8, at: string, shift = 0): string {
    return importReaders(this.#module, readInt(bytes, at, shift));
  }

  #throwShort(at: string, need: number | string): string {
    return `throw ${this.#use("short", WIRE)}(${quote(this.#unit.label)}, ${at}, end, ${need});`;
  }

  #throwLength(part: string, at: string): string {
    const label = part === "" ? this.#unit.label : `${this.#unit.label}.${part}`;
    return `throw ${this.#use("badLength", WIRE)}(${quote(label)}, ${at});`;
  }

  // ---- where the rows are

  #layOut(): void {
    const rows = this.#unit.rows[this.#version] ?? [];
    const least = rows.map((r) => leastSize(this.#g, r, typeOfRow(this.#g, r, this.#types), this.#version));
    let base = "o";
    let offset = this.#unit.headerBytes(this.#version);
    let bounded = true;
    let checked = false;
    /** Checks for all bytes that are sure to follow the base. */
    const check = (from: number, start: number): void => {
      const need = least.slice(from).reduce((sum, n) => sum + n, start);
      checked = true;
      if (need > 0) this.#out.add(`if (end - ${base} < ${need}) ${this.#throwShort(base, need)}`);
    };
    const allFixed = rows.every(
      (r) => fixedSize(this.#g, r, typeOfRow(this.#g, r, this.#types), this.#version) !== undefined,
    );
    if (allFixed) {
      const size = least.reduce((sum, n) => sum + n, offset);
      this.#out.add(`if (end - o !== ${size}) ${this.#throwLength("", "o")}`);
      checked = true;
    }
    rows.forEach((row, i) => {
      if (!checked) check(i, offset);
      const at = plus(base, offset);
      const type = typeOfRow(this.#g, row, this.#types);
      const size = fixedSize(this.#g, row, type, this.#version);
      if (size !== undefined) {
        this.#placeFixed(row, at, plus(base, offset + size));
        offset += size;
        return;
      }
      const end = this.#placeVariable(row, at, i);
      bounded = end !== "end";
      base = end;
      offset = 0;
      checked = allFixed || i === rows.length - 1;
    });
    if (bounded && !allFixed && this.#native === undefined) {
      if (rows.length === 0) this.#out.add(`if (end - o !== ${offset}) ${this.#throwLength("", "o")}`);
      else this.#out.add(`if (${plus(base, offset)} !== end) ${this.#throwLength("", plus(base, offset))}`);
    }
  }

  #placeFixed(row: Row, at: string, end: string): void {
    if (row.kind === "set") this.#set.set(row.name, row);
    if (row.kind === "variable") this.#variables.set(row.name, this.#read(row.bytes, at));
    if (row.kind === "length" && row.of !== undefined) this.#lengths.set(row.of, this.#read(row.bytes, at));
    if (row.kind === "inline")
      this.#inline = { width: { kind: "struct" }, at, end, when: undefined, residue: undefined };
    if (row.kind === "field")
      this.#sources.set(row.name, { width: row.width, at, end, when: undefined, residue: row.residue });
  }

  /** Emits what finds the end of a row of varying size; returns the source of that end. */
  #placeVariable(row: Row, at: string, index: number): string {
    const out = this.#out;
    switch (row.kind) {
      case "align": {
        const name = `aligned${index}`;
        const to =
          row.n === 8
            ? `o + ${this.#use("align8", WIRE)}(${at} - o)`
            : `o + Math.ceil((${at} - o) / ${row.n}) * ${row.n}`;
        out.add(`const ${name} = ${row.ifMore ? `${at} === end ? end : ` : ""}${to};`);
        return name;
      }
      case "native": {
        this.#native = row.fn;
        const name = `decode${nativeName(row.fn)}`;
        out.add(
          `${this.#use(name, `codec/native/decode/${row.fn.replaceAll("_", "-")}`)}(b, ${at}, end, w);`,
        );
        return "end";
      }
      case "tlvs":
        this.#tlvs = { row, at, union: this.#g.union(row.union) };
        return "end";
      case "inline": {
        const end = this.#extent("inline", row.width, at, "$inline");
        this.#inline = { width: { kind: row.width }, at, end, when: undefined, residue: undefined };
        return end;
      }
      case "field": {
        const end = this.#extentOfField(row, at);
        this.#sources.set(row.name, {
          width: row.width,
          at,
          end,
          when: row.when ? `${at} !== ${end}` : undefined,
          residue: row.residue,
        });
        return end;
      }
      default:
        throw new Error(`${row.kind} has no varying size`);
    }
  }

  #extentOfField(row: FieldRow, at: string): string {
    const length = this.#lengths.get(row.name);
    const end = `${camel(row.name)}End`;
    if (row.when) {
      const size =
        fixedSize(
          this.#g,
          { ...row, when: undefined },
          typeOfRow(this.#g, row, this.#types),
          this.#version,
        ) ?? 0;
      const variable = this.#variables.get(row.when.variable) ?? "0";
      this.#out.add(`const ${end} = (${variable} & ${row.when.bits}) !== 0 ? ${at} + ${size} : ${at};`);
      this.#out.add(`if (${end} > end) ${this.#throwShort(at, size)}`);
      return end;
    }
    if (length !== undefined) {
      this.#out.add(`const ${end} = ${at} + ${length};`);
      this.#out.add(`if (${end} > end) ${this.#throwLength(row.name, at)}`);
      return end;
    }
    return this.#extent(camel(row.name), row.width.kind, at, row.name);
  }

  #extent(local: string, kind: Width["kind"], at: string, key: string): string {
    const out = this.#out;
    const end = `${local}End`;
    switch (kind) {
      case "oxm_match":
      case "oxs_stats": {
        const next = `${local}Next`;
        out.add(`const ${end} = ${at} + ${this.#read(2, `${at} + 2`)};`);
        out.add(`const ${next} = ${at} + ${this.#use("align8", WIRE)}(${end} - (${at}));`);
        const type = kind === "oxm_match" ? `${this.#read(2, at)} !== 1 || ` : "";
        out.add(`if (${type}${end} - (${at}) < 4 || ${next} > end) ${this.#throwLength(key, at)}`);
        return next;
      }
      case "oxm":
        out.add(`const ${end} = ${at} + 4 + b[${at} + 3]!;`);
        out.add(`if (${end} > end) ${this.#throwLength("field", `${at} + 3`)}`);
        return end;
      case "oxm_id":
        out.add(`const ${end} = ${at} + (${this.#read(2, at)} === 0xffff ? 8 : 4);`);
        out.add(`if (${end} > end) ${this.#throwShort(at, 8)}`);
        return end;
      case "message":
        out.add(`const ${end} = ${at} + ${this.#read(2, `${at} + 2`)};`);
        out.add(
          `if (${end} - (${at}) < 8 || ${end} > end) ${this.#throwLength(key === "$inline" ? "" : key, `${at} + 2`)}`,
        );
        return end;
      case "struct": {
        const type = this.#types.get(key);
        const d = type === undefined ? undefined : this.#g.definition(type);
        const own = d?.kind === "struct" ? structLength(this.#g, d, this.#version) : undefined;
        if (d?.kind !== "struct" || own === undefined) return "end";
        out.add(`const ${end} = ${at} + ${importReaders(this.#module, own.source(at))};`);
        const min = structLeastSize(this.#g, d, this.#version);
        out.add(
          `if (${end} - (${at}) < ${min} || ${end} > end) ${this.#throwLength(d.name, `${at} + ${own.offset}`)}`,
        );
        return end;
      }
      default:
        return "end";
    }
  }

  // ---- property lists

  #hoisted(): { name: string; local: string; to: string; unit: BodyUnit; code: number; always: boolean }[] {
    const tlvs = this.#tlvs;
    if (!tlvs) return [];
    return [...tlvs.row.hoist].flatMap(([name, to]) => {
      const c = tlvs.union.cases.find((one) => one.name === name);
      const code = c?.type[this.#version]?.[0];
      if (c === undefined || code === undefined) return [];
      const unit = caseUnit(this.#g.model, tlvs.union, c);
      return [{ name, local: `${camel(name)}At`, to, unit, code, always: tlvs.row.always.includes(name) }];
    });
  }

  #scanTlvs(tlvs: { row: TlvsRow; at: string; union: Union }): void {
    const out = this.#out;
    const header = unionHeader(tlvs.union);
    const hoisted = this.#hoisted();
    for (const h of hoisted) out.add(`let ${h.local} = 0;`);
    out.add("let others = 0;");
    if (hoisted.length > 0) {
      out.add("let reached = 0;");
      out.add("let odd = false;");
    }
    out.open(`for (let q = ${tlvs.at}; q < end; ) {`);
    out.add(`if (end - q < ${header.size}) ${this.#throwShort("q", header.size)}`);
    out.add(`const length = ${this.#read(header.lengthBytes, plus("q", header.lengthAt))};`);
    out.add(
      `if (length < ${header.size} || length > end - q) ${this.#throwLength(tlvs.row.rest, `q + ${header.lengthAt}`)}`,
    );
    if (hoisted.length > 0) {
      out.open(`switch (${this.#read(header.typeBytes, plus("q", header.typeAt))}) {`);
      hoisted.forEach((h, i) => {
        const { fixed, least } = this.#caseSize(h.unit);
        out.open(`case ${h.code}:`);
        out.open(`if (${h.local} !== 0) {`);
        out.add("others++;");
        out.add("reached = 99;");
        out.add("break;");
        out.close();
        out.add(`if (length ${fixed ? "!==" : "<"} ${least}) ${this.#throwLength(h.name, "q")}`);
        out.add(`if (reached > ${i}) odd = true;`);
        out.add(`reached = ${i + 1};`);
        out.add(`${h.local} = q;`);
        out.add("break;");
        out.close("");
      });
      out.open("default:");
      out.add("others++;");
      out.add("reached = 99;");
      out.close("");
      out.close();
    } else {
      out.add("others++;");
    }
    out.add(`q += ${this.#step("length", tlvs.union)};`);
    out.close();
    const oddities = hoisted.flatMap((h) => {
      if (h.always) return [`${h.local} === 0`];
      if (h.to !== ".") return [];
      const nothing = this.#allAbsent(h.unit, h.local, header);
      return nothing === "false" ? [] : [`(${h.local} !== 0 && ${nothing})`];
    });
    if (oddities.length > 0) out.add(`if (${oddities.join(" || ")}) odd = true;`);
  }

  #step(length: string, union: Union): string {
    return union.align === 8 ? `${this.#use("align8", WIRE)}(${length})` : length;
  }

  #caseSize(unit: BodyUnit): { fixed: boolean; least: number } {
    const types = fieldTypes(unit);
    const rows = unit.rows[this.#version] ?? [];
    const type = (r: Row) => typeOfRow(this.#g, r, types);
    return {
      fixed: rows.every((r) => fixedSize(this.#g, r, type(r), this.#version) !== undefined),
      least: rows.reduce(
        (sum, r) => sum + leastSize(this.#g, r, type(r), this.#version),
        unit.headerBytes(this.#version),
      ),
    };
  }

  /** Source that is true when a property says only what its absence says. */
  #allAbsent(unit: BodyUnit, local: string, header: UnionHeader): string {
    const tests = [...this.#caseSources(unit, local, header)].map(([key, source]) => {
      const field = this.#unit.json.find((f) => f.name === key) ?? unit.json.find((f) => f.name === key);
      const absent = field?.absent ?? field?.default;
      if (source.width.kind !== "int" || field?.type === undefined) return `${source.at} === ${source.end}`;
      const value =
        absent === undefined ? undefined : constantNumber(this.#g, field.type, absent, this.#version);
      return value === undefined ? "false" : `${this.#read(source.width.bytes, source.at)} === ${value}`;
    });
    return tests.length === 0 ? "true" : tests.includes("false") ? "false" : tests.join(" && ");
  }

  /** Where the keys of a hoisted case are, seen from the local that holds its start. */
  #caseSources(unit: BodyUnit, local: string, header: UnionHeader): Map<string, Source> {
    const sources = new Map<string, Source>();
    const types = fieldTypes(unit);
    let offset = unit.headerBytes(this.#version);
    const elementEnd = `${local} + ${this.#read(header.lengthBytes, plus(local, header.lengthAt))}`;
    for (const row of unit.rows[this.#version] ?? []) {
      const size = fixedSize(this.#g, row, typeOfRow(this.#g, row, types), this.#version);
      const at = plus(local, offset);
      if (row.kind === "field") {
        const end = size === undefined ? elementEnd : plus(local, offset + size);
        sources.set(row.name, { width: row.width, at, end, when: `${local} !== 0`, residue: undefined });
      }
      offset += size ?? 0;
    }
    return sources;
  }

  // ---- printing

  #print(): void {
    const out = this.#out;
    const header = this.#tlvs ? unionHeader(this.#tlvs.union) : undefined;
    const hoisted = this.#hoisted();
    const copies = this.#copies();
    const spread = new Map<string, Source>();
    for (const h of hoisted) {
      if (h.to !== "." || !header) continue;
      for (const [key, source] of this.#caseSources(h.unit, h.local, header)) spread.set(key, source);
    }
    if (this.#unit.jsonList) return this.#printArray(this.#unit.jsonList);

    let first = true;
    let sure = false;
    const comma = (): void => {
      if (sure) out.text(",");
      else if (!first) out.add("if (w.p !== start) w.o[w.p++] = 0x2c;");
    };
    const optional = (condition: string, print: () => void): void => {
      out.open(`if (${condition}) {`);
      if (!sure && first) first = false;
      comma();
      print();
      out.close();
      first = false;
    };
    const always = (print: () => void): void => {
      comma();
      print();
      first = false;
      sure = true;
    };
    const startsOptional = this.#startsOptional(spread, copies);
    if (startsOptional) out.add("const start = w.p;");

    for (const field of this.#unit.json) {
      if (field.since > this.#version) continue;
      const key = `${quote(field.name)}:`;
      if (field.inline) {
        always(() => this.#printInline(field));
        continue;
      }
      if (field.derived) {
        const data = this.#sources.get(field.derived.arg);
        if (data === undefined) continue;
        const name = this.#use(
          `write${nativeName(field.derived.fn)}`,
          `codec/native/decode/${field.derived.fn.replaceAll("_", "-")}`,
        );
        out.add(`${name}(b, ${data.at}, ${data.end}, w);`);
        continue;
      }
      if (field.type === undefined) continue;
      const type = field.type;
      const source = this.#sources.get(field.name) ?? spread.get(field.name);
      const value = (s: Source): void => this.#printValue(field, type, s, spread);
      const absentConstant = field.absent ?? (field.default?.kind === "key" ? undefined : field.default);
      const absent = absentConstant ? constantText(this.#g, type, absentConstant, this.#version) : undefined;
      const named = hoisted.find((h) => h.to === field.name);
      const copied = copies.get(field.name);
      const set = this.#set.get(field.name);

      if (source !== undefined) {
        const print = (): void => {
          out.text(key);
          if (source.when === undefined) return value(source);
          out.open(`if (${source.when}) {`);
          value(source);
          out.close("} else {");
          out.text(absent ?? "null");
          out.close();
        };
        if (field.omit === "absent" && source.when) {
          optional(source.when, () => {
            out.text(key);
            value(source);
          });
        } else if (field.omit === "empty") {
          const there = source.when === undefined ? "" : `${source.when} && `;
          const nothing =
            source.width.kind === "int"
              ? `${this.#number(field, source)} !== 0`
              : `${source.at} !== ${source.end}`;
          optional(`${there}${nothing}`, () => {
            out.text(key);
            value(source);
          });
        } else if (typeof field.omit === "object") {
          optional(
            `${this.#number(field, source)} !== ${this.#otherNumber(field.omit.sameAs, copies)}`,
            print,
          );
        } else {
          always(print);
        }
        if (source.residue) this.#printResidue(source, source.residue);
      } else if (named && header) {
        const end = `${named.local} + ${this.#read(header.lengthBytes, plus(named.local, header.lengthAt))}`;
        optional(`${named.local} !== 0`, () => {
          out.text(`${key}{`);
          out.add(
            `${this.#g.call(this.#module, "decode", named.unit.id, this.#version)}(b, ${named.local}, ${end}, w);`,
          );
          out.text("}");
        });
      } else if (this.#tlvs?.row.rest === field.name) {
        const tlvs = this.#tlvs;
        const print = (): void => {
          out.text(key);
          this.#printRest(tlvs, hoisted);
        };
        if (field.omit === undefined) always(print);
        else optional("others !== 0", print);
      } else if (copied) {
        const print = (): void => {
          out.text(key);
          out.open(`if (${copied.at} !== 0) {`);
          value(copied);
          out.close("} else {");
          out.text(absent ?? "null");
          out.close();
        };
        if (typeof field.omit === "object") {
          const other = this.#otherNumber(field.omit.sameAs, copies);
          optional(`${copied.at} !== 0 && ${this.#number(field, copied)} !== ${other}`, () => {
            out.text(key);
            value(copied);
          });
        } else if (field.omit === "absent") {
          optional(`${copied.at} !== 0`, () => {
            out.text(key);
            value(copied);
          });
        } else {
          always(print);
        }
      } else if (set) {
        const text = constantText(this.#g, type, set.value, this.#version);
        if (typeof field.omit === "object") {
          optional(`${text} !== ${this.#otherNumber(field.omit.sameAs, copies)}`, () => out.text(key + text));
        } else {
          always(() => out.text(key + text));
        }
      }
    }
    if (hoisted.length > 0 && this.#tlvs && header) {
      const tlvs = this.#tlvs;
      out.open("if (odd) {");
      out.text(',"_order":[');
      const args = `${header.typeAt}, ${header.typeBytes}, ${header.lengthAt}, ${tlvs.union.align}`;
      out.add(`${this.#use("writeOrder", "codec/decode-support")}(b, ${tlvs.at}, end, ${args}, w);`);
      out.text("]");
      out.close();
    }
  }

  /** True when the first keys may be left out, so that commas depend on what was printed. */
  #startsOptional(spread: ReadonlyMap<string, Source>, copies: ReadonlyMap<string, Source>): boolean {
    const first = this.#unit.json.find(
      (f) =>
        f.since <= this.#version &&
        (f.inline ||
          this.#sources.has(f.name) ||
          spread.has(f.name) ||
          copies.has(f.name) ||
          this.#set.has(f.name) ||
          this.#tlvs?.row.rest === f.name ||
          this.#hoisted().some((h) => h.to === f.name)),
    );
    if (first === undefined || first.inline) return false;
    if (this.#hoisted().some((h) => h.to === first.name)) return true;
    return (
      first.omit !== undefined &&
      !(
        first.omit === "absent" &&
        this.#sources.get(first.name)?.when === undefined &&
        this.#sources.has(first.name)
      )
    );
  }

  #printArray(list: TypeRef): void {
    const place = [...this.#sources.values()][0];
    if (place === undefined) throw new Error(`${this.#unit.id} is a list without a row`);
    emitValue(this.#g, this.#module, this.#out, {
      type: list,
      width: place.width,
      at: place.at,
      end: place.end,
      version: this.#version,
      by: undefined,
      bitRange: undefined,
    });
  }

  #printInline(field: JsonField): void {
    const source = this.#inline;
    if (source === undefined || field.type === undefined) return;
    const args = `(b, ${source.at}, ${source.end}, w);`;
    if (source.width.kind === "message") this.#out.add(`${this.#use("decodeNested", "codec/nested")}${args}`);
    else if (source.width.kind === "oxm") {
      this.#out.add(
        `${this.#g.call(this.#module, "decode", field.type.name, this.#version)}(b, ${source.at}, w);`,
      );
    } else this.#out.add(`${this.#g.call(this.#module, "decode", field.type.name, this.#version)}${args}`);
  }

  #printValue(field: JsonField, type: TypeRef, source: Source, spread: ReadonlyMap<string, Source>): void {
    const by = field.by === undefined ? undefined : (this.#sources.get(field.by) ?? spread.get(field.by));
    emitValue(this.#g, this.#module, this.#out, {
      type,
      width: source.width,
      at: this.#valueAt(source),
      end: this.#valueEnd(source),
      version: this.#version,
      by: by?.width.kind === "int" ? this.#read(by.width.bytes, by.at) : undefined,
      bitRange: source.width.kind === "oxm_id" ? this.#bitRange(source.width) : undefined,
    });
  }

  /** The TLVs of a match or stats row are between its 4-byte head and its unpadded end. */
  #valueAt(source: Source): string {
    return source.width.kind === "oxm_match" || source.width.kind === "oxs_stats"
      ? `${source.at} + 4`
      : source.at;
  }

  #valueEnd(source: Source): string {
    return source.width.kind === "oxm_match" || source.width.kind === "oxs_stats"
      ? source.end.replace(/Next$/, "End")
      : source.end;
  }

  #bitRange(width: Extract<Width, { kind: "oxm_id" }>): readonly [string, string] {
    const [first, second] = width.vars.map((name) => this.#variables.get(name) ?? "0");
    if (width.packed) return [`${first} >>> 6`, `(${first} & 63) + 1`];
    return [first ?? "0", second ?? "0"];
  }

  #printResidue(source: Source, key: string): void {
    const out = this.#out;
    if (source.width.kind !== "native") return;
    const { fn } = source.width;
    const test = this.#use(`residue${nativeName(fn)}`, `codec/native/decode/${fn.replaceAll("_", "-")}`);
    out.open(`if (${test}(b, ${source.at}, ${source.end})) {`);
    out.text(`,${quote(key)}:`);
    out.add(`${this.#use("writeHex", "text/index")}(b, ${source.at}, ${source.end}, w);`);
    out.close();
  }

  #printRest(tlvs: { row: TlvsRow; at: string; union: Union }, hoisted: { local: string }[]): void {
    const out = this.#out;
    const header = unionHeader(tlvs.union);
    out.text("[");
    out.open("if (others !== 0) {");
    out.add("let more = false;");
    out.open(`for (let q = ${tlvs.at}; q < end; ) {`);
    out.add(`const length = ${this.#read(header.lengthBytes, plus("q", header.lengthAt))};`);
    const skip = hoisted.map((h) => `q !== ${h.local}`).join(" && ");
    if (skip !== "") out.open(`if (${skip}) {`);
    out.add("if (more) w.o[w.p++] = 0x2c;");
    out.add("more = true;");
    out.text("{");
    out.add(`${this.#g.call(this.#module, "decode", tlvs.union.name, this.#version)}(b, q, q + length, w);`);
    out.text("}");
    if (skip !== "") out.close();
    out.add(`q += ${this.#step("length", tlvs.union)};`);
    out.close();
    out.close();
    out.text("]");
  }

  // ---- copies of TLVs

  /** Locals that point at the payload of the TLVs that are also keys; emits the loop that finds them. */
  #copies(): ReadonlyMap<string, Source> {
    const found = new Map<string, Source>();
    const out = this.#out;
    for (const [key, source] of this.#sources) {
      const row = (this.#unit.rows[this.#version] ?? []).find(
        (r): r is FieldRow => r.kind === "field" && r.name === key,
      );
      const wanted = [...(row?.copy ?? []), ...(row?.move ?? [])];
      const tableName = this.#types.get(key);
      if (wanted.length === 0 || tableName === undefined) continue;
      const table = this.#g.definition(tableName);
      if (table.kind !== "tlv_table") throw new Error(`${tableName} is not a tlv_table`);
      const end = this.#valueEnd(source);
      for (const [, to] of wanted) out.add(`let ${camel(to)}At = 0;`);
      out.open(`for (let q = ${this.#valueAt(source)}; ${end} - q >= 4; q += 4 + b[q + 3]!) {`);
      out.add(`if (q + 4 + b[q + 3]! > ${end}) ${this.#throwLength(key, "q + 3")}`);
      out.open(`switch (${this.#use("u32", WIRE)}(b, q)) {`);
      for (const [name, to] of wanted) {
        const c = table.cases.find((one) => one.name === name);
        const type = this.#unit.json.find((f) => f.name === to)?.type;
        if (c === undefined || type === undefined) throw new Error(`${name} cannot be copied to ${to}`);
        const bytes = this.#copyBytes(c.type.name);
        out.open(
          `case 0x${((c.oxmClass * 0x10000 + c.field * 512 + bytes) >>> 0).toString(16).padStart(8, "0")}:`,
        );
        out.add(`if (${camel(to)}At === 0) ${camel(to)}At = q + 4;`);
        out.add("break;");
        out.close("");
        const width = { kind: "int", bytes, shift: 0 } as const;
        found.set(to, { width, at: `${camel(to)}At`, end: "", when: undefined, residue: undefined });
      }
      out.close();
      out.close();
    }
    return found;
  }

  #copyBytes(typeName: string): 4 | 8 {
    const d = this.#g.definition(typeName);
    return d.kind === "number" ||
      (d.kind === "scalar" && d.widths[0]?.kind === "int" && d.widths[0].bytes === 4)
      ? 4
      : 8;
  }

  /** Source of the number that a key stands for, also where this version has a constant or nothing. */
  #otherNumber(key: string, copies: ReadonlyMap<string, Source>): string {
    const field = this.#unit.json.find((f) => f.name === key);
    const source = this.#sources.get(key);
    if (field && source) return this.#number(field, source);
    const copied = copies.get(key);
    if (field && copied) return `(${copied.at} === 0 ? 0 : ${this.#number(field, copied)})`;
    const set = this.#set.get(key);
    return set?.value.kind === "text" ? set.value.text : "0";
  }

  #number(field: JsonField, source: Source): string {
    const d = field.type ? this.#g.definition(field.type.name) : undefined;
    if (source.width.kind !== "int") throw new Error(`${field.name} is not a number`);
    const read = this.#read(source.width.bytes, source.at);
    const extend = d?.kind === "number" && d.widths.get(source.width.bytes) === "sign_extend";
    return extend ? `${this.#use("extend16", "codec/decode-support")}(${read})` : read;
  }
}

/** Where the header of a union's elements has its words. */
export interface UnionHeader {
  readonly size: number;
  readonly typeAt: number;
  readonly typeBytes: 1 | 2 | 4;
  readonly lengthAt: number;
  readonly lengthBytes: 1 | 2 | 4;
}

export function unionHeader(union: Union): UnionHeader {
  let size = 0;
  const words = new Map<string, { at: number; bytes: 1 | 2 | 4 }>();
  for (const word of union.header) {
    words.set(word.word, { at: size, bytes: word.bytes });
    size += word.bytes;
  }
  const type = words.get("type");
  const length = words.get("length");
  if (type === undefined || length === undefined) throw new Error(`${union.name} needs type and length`);
  return { size, typeAt: type.at, typeBytes: type.bytes, lengthAt: length.at, lengthBytes: length.bytes };
}

// Encoders of structs, messages, multiparts and union cases: straight down in the order of the rows, one capacity check per
// run of fixed rows. They return how many keys they read; the caller compares that with how many there are.
import {
  type BodyUnit,
  caseUnit,
  type JsonField,
  type Row,
  type TypeRef,
  type Union,
} from "../schema/index.js";
import type { Generation } from "./context.js";
import { unionHeader } from "./decode-body.js";
import { constantSource, type EncodedValue, numberSource, storeInt, storeSource } from "./encode-values.js";
import { fieldTypes, fixedSize, plus, typeOfRow } from "./layout.js";
import { camel, nativeName, pascal, quote } from "./naming.js";
import { Lines, type SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";

const SUPPORT = "codec/encode-support";

type FieldRow = Extract<Row, { kind: "field" }>;
type TlvsRow = Extract<Row, { kind: "tlvs" }>;

/** Emits the encoder of one unit for the group of one version. */
export function emitBodyEncoder(
  g: Generation,
  module: SourceModule,
  unit: BodyUnit,
  version: number,
  doc: string,
): void {
  const body = new BodyEncoder(g, module, unit, version).emit();
  const name = `encode${g.unitName(unit.id, version)}`;
  module.add(`/** ${oneLine(doc)} */\n${encoderFunction(module, name, body, "number")}`);
}

/** A function `(w, m)`; parameters without a use get an underscore. */
export function encoderFunction(module: SourceModule, name: string, body: Lines, result: string): string {
  const writer = module.use("type MessageWriter", "codec/message-writer");
  const object = module.use("type JsonObject", SUPPORT);
  const code = body.toString();
  const used = (parameter: string): string =>
    new RegExp(`\\b${parameter}\\b`).test(code) ? parameter : `_${parameter}`;
  return `export function ${name}(${used("w")}: ${writer}, ${used("m")}: ${object}): ${result} {\n${code}\n}`;
}

/** All keys that an encoder of a unit may read, blank separated; for error messages. */
export function knownKeys(g: Generation, unit: BodyUnit): string {
  const keys = unit.json.flatMap((f) => {
    if (!f.inline || f.type === undefined) return [f.name];
    if (f.type.name === "Message") return ["type", "xid", "version", "flags", "msg"];
    const d = g.definition(f.type.name);
    if (d.kind === "tlv_table") return [d.tag, "value", "mask"];
    return d.kind === "struct" ? d.json.map((inner) => inner.name) : [];
  });
  const rows = unit.rows.flatMap((r) => r ?? []);
  const residues = rows.flatMap((row) => (row.kind === "field" && row.residue ? [row.residue] : []));
  const order = rows.some((row) => row.kind === "tlvs" && row.hoist.size > 0) ? ["_order"] : [];
  return [...new Set([...keys, ...residues, ...order])].join(" ");
}

class BodyEncoder {
  readonly #g: Generation;
  readonly #module: SourceModule;
  readonly #unit: BodyUnit;
  readonly #version: number;
  readonly #out = new Lines();
  readonly #types: ReadonlyMap<string, string>;
  readonly #rows: readonly Row[];
  /** Statements that run when all rows are written: patches of lengths. */
  readonly #after: string[] = [];
  /** Where the length words of later fields are. */
  readonly #lengthAt = new Map<string, { at: string; bytes: number }>();

  constructor(g: Generation, module: SourceModule, unit: BodyUnit, version: number) {
    this.#g = g;
    this.#module = module;
    this.#unit = unit;
    this.#version = version;
    this.#types = fieldTypes(unit);
    this.#rows = unit.rows[version] ?? [];
  }

  emit(): Lines {
    const out = this.#out;
    const native = this.#rows.find((row) => row.kind === "native");
    if (native?.kind === "native") {
      out.add(`return ${this.#native("encode", native.fn)}(w, m);`);
      return out;
    }
    if (this.#unit.jsonList) throw new Error(`${this.#unit.id}: a list is emitted elsewhere`);
    out.add("let c = 0;");
    if (this.#needsStart())
      out.add(
        `const start = ${plus("w.p", 0)}${this.#unit.headerBytes(this.#version) > 0 ? ` - ${this.#unit.headerBytes(this.#version)}` : ""};`,
      );
    this.#emitKeys();
    this.#emitRows();
    for (const line of this.#after) out.add(line);
    out.add("return c;");
    return out;
  }

  #use(name: string): string {
    return this.#module.use(name, SUPPORT);
  }

  #native(verb: string, fn: string): string {
    return this.#module.use(`${verb}${nativeName(fn)}`, `codec/native/encode/${fn.replaceAll("_", "-")}`);
  }

  #needsStart(): boolean {
    return this.#rows.some((row) => row.kind === "align" || (row.kind === "length" && row.of === undefined));
  }

  #field(name: string): JsonField | undefined {
    return this.#unit.json.find((f) => f.name === name);
  }

  #local(name: string): string {
    return `${camel(name)}Value`;
  }

  // ---- keys

  /** Fetches all keys, counts those that are there, refuses what this version cannot say. */
  #emitKeys(): void {
    const out = this.#out;
    const onWire = this.#keysOnWire();
    const sets = new Map(this.#rows.flatMap((row) => (row.kind === "set" ? [[row.name, row] as const] : [])));
    const used = this.#keysUsedAsValues();
    for (const f of this.#unit.json) {
      if (f.inline) continue;
      const access = `m.${f.name}`;
      if (f.derived) {
        out.add(`if (${access} !== undefined) c++;`);
        continue;
      }
      if (onWire.has(f.name)) {
        if (used.has(f.name)) {
          out.add(`const ${this.#local(f.name)} = ${access};`);
          out.add(`if (${this.#local(f.name)} !== undefined) c++;`);
        } else out.add(`if (${access} !== undefined) c++;`);
        continue;
      }
      const set = sets.get(f.name);
      if (f.default === undefined && f.omit === undefined) {
        // What a message must say does not depend on the version.
        out.add(`if (${access} === undefined) throw ${this.#use("missing")}(${quote(f.name)});`);
      }
      out.open(`if (${access} !== undefined) {`);
      out.add("c++;");
      if (f.ignorable && f.type) this.#emitReadable(f, f.type, access);
      if (!f.ignorable && f.type) {
        const allowed = [set?.value, f.default?.kind === "key" ? undefined : f.default, f.absent].filter(
          (x) => x !== undefined,
        );
        const test = this.#differs(f, f.type, access, allowed);
        const throws = `throw ${this.#use("cannot")}(${quote(f.name)}, ${this.#use("show")}(${access}), w);`;
        out.add(test === "" ? throws : `if (${test}) ${throws}`);
      }
      out.close();
    }
    for (const row of this.#rows)
      if (row.kind === "field" && row.residue) out.add(`if (m.${row.residue} !== undefined) c++;`);
    if (this.#rows.some((row) => row.kind === "tlvs" && row.hoist.size > 0))
      out.add("if (m._order !== undefined) c++;");
  }

  /** A value that is dropped must still be one of its type: a mistake should not depend on the version to be found. */
  #emitReadable(f: JsonField, type: TypeRef, access: string): void {
    const d = this.#g.definition(type.name);
    if (d.kind === "flags" || d.kind === "number" || d.kind === "enum")
      this.#out.add(`${this.#wideNumber(type, access, f.name)};`);
    if (d.kind !== "scalar" || type.list) return;
    if (d.form === "uint" || d.form === "sint") {
      const width = d.widths[0]?.kind === "int" ? d.widths[0].bytes : 4;
      if (width === 8) {
        this.#out.add(
          `if (${this.#use("int64Of")}(${access}) === undefined) throw ${this.#use("notA")}(${quote(type.name)}, ${access}, ${quote(f.name)});`,
        );
      } else
        this.#out.add(
          `${this.#use("uint")}(${access}, 2 ** ${8 * width} - 1, ${quote(f.name)}, ${quote(type.name)});`,
        );
    }
    if (d.form === "duration") this.#out.add(`${this.#use("durationOf")}(${access}, ${quote(f.name)});`);
  }

  /** Keys that some row, property or copied TLV of this version carries. */
  #keysOnWire(): Set<string> {
    const keys = new Set<string>();
    for (const row of this.#rows) {
      if (row.kind === "field") {
        keys.add(row.name);
        for (const to of [...row.copy.values(), ...row.move.values()]) keys.add(to);
      }
      if (row.kind !== "tlvs") continue;
      keys.add(row.rest);
      for (const h of this.#hoisted(row)) {
        if (h.to !== ".") keys.add(h.to);
        else for (const f of h.unit.json) keys.add(f.name);
      }
    }
    return keys;
  }

  /** Keys whose value this function itself reads; those of properties are read by the functions of the properties. */
  #keysUsedAsValues(): Set<string> {
    const keys = new Set<string>();
    for (const row of this.#rows) {
      if (row.kind === "tlvs") keys.add(row.rest);
      if (row.kind !== "field") continue;
      keys.add(row.name);
      for (const to of [...row.copy.values(), ...row.move.values()]) keys.add(to);
    }
    return keys;
  }

  /** Source that is true when a value is none of the constants. */
  #differs(
    f: JsonField,
    type: TypeRef,
    access: string,
    allowed: readonly NonNullable<JsonField["default"]>[],
  ): string {
    const d = this.#g.definition(type.name);
    if (type.list && d.kind !== "flags")
      return `${this.#use("asList")}(${access}, ${quote(f.name)}).length > 0`;
    if (allowed.length === 0) return "";
    const texts = allowed.map((constant) => constantSource(this.#g, type, constant, this.#version));
    if (d.kind === "scalar" && (d.form === "uint" || d.form === "sint")) {
      return `![${texts.map((t) => `${t.replace(/n$/, "")}n`).join(", ")}].includes(${this.#use("int64Of")}(${access}) ?? -1n)`;
    }
    if (d.kind === "number" || d.kind === "enum" || d.kind === "flags") {
      const number = this.#wideNumber(type, access, f.name);
      return `![${d.kind === "flags" ? "0" : [...new Set(texts)].join(", ")}].includes(${number})`;
    }
    return `![${[...new Set(texts)].join(", ")}].includes(${access} as string)`;
  }

  /** Source of the number that a value means, in whatever width. */
  #wideNumber(type: TypeRef, value: string, key: string): string {
    const width = { kind: "int", bytes: 4, shift: 0 } as const;
    return numberSource(this.#g, this.#module, {
      type,
      width,
      value,
      key: quote(key),
      version: this.#version,
      by: undefined,
    });
  }

  /** Source that is true when a value means another number than a constant. */
  #isNot(type: TypeRef, value: string, key: string, constant: NonNullable<JsonField["default"]>): string {
    const d = this.#g.definition(type.name);
    const text = constantSource(this.#g, type, constant, this.#version);
    if (d.kind === "number" || d.kind === "enum") return `${this.#wideNumber(type, value, key)} !== ${text}`;
    if (d.kind === "scalar" && d.form !== "uint" && d.form !== "sint") return `${value} !== ${text}`;
    return `${this.#use("int64Of")}(${value}) !== ${text.replace(/n$/, "")}n`;
  }

  /** Source of a value with what is assumed when it is missing, or with the error that it is missing. */
  #valueOrDefault(f: JsonField, type: TypeRef): { guard: string | undefined; value: string } {
    const local = this.#local(f.name);
    if (f.default?.kind === "key") {
      return {
        guard: undefined,
        value: `${local} === undefined ? ${this.#otherKey(f.default.key)} : ${local}`,
      };
    }
    const fallback =
      f.default ?? (f.omit === undefined ? undefined : (f.absent ?? { kind: "empty" as const }));
    if (fallback === undefined) {
      return {
        guard: `if (${local} === undefined) throw ${this.#use("missing")}(${quote(f.name)});`,
        value: local,
      };
    }
    const isText = fallback.kind === "empty" && !type.list;
    return {
      guard: undefined,
      value: `${local} === undefined ? ${isText ? '""' : constantSource(this.#g, type, fallback, this.#version)} : ${local}`,
    };
  }

  // ---- rows

  #emitRows(): void {
    const rows = this.#rows;
    this.#emitSubFields();
    for (let i = 0; i < rows.length; ) {
      const run: Row[] = [];
      while (i < rows.length && this.#isFixed(rows[i] as Row)) run.push(rows[i++] as Row);
      if (run.length > 0) this.#emitRun(run);
      if (i < rows.length) this.#emitVariable(rows[i++] as Row, i);
    }
  }

  #isFixed(row: Row): boolean {
    if (row.kind === "set") return true;
    if (row.kind === "field" && (row.width.kind === "native" || row.width.kind === "struct")) return false;
    if (row.kind === "inline") return false;
    return fixedSize(this.#g, row, typeOfRow(this.#g, row, this.#types), this.#version) !== undefined;
  }

  /** A run of fixed rows: one check of capacity, then stores at constant distances. */
  #emitRun(run: readonly Row[]): void {
    const out = this.#out;
    const sizes = run.map(
      (row) => fixedSize(this.#g, row, typeOfRow(this.#g, row, this.#types), this.#version) ?? 0,
    );
    const total = sizes.reduce((sum, n) => sum + n, 0);
    if (total === 0) return;
    for (const row of run) {
      if (row.kind !== "field") continue;
      const f = this.#field(row.name);
      const guard = f?.type ? this.#valueOrDefault(f, f.type).guard : undefined;
      if (guard) out.add(guard);
    }
    const marks = run.some((row) => row.kind === "length");
    if (marks) out.add(`const run${this.#lengthAt.size + this.#after.length} = w.p;`);
    const runName = `run${this.#lengthAt.size + this.#after.length}`;
    if (run.every((row) => row.kind === "pad" || row.kind === "set")) {
      out.add(`w.zeros(${total});`);
      return;
    }
    out.open("{");
    out.add(`const b = w.room(${total});`);
    out.add("const p = w.p;");
    out.add(`w.p = p + ${total};`);
    let offset = 0;
    run.forEach((row, i) => {
      const at = plus("p", offset);
      const size = sizes[i] ?? 0;
      if (row.kind === "pad") for (const line of this.#zeros(offset, size)) out.add(line);
      if (row.kind === "length") {
        out.add(storeInt(this.#module, row.bytes, at, "0"));
        const where = plus(runName, offset);
        if (row.of === undefined) {
          this.#after.push(`w.patch16(${where}, w.p - start, ${quote(this.#unit.label)});`);
          if (row.bytes !== 2) throw new Error(`${this.#unit.id}: a length of its own has 16 bits`);
        } else this.#lengthAt.set(row.of, { at: where, bytes: row.bytes });
      }
      if (row.kind === "variable")
        out.add(storeInt(this.#module, row.bytes, at, this.#variableSource(row.name)));
      if (row.kind === "field") out.add(this.#store(row, at));
      offset += size;
    });
    out.close();
  }

  /** Statements that store zeros; Buffer.fill costs more than a few stores. */
  #zeros(offset: number, size: number): string[] {
    if (size > 16) return [`b.fill(0, ${plus("p", offset)}, ${plus("p", offset + size)});`];
    const lines: string[] = [];
    for (let done = 0; done < size; ) {
      const bytes = size - done >= 4 ? 4 : size - done >= 2 ? 2 : 1;
      lines.push(storeInt(this.#module, bytes, plus("p", offset + done), "0"));
      done += bytes;
    }
    return lines;
  }

  #store(row: FieldRow, at: string): string {
    const f = this.#field(row.name);
    if (f?.type === undefined) throw new Error(`${this.#unit.id}.${row.name} has no type`);
    const value: EncodedValue = {
      type: f.type,
      width: row.width,
      value: this.#valueOrDefault(f, f.type).value,
      key: quote(f.name),
      version: this.#version,
      by: f.by ? this.#numberOfKey(f.by) : undefined,
    };
    return storeSource(this.#g, this.#module, value, at);
  }

  /** Source of what the default `=name` means: the number that the other key stands for. */
  #otherKey(name: string): string {
    const row = this.#rows.some((r) => r.kind === "field" && r.name === name && r.width.kind === "int");
    if (row) return this.#numberOfKey(name);
    return this.#keysOnWire().has(name) ? this.#local(name) : `m.${name}`;
  }

  /** Source of the number that another key stands for. */
  #numberOfKey(name: string): string {
    const f = this.#field(name);
    const row = this.#rows.find((r): r is FieldRow => r.kind === "field" && r.name === name);
    if (f?.type === undefined || row === undefined) throw new Error(`${this.#unit.id}.${name} is no number`);
    return numberSource(this.#g, this.#module, {
      type: f.type,
      width: row.width,
      value: this.#local(name),
      key: quote(name),
      version: this.#version,
      by: undefined,
    });
  }

  /** Sub-fields are parsed first: words before them need their bit ranges. */
  #emitSubFields(): void {
    const seen = new Map<string, string>();
    for (const row of this.#rows) {
      if (row.kind !== "field" || row.width.kind !== "oxm_id") continue;
      const f = this.#field(row.name);
      if (f?.type === undefined) continue;
      const { guard, value } = this.#valueOrDefault(f, f.type);
      if (guard) this.#out.add(guard);
      const local = `${camel(row.name)}Bits`;
      const parse = this.#module.use("parseSubField", "codec/native/encode/sub-field");
      this.#out.add(`const ${local} = ${parse}(${value}, ${quote(row.name)}, w.unchecked);`);
      const count = row.width.vars[1];
      const first = count === undefined ? undefined : seen.get(count);
      if (first !== undefined && count !== undefined) {
        const error = this.#module.use("EncodeError", "base/index");
        this.#out.add(
          `if (${local}.nBits !== ${first}.nBits && !w.unchecked) throw new ${error}(${quote(row.name)}, \`\${${local}.nBits} bits, the other side has \${${first}.nBits}\`);`,
        );
      }
      if (count !== undefined && first === undefined) seen.set(count, local);
    }
  }

  /** Source of a wire variable: from the first sub-field that cites it, or the bits of the conditional rows that are there. */
  #variableSource(name: string): string {
    for (const row of this.#rows) {
      if (row.kind !== "field" || row.width.kind !== "oxm_id") continue;
      const local = `${camel(row.name)}Bits`;
      const index = row.width.vars.indexOf(name);
      if (index < 0) continue;
      if (row.width.packed) {
        return `${this.#module.use("packBits", "codec/native/encode/sub-field")}(${local}, ${quote(row.name)})`;
      }
      return index === 0 ? `${local}.ofs` : `${local}.nBits`;
    }
    const bits = this.#rows.flatMap((row) =>
      row.kind === "field" && row.when?.variable === name
        ? [`(${this.#local(row.name)} === undefined ? 0 : ${row.when.bits})`]
        : [],
    );
    if (bits.length > 0) return bits.join(" | ");
    const tag = this.#tagVariable(name);
    if (tag) return tag;
    throw new Error(`${this.#unit.id}: nothing says what ${name} is`);
  }

  /** A word that the case's tag spells (`EXPERIMENTER.0x00002320`) was put on the writer by the union's encoder. */
  #tagVariable(name: string): string | undefined {
    return this.#unit.id.includes(".") && name === "$experimenter" ? "w.tagNumber" : undefined;
  }

  #emitVariable(row: Row, index: number): void {
    const out = this.#out;
    switch (row.kind) {
      case "align":
        if (row.ifMore) {
          out.add("const unpadded = w.p;");
          out.add(`w.align(start, ${row.n});`);
          out.add("const padded = w.p;");
          this.#after.unshift("if (w.p === padded) w.p = unpadded;");
        } else out.add(`w.align(start, ${row.n});`);
        return;
      case "tlvs":
        return this.#emitTlvs(row);
      case "inline":
        return this.#emitInline(row.width);
      case "field":
        return this.#emitField(row, index);
      default:
        throw new Error(`${row.kind} has a fixed size`);
    }
  }

  #emitInline(width: "struct" | "oxm" | "message"): void {
    const type = this.#unit.json.find((f) => f.inline)?.type;
    if (type === undefined) throw new Error(`${this.#unit.id} inlines nothing`);
    if (width === "message") {
      this.#out.add(`c += ${this.#module.use("encodeNestedMembers", "codec/nested-encode")}(w, m);`);
    } else if (width === "oxm") {
      this.#out.add(`${this.#g.call(this.#module, "encode", type.name, this.#version)}(w, m);`);
      this.#out.add("c += m.mask === undefined ? 2 : 3;");
    } else {
      this.#out.add(`c += ${this.#g.call(this.#module, "encode", type.name, this.#version)}(w, m);`);
    }
  }

  #emitField(row: FieldRow, index: number): void {
    const out = this.#out;
    const f = this.#field(row.name);
    if (f?.type === undefined) throw new Error(`${this.#unit.id}.${row.name} has no type`);
    const type = f.type;
    const key = quote(row.name);
    if (row.when) {
      out.open(`if (${this.#local(row.name)} !== undefined) {`);
      const size =
        fixedSize(
          this.#g,
          { ...row, when: undefined },
          typeOfRow(this.#g, row, this.#types),
          this.#version,
        ) ?? 0;
      out.add(`const b = w.room(${size});`);
      out.add("const p = w.p;");
      out.add(`w.p = p + ${size};`);
      const value = this.#local(row.name);
      out.add(
        storeSource(
          this.#g,
          this.#module,
          { type, width: row.width, value, key, version: this.#version, by: undefined },
          "p",
        ),
      );
      out.close();
      return;
    }
    if (row.width.kind === "oxm_id") {
      out.add(`w.bytes(${camel(row.name)}Bits.header);`);
      return;
    }
    const { guard, value } = this.#valueOrDefault(f, type);
    if (guard) out.add(guard);
    const length = this.#lengthAt.get(row.name);
    const from = `${camel(row.name)}From`;
    if (length) out.add(`const ${from} = w.p;`);
    this.#emitVariableValue(row, f, type, value, key, index);
    if (length) out.add(`w.patch${length.bytes * 8}(${length.at}, w.p - ${from}, ${key});`);
  }

  #emitVariableValue(
    row: FieldRow,
    f: JsonField,
    type: TypeRef,
    value: string,
    key: string,
    index: number,
  ): void {
    const out = this.#out;
    const width = row.width;
    const isMessage = type.name === "Message";
    switch (width.kind) {
      case "native": {
        const residue = row.residue ? `, m.${row.residue}` : ", undefined";
        out.add(`${this.#native("encode", width.fn)}(w, ${value}${residue}, ${key});`);
        return;
      }
      case "bytes":
        out.add(`${this.#use("writeHexBytes")}(w, ${value}, ${key});`);
        return;
      case "message":
        out.add(`${this.#module.use("encodeNested", "codec/nested-encode")}(w, ${value}, ${key});`);
        return;
      case "struct": {
        if (isMessage) return;
        const d = this.#g.definition(type.name);
        const known = d.kind === "struct" ? this.#knownOf(d.name) : "";
        out.add(
          `${this.#use("encodeInner")}(w, ${value}, ${key}, ${this.#g.call(this.#module, "encode", type.name, this.#version)}, ${quote(known)});`,
        );
        return;
      }
      case "list":
        if (width.item > 0) this.#emitNumbers(type, value, key, width.item as 1 | 2 | 4);
        else
          out.add(
            `${this.#g.call(this.#module, "encode", type.name, this.#version, "List")}(w, ${value}, ${key});`,
          );
        return;
      case "ids":
        out.add(
          `${this.#g.call(this.#module, "encode", type.name, this.#version, "Ids")}(w, ${value}, ${key});`,
        );
        return;
      case "wrap": {
        const union = this.#g.union(type.name);
        const inner = union.cases.find((c) => c.name === width.case)?.json[0];
        if (inner?.type === undefined) throw new Error(`${type.name} ${width.case} wraps nothing`);
        const args = [value, key, quote(union.tag), quote(width.case), quote(inner.name)].join(", ");
        const list = this.#g.call(this.#module, "encode", inner.type.name, this.#version, "List");
        out.add(`${list}(w, ${this.#use("unwrap")}(w, ${args}), ${quote(`${row.name}[0].${inner.name}`)});`);
        return;
      }
      case "oxm_match":
      case "oxs_stats": {
        const at = `${camel(row.name)}At${index}`;
        const copies = [...row.copy, ...row.move].map(
          ([name, to]) => `[${quote(name)}, ${this.#copySource(to)}]`,
        );
        const list =
          copies.length > 0 ? `${this.#use("withCopies")}(${value}, ${key}, [${copies.join(", ")}])` : value;
        out.add(`const ${at} = w.p;`);
        out.add(`w.u32(${width.kind === "oxm_match" ? "0x10000" : "0"});`);
        if (width.kind === "oxm_match")
          out.add(`${this.#module.use("encodeFieldList", "codec/fields")}(w, ${list}, ${key});`);
        else
          out.add(
            `${this.#g.call(this.#module, "encode", type.name, this.#version, "List")}(w, ${list}, ${key});`,
          );
        out.add(`w.patch16(${at} + 2, w.p - ${at}, ${key});`);
        out.add(`w.align(${at});`);
        return;
      }
      default:
        throw new Error(`${this.#unit.id}.${f.name}: ${width.kind} has a fixed size`);
    }
  }

  #knownOf(struct: string): string {
    const d = this.#g.definition(struct);
    if (d.kind !== "struct") return "";
    return knownKeys(this.#g, { ...d, id: d.name, label: d.name, headerBytes: () => 0 });
  }

  /** Source of the value of a key that a TLV copies, undefined when there is nothing to copy. */
  #copySource(to: string): string {
    const f = this.#field(to);
    const local = this.#local(to);
    if (f?.type === undefined) throw new Error(`${this.#unit.id}.${to} has no type`);
    if (typeof f.omit === "object") {
      const other = this.#field(f.omit.sameAs);
      if (other?.type === undefined) throw new Error(`${this.#unit.id}.${to} is the same as nothing`);
      const numbers = [
        this.#wideNumber(f.type, local, to),
        this.#wideNumber(other.type, this.#local(other.name), other.name),
      ];
      return `${local} === undefined || ${numbers.join(" === ")} ? undefined : ${local}`;
    }
    const { guard, value } = this.#valueOrDefault(f, f.type);
    if (guard) this.#out.add(guard);
    const absent = f.absent ?? (f.default?.kind === "text" ? f.default : undefined);
    if (absent === undefined) return value;
    const given = `${camel(to)}Given`;
    this.#out.add(`const ${given} = ${value};`);
    return `${this.#isNot(f.type, given, to, absent)} ? ${given} : undefined`;
  }

  #emitNumbers(type: TypeRef, value: string, key: string, bytes: 1 | 2 | 4): void {
    const width = { kind: "int", bytes, shift: 0 } as const;
    const item = numberSource(this.#g, this.#module, {
      type,
      width,
      value: "item",
      key: "at",
      version: this.#version,
      by: undefined,
    });
    const reader = `read${pascal(type.name)}${bytes * 8}`;
    this.#module.once(
      reader,
      () =>
        `function ${reader}(item: unknown, at: string): number {\n  return ${item.replace(/w\.unchecked \? \w+ : /, "")};\n}`,
    );
    this.#out.add(`${this.#use("encodeNumbers")}(w, ${value}, ${key}, ${bytes}, ${reader});`);
  }

  // ---- property lists

  #hoisted(row: TlvsRow): { name: string; to: string; unit: BodyUnit; code: number; always: boolean }[] {
    const union = this.#g.union(row.union);
    return [...row.hoist].flatMap(([name, to]) => {
      const c = union.cases.find((one) => one.name === name);
      const code = c?.type[this.#version]?.[0];
      if (c === undefined || code === undefined) return [];
      return [{ name, to, unit: caseUnit(this.#g.model, union, c), code, always: row.always.includes(name) }];
    });
  }

  #emitTlvs(row: TlvsRow): void {
    const union = this.#g.union(row.union);
    const unitName = this.#g.unitName(this.#unit.id, this.#version);
    const table = `${unitName.charAt(0).toLowerCase()}${unitName.slice(1)}Properties`;
    const hoisted = this.#hoisted(row);
    const entries = hoisted.map((h) => {
      const put = this.#emitPut(row, union, h);
      return `  { code: ${h.code}, always: ${h.always}, has: ${this.#hasSource(h)}, put: ${put} },`;
    });
    const type = this.#module.use("type HoistedCase", SUPPORT);
    this.#module.once(table, () => `const ${table}: readonly ${type}[] = [\n${entries.join("\n")}\n];`);
    const rest = this.#g.call(this.#module, "encode", union.name, this.#version);
    const order = row.hoist.size > 0 ? "m._order" : "undefined";
    this.#out.add(
      `${this.#use("putTlvs")}(w, m, ${table}, ${this.#local(row.rest)}, ${quote(row.rest)}, ${order}, ${rest});`,
    );
  }

  /** Source of the test whether a hoisted case has anything to say. */
  #hasSource(h: { to: string; unit: BodyUnit }): string {
    if (h.to !== ".") return `(m) => m.${h.to} !== undefined`;
    const tests = h.unit.json.map((f) => {
      const own = this.#field(f.name) ?? f;
      const absent = own.absent ?? (own.default?.kind === "key" ? undefined : own.default);
      const given = `m.${f.name} !== undefined`;
      if (absent === undefined || own.type === undefined || own.omit === "absent") return given;
      if (own.type.list || absent.kind === "empty")
        return `(Array.isArray(m.${f.name}) ? m.${f.name}.length > 0 : ${given})`;
      if (absent.kind === "text" && absent.text === "") return `(${given} && m.${f.name} !== "")`;
      return `(${given} && ${this.#isNot(own.type, `m.${f.name}`, f.name, absent)})`;
    });
    return `(m) => ${tests.length === 0 ? "false" : tests.join(" || ")}`;
  }

  /** Emits the function that writes one hoisted property from the keys of the struct; returns its name. */
  #emitPut(
    row: TlvsRow,
    union: Union,
    h: { name: string; to: string; unit: BodyUnit; code: number },
  ): string {
    const name = `put${this.#g.unitName(this.#unit.id, this.#version)}${pascal(h.name)}`;
    const out = new Lines();
    const header = unionHeader(union);
    out.add("const start = w.p;");
    out.add(`w.zeros(${header.size});`);
    const unit = this.#withOwnDefaults(h.unit);
    if (h.to === ".") {
      out.add(
        `${this.#g.call(this.#module, "encode", h.unit.id, this.#version)}(w, ${this.#spreadSource(unit, h)});`,
      );
    } else {
      const known = quote(knownKeys(this.#g, h.unit));
      const fn = this.#g.call(this.#module, "encode", h.unit.id, this.#version);
      out.add(`${this.#use("encodeInner")}(w, m.${h.to}, ${quote(h.to)}, ${fn}, ${known});`);
    }
    out.add(
      `${this.#module.use("putHeader", SUPPORT)}(w, start, ${header.typeAt}, ${header.typeBytes}, ${h.code}, ${header.lengthAt}, ${quote(h.name)});`,
    );
    if (union.align > 1) out.add(`w.align(start, ${union.align});`);
    this.#module.once(name, () => encoderFunction(this.#module, name, out, "void").replace("export ", ""));
    void row;
    return name;
  }

  #withOwnDefaults(unit: BodyUnit): BodyUnit {
    return { ...unit, json: unit.json.map((f) => this.#field(f.name) ?? f) };
  }

  /** Source of the object that a property's encoder reads: the struct itself, with what its missing keys mean. */
  #spreadSource(unit: BodyUnit, h: { unit: BodyUnit }): string {
    const filled = unit.json.flatMap((f, i) => {
      const inCase = h.unit.json[i];
      const assumed =
        f.default ??
        f.absent ??
        (f.omit !== undefined && f.type?.list ? { kind: "empty" as const } : undefined);
      if (assumed === undefined || assumed.kind === "key" || f.type === undefined) return [];
      const sameDefault = inCase?.default && JSON.stringify(inCase.default) === JSON.stringify(assumed);
      return sameDefault
        ? []
        : [`${f.name}: m.${f.name} ?? ${constantSource(this.#g, f.type, assumed, this.#version)}`];
    });
    return filled.length === 0 ? "m" : `{ ...m, ${filled.join(", ")} }`;
  }
}

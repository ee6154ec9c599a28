// The second half of an encoder: the rows from first to last, one capacity check per run of fixed rows.
import { fixedBytes, type Row, tlvKeys } from "../schema/index.js";
import { emitField, type LengthPlace } from "./encode-fields.js";
import { emitGuard, givenOrDefault, numberOfKey } from "./encode-given.js";
import { emitProperties } from "./encode-properties.js";
import { conditionFlags, emitSubFields, variableSource } from "./encode-sub-fields.js";
import { type EncodeTarget, type FieldRow, localOf, typedField, useSupport } from "./encode-target.js";
import { storeInt, storeSource } from "./encode-values.js";
import { elementBytes, plus } from "./layout.js";
import { camel, quote } from "./naming.js";

/** What runs of rows leave to do for later rows. */
interface Pending {
  /** Statements that run when all rows are written: patches of lengths. */
  readonly after: string[];
  /** Where the length words of later fields are. */
  readonly lengths: Map<string, LengthPlace>;
}

/** Emits what writes all rows. The lines need the locals of the keys, and `start` where rows count from there. */
export function emitRows(t: EncodeTarget): void {
  const pending: Pending = { after: [], lengths: new Map() };
  emitSubFields(t);
  let run: Row[] = [];
  const endRun = (): void => {
    if (run.length > 0) emitRun(t, pending, run);
    run = [];
  };
  t.rows.forEach((row, i) => {
    if (isFixed(t, row)) {
      run.push(row);
      return;
    }
    endRun();
    emitVariable(t, pending, row, i + 1);
  });
  endRun();
  for (const line of pending.after) t.out.add(line);
}

/** True when rows count from the start of the element. */
export function needsStart(rows: readonly Row[]): boolean {
  return rows.some((row) => row.kind === "align" || (row.kind === "length" && row.of === undefined));
}

/** True for rows that are stored in place; native ones and structs are written by functions of their own. */
function isFixed(t: EncodeTarget, row: Row): boolean {
  if (row.kind === "field" && (row.width.kind === "native" || row.width.kind === "struct")) return false;
  return row.kind !== "inline" && sizeOf(t, row) !== undefined;
}

function sizeOf(t: EncodeTarget, row: Row): number | undefined {
  return fixedBytes(t.g.model, t.unit, row, t.version);
}

/** A run of fixed rows: one check of capacity, then stores at constant distances. */
function emitRun(t: EncodeTarget, pending: Pending, run: readonly Row[]): void {
  const { out } = t;
  const sizes = run.map((row) => sizeOf(t, row) ?? 0);
  const total = sizes.reduce((sum, n) => sum + n, 0);
  if (total === 0) return;
  for (const row of run) if (row.kind === "field") emitGuard(t, typedField(t, row.name));
  const runStart = `run${pending.lengths.size + pending.after.length}`;
  if (run.some((row) => row.kind === "length")) out.add(`const ${runStart} = w.p;`);
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
    const size = sizes[i] ?? 0;
    emitStore(t, pending, row, { offset, size, runStart });
    offset += size;
  });
  out.close();
}

/** Emits the stores of one row of a run, `offset` bytes behind its start. */
function emitStore(
  t: EncodeTarget,
  pending: Pending,
  row: Row,
  { offset, size, runStart }: { offset: number; size: number; runStart: string },
): void {
  const { out } = t;
  const at = plus("p", offset);
  switch (row.kind) {
    case "pad":
      for (const line of zeros(t, offset, size)) out.add(line);
      break;
    case "length": {
      out.add(storeInt(t.module, row.bytes, at, "0"));
      const where = plus(runStart, offset);
      if (row.of !== undefined) {
        const unit = row.elements ? elementBytes(t.rows, row.of) : 1;
        pending.lengths.set(row.of, { at: where, bytes: row.bytes, unit });
        break;
      }
      if (row.bytes !== 2) throw new Error(`${t.unit.id}: a length of its own has 16 bits`);
      pending.after.push(`w.patch16(${where}, w.p - start, ${quote(t.unit.label)});`);
      break;
    }
    case "variable":
      out.add(storeInt(t.module, row.bytes, at, variableSource(t, row.name)));
      break;
    case "field":
      out.add(storeField(t, row, at));
      break;
    default:
      break;
  }
}

/** Statements that store zeros; Buffer.fill costs more than a few stores. */
function zeros(t: EncodeTarget, offset: number, size: number): string[] {
  if (size > 16) return [`b.fill(0, ${plus("p", offset)}, ${plus("p", offset + size)});`];
  const lines: string[] = [];
  for (let done = 0; done < size; ) {
    const bytes = size - done >= 4 ? 4 : size - done >= 2 ? 2 : 1;
    lines.push(storeInt(t.module, bytes, plus("p", offset + done), "0"));
    done += bytes;
  }
  return lines;
}

function storeField(t: EncodeTarget, row: FieldRow, at: string): string {
  const f = typedField(t, row.name);
  const { g, module, version } = t;
  const flags = f.type.list && row.width.kind === "int" ? conditionFlags(t, row.name) : undefined;
  if (flags !== undefined && row.width.kind === "int") return storeInt(module, row.width.bytes, at, flags);
  const value = givenOrDefault(t, f);
  const by = f.by ? numberOfKey(t, f.by) : undefined;
  return storeSource(
    g,
    module,
    { type: f.type, width: row.width, value, key: quote(f.name), version, by },
    at,
  );
}

/** Emits what writes a row of varying size. */
function emitVariable(t: EncodeTarget, pending: Pending, row: Row, index: number): void {
  switch (row.kind) {
    case "align":
      return emitAlign(t, pending, row.n, row.ifMore);
    case "tlvs":
      return emitProperties(t, row);
    case "inline":
      return emitInline(t, row);
    case "field":
      emitField(t, row, index, pending.lengths.get(row.name));
      if (row.when?.kind === "more") emitRestCheck(t, pending, row);
      return;
    default:
      throw new Error(`${row.kind} has a fixed size`);
  }
}

/** Without its key, a row that is there if enough bytes follow must not be mistaken for what follows. */
function emitRestCheck(t: EncodeTarget, pending: Pending, row: FieldRow): void {
  const from = `${camel(row.name)}From`;
  const size = sizeOf(t, { ...row, when: undefined }) ?? 0;
  t.out.add(`const ${from} = w.p;`);
  pending.after.push(
    `if (${localOf(row.name)} === undefined && w.p - ${from} >= ${size}) throw ${useSupport(t, "missing")}(${quote(row.name)});`,
  );
}

/** Padding up to a multiple of bytes, taken back at the end when only rows with something to write need it. */
function emitAlign(t: EncodeTarget, pending: Pending, n: number, ifMore: boolean): void {
  if (ifMore) t.out.add("const unpadded = w.p;");
  t.out.add(`w.align(start, ${n});`);
  if (!ifMore) return;
  t.out.add("const padded = w.p;");
  // Before the patches of lengths, which count what is left.
  pending.after.unshift("if (w.p === padded) w.p = unpadded;");
}

/** Calls what writes the keys that stand among those of the unit, and counts them. */
function emitInline(t: EncodeTarget, { width, mask }: Extract<Row, { kind: "inline" }>): void {
  const type = t.unit.json.find((f) => f.inline)?.type;
  if (type === undefined) throw new Error(`${t.unit.id} inlines nothing`);
  if (width === "message") {
    t.out.add(`c += ${t.module.use("encodeNestedMembers", "codec/nested-encode")}(w, m);`);
    return;
  }
  const encode = t.g.call(t.module, "encode", type.name, t.version, width === "oxm" ? "Inline" : "");
  if (width === "struct") {
    t.out.add(`c += ${encode}(w, m);`);
    return;
  }
  if (!mask) t.out.add("const tlvAt = w.p;");
  t.out.add(`${encode}(w, m);`);
  if (!mask) t.out.add(`${t.module.use("refuseMask", "codec/tlv-encode")}(w, tlvAt, m);`);
  t.out.add("c += m.mask === undefined ? 2 : 3;");
  const table = t.g.definition(type.name);
  if (table.kind === "tlv_table" && tlvKeys(table).includes("option"))
    t.out.add("if (m.option !== undefined) c++;");
}

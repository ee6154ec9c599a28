// Where rows of varying size end: statements that compute a local `…End` and refuse lengths that leave the frame.
import { bodyUnit, fixedBytes, leastOf, type Row, structOfRow } from "../schema/index.js";
import { distance, throwLength, throwShort, throwWrong } from "./decode-lengths.js";
import { type DecodeTarget, readSource, WIRE } from "./decode-target.js";
import { importReaders } from "./decode-values.js";
import { structLength } from "./layout.js";
import { camel } from "./naming.js";

export type FieldRow = Extract<Row, { kind: "field" }>;
type InlineRow = Extract<Row, { kind: "inline" }>;

/** Sources of the words that came before a row and say something about it. */
export interface EarlierWords {
  /** Wire variables by name. */
  readonly variables: ReadonlyMap<string, string>;
  /** Lengths by the name of the field that they count. */
  readonly lengths: ReadonlyMap<string, string>;
}

/** Emits what finds the end of a field of varying size; returns the source of that end, `end` for all that is left. */
export function emitFieldExtent(t: DecodeTarget, row: FieldRow, at: string, words: EarlierWords): string {
  const end = `${camel(row.name)}End`;
  if (row.when?.kind === "more") {
    const size = fixedBytes(t.g.model, t.unit, { ...row, when: undefined }, t.version) ?? 0;
    t.out.add(`const ${end} = end - (${at}) < ${size} ? ${at} : ${at} + ${size};`);
    return end;
  }
  if (row.when) {
    const size = fixedBytes(t.g.model, t.unit, { ...row, when: undefined }, t.version) ?? 0;
    const variable = words.variables.get(row.when.variable) ?? "0";
    const isId = row.width.kind === "oxm_id";
    const there = isId ? idEnd(t, at) : `${at} + ${size}`;
    t.out.add(`const ${end} = (${variable} & ${row.when.bits}) !== 0 ? ${there} : ${at};`);
    t.out.add(`if (${end} > end) ${throwShort(t, at, isId ? 4 : size)}`);
    return end;
  }
  const length = words.lengths.get(row.name);
  if (length !== undefined && row.width.kind === "oxm_match") {
    const next = emitPadded(t, row.name, camel(row.name), at, 1);
    const said = readSource(t, 2, `${at} + 2`);
    const wrong = throwLength(t, row.name, { at, length, least: 0, left: said });
    t.out.add(`if (${length} !== ${said}) ${wrong}`);
    return next;
  }
  if (length !== undefined) {
    t.out.add(`const ${end} = ${at} + ${length};`);
    const wrong = throwLength(t, row.name, { at, length, least: 0, left: distance("end", at) });
    t.out.add(`if (${end} > end) ${wrong}`);
    return end;
  }
  return emitExtent(t, row, at);
}

/** Emits what finds the end of a row that tells its length itself; returns the source of that end. */
export function emitExtent(t: DecodeTarget, row: FieldRow | InlineRow, at: string): string {
  const { out } = t;
  const part = row.kind === "field" ? row.name : "";
  const local = row.kind === "field" ? camel(row.name) : "inline";
  const end = `${local}End`;
  switch (row.kind === "field" ? row.width.kind : row.width) {
    case "oxm_match":
      return emitPadded(t, part, local, at, 1);
    case "oxs_stats":
      return emitPadded(t, part, local, at, undefined);
    case "native":
      return tellsEnd(row) ? emitPadded(t, part, local, at, undefined) : "end";
    case "oxm": {
      const length = `b[${at} + 3]!`;
      const wrong = { at: `${at} + 3`, length, least: 0, left: distance("end", `${at} + 4`) };
      out.add(`const ${end} = ${at} + 4 + ${length};`);
      out.add(`if (${end} > end) ${throwLength(t, "field", wrong)}`);
      return end;
    }
    case "oxm_id":
      out.add(`const ${end} = ${idEnd(t, at)};`);
      out.add(`if (${end} > end) ${throwShort(t, at, 8)}`);
      return end;
    case "message": {
      const length = readSource(t, 2, `${at} + 2`);
      const wrong = { at: `${at} + 2`, length, least: 8, left: distance("end", at) };
      out.add(`const ${end} = ${at} + ${length};`);
      out.add(`if (${end} - (${at}) < 8 || ${end} > end) ${throwLength(t, part, wrong)}`);
      return end;
    }
    case "struct":
      return emitStructExtent(t, row, at, end);
    default:
      return "end";
  }
}

/** Source of the end of an OXM header: the class 0xffff has an experimenter word behind it. */
function idEnd(t: DecodeTarget, at: string): string {
  return `${at} + (${readSource(t, 2, at)} === 0xffff ? 8 : 4)`;
}

/** Whether the bytes of a native row say how many they are. */
function tellsEnd(row: FieldRow | InlineRow): boolean {
  return row.kind === "field" && row.width.kind === "native" && row.width.least !== undefined;
}

/** A match or stats row: its length word counts the head but not the padding to 8 bytes. */
function emitPadded(
  t: DecodeTarget,
  part: string,
  local: string,
  at: string,
  type: number | undefined,
): string {
  const end = `${local}End`;
  const next = `${local}Next`;
  t.out.add(`const ${end} = ${at} + ${readSource(t, 2, `${at} + 2`)};`);
  t.out.add(`const ${next} = ${at} + ${t.module.use("align8", WIRE)}(${end} - (${at}));`);
  const typed = type === undefined ? [] : [String(type)];
  const wrongType = type === undefined ? "" : `${readSource(t, 2, at)} !== ${type} || `;
  const wrong = throwWrong(t, "badHead", part, "b", at, "end", ...typed);
  t.out.add(`if (${wrongType}${end} - (${at}) < 4 || ${next} > end) ${wrong}`);
  return next;
}

function emitStructExtent(t: DecodeTarget, row: FieldRow | InlineRow, at: string, end: string): string {
  const struct = structOfRow(t.g.model, t.unit, row);
  const length = struct && structLength(t.g, struct, t.version);
  if (struct === undefined || length === undefined) return "end";
  t.out.add(`const ${end} = ${at} + ${importReaders(t.module, length.source(at))};`);
  const least = leastOf(t.g.model, bodyUnit(struct), t.version);
  const part = row.kind === "field" ? row.name : "";
  const wrong = throwLength(t, part, {
    at: `${at} + ${length.offset}`,
    length: distance(end, at),
    least,
    left: distance("end", at),
  });
  t.out.add(`if (${end} - (${at}) < ${least} || ${end} > end) ${wrong}`);
  return end;
}

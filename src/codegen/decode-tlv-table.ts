// Decoders of TLV tables: two dense switches, on the class and on field and mask bit, never one sparse switch on 32 bits.
import type { TlvCase, TlvTable } from "../schema/index.js";
import type { Generation } from "./context.js";
import { emitValue } from "./decode-values.js";
import { tlvPayload } from "./layout.js";
import { hex, pascal, quote } from "./naming.js";
import type { SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";
import { decoderFunction, TextLines } from "./text-lines.js";

const WIRE = "wire/index";
const SUPPORT = "codec/decode-support";
const EXPERIMENTER_CLASS = 0xffff;

/** What the header of a value of any number of bytes announces where there is no value; with a mask, twice that. */
const MOST_BYTES = 124;

/** Emits `decodeFields` (a list), `decodeField` (one TLV) and `decodeFieldIds`. */
export function emitTlvTableDecoder(g: Generation, table: TlvTable): void {
  const module = g.moduleOf(table.name);
  const text = module.use("type Text", "text/index");
  for (const version of g.groupVersions(table.name)) {
    const name = g.unitName(table.name, version);
    emitList(module, table, name, text);
    emitOne(g, module, table, name, version, text);
    emitIds(g, module, table, name, text);
  }
}

function emitList(module: SourceModule, table: TlvTable, name: string, text: string): void {
  const out = new TextLines();
  out.open("for (let q = o; q < end; ) {");
  out.add(`if (end - q < 4) throw ${module.use("short", WIRE)}(${quote(table.name)}, q, end, 4);`);
  out.add("const next = q + 4 + b[q + 3]!;");
  out.add(
    `if (next > end) throw ${module.use("badLength", WIRE)}(${quote(table.name)}, q + 3, next - q - 4, 0, end - q - 4);`,
  );
  out.add("if (q !== o) w.o[w.p++] = 0x2c;");
  out.text("{");
  out.add(`decode${name}(b, q, w);`);
  out.text("}");
  out.add("q = next;");
  out.close();
  const head = `export function decode${name}s(b: Buffer, o: number, end: number, w: ${text}): void`;
  module.add(`/** List of ${table.name}: its elements, comma separated. */\n${decoderFunction(head, out)}`);
}

function emitOne(
  g: Generation,
  module: SourceModule,
  table: TlvTable,
  name: string,
  version: number,
  text: string,
): void {
  const out = new TextLines();
  out.add("const length = b[o + 3]!;");
  out.open(`switch (${module.use("u16", WIRE)}(b, o)) {`);
  const classes = [...new Set(table.cases.map((c) => c.oxmClass))];
  for (const oxmClass of classes) {
    const cases = table.cases.filter((c) => c.oxmClass === oxmClass);
    out.open(`case ${hex(oxmClass)}:`);
    if (oxmClass === EXPERIMENTER_CLASS) emitExperimenters(g, module, table, cases, version, out);
    else {
      out.open("switch (b[o + 2]!) {");
      for (const c of cases) emitTlv(g, module, table, c, version, 4, out);
      out.close();
    }
    out.add("break;");
    out.close("");
  }
  out.close();
  out.add(`${module.use("writeRawTlv", SUPPORT)}(b, o, ${quote(table.tag)}, w);`);
  const head = `export function decode${name}(b: Buffer, o: number, w: ${text}): void`;
  module.add(
    `/** ${oneLine(table.doc)} Members of one object, without its braces; the caller has checked that the TLV is whole. */\n${decoderFunction(head, out)}`,
  );
}

function emitExperimenters(
  g: Generation,
  module: SourceModule,
  table: TlvTable,
  cases: readonly TlvCase[],
  version: number,
  out: TextLines,
): void {
  out.add("if (length < 4) break;");
  out.open(`switch (${module.use("u32", WIRE)}(b, o + 4)) {`);
  for (const experimenter of new Set(cases.map((c) => c.experimenter ?? 0))) {
    out.open(`case ${hex(experimenter)}:`);
    out.open("switch (b[o + 2]!) {");
    for (const c of cases) if (c.experimenter === experimenter) emitTlv(g, module, table, c, version, 8, out);
    out.close();
    out.add("break;");
    out.close("");
  }
  out.close();
}

/**
 * One field: the plain form, and the form with a mask. Any field may carry one; odd lengths fall out to the raw form. The texts are
 * functions of their own: V8 never optimises a function of more than 60 kB of bytecode, which one switch with all fields would be.
 */
function emitTlv(
  g: Generation,
  module: SourceModule,
  table: TlvTable,
  c: TlvCase,
  version: number,
  head: 4 | 8,
  out: TextLines,
): void {
  const payload = c.anyBytes ? undefined : tlvPayload(g, c);
  const plain = `print${g.unitName(table.name, version)}${pascal(c.name)}`;
  const masked = `${plain}Masked`;
  emitTlvText(g, module, table, c, version, head, plain, false);
  emitTlvText(g, module, table, c, version, head, masked, true);
  out.open(`case ${c.field * 2}:`);
  if (payload) out.add(`if (length !== ${head - 4 + payload.size}) break;`);
  out.add(`${plain}(b, o, w);`);
  out.add("return;");
  out.close("");
  out.open(`case ${c.field * 2 + 1}:`);
  out.add(
    payload ? `if (length !== ${head - 4 + payload.size * 2}) break;` : "if ((length & 1) !== 0) break;",
  );
  out.add(`${masked}(b, o, w);`);
  out.add("return;");
  out.close("");
}

/** Emits the function that prints one form of one field. */
function emitTlvText(
  g: Generation,
  module: SourceModule,
  table: TlvTable,
  c: TlvCase,
  version: number,
  head: 4 | 8,
  name: string,
  masked: boolean,
): void {
  const out = new TextLines();
  const payload = c.anyBytes ? undefined : tlvPayload(g, c);
  const type = { ...c.type, list: g.definition(c.type.name).kind === "flags" };
  const print = (at: string, end: string): void => {
    const width = payload?.width ?? ({ kind: "bytes", n: undefined } as const);
    emitValue(g, module, out, { type, width, at, end, version, by: undefined, bitRange: undefined });
  };
  const at = `o + ${head}`;
  if (payload === undefined)
    out.add(`const middle = ${at} + (b[o + 3]! - ${head - 4})${masked ? " / 2" : ""};`);
  const middle = payload ? `o + ${head + payload.size}` : "middle";
  out.text(`${quote(table.tag)}:${quote(c.name)},"value":`);
  print(at, middle);
  if (masked) {
    out.text(',"mask":');
    print(middle, payload ? `o + ${head + payload.size * 2}` : "o + 4 + b[o + 3]!");
  }
  if (c.option !== undefined) out.add(`${module.use("writeOption", SUPPORT)}(${c.option.number}, w);`);
  const text = module.use("type Text", "text/index");
  module.once(name, () => decoderFunction(`function ${name}(b: Buffer, o: number, w: ${text}): void`, out));
}

/** A list of OXM headers alone, as TABLE_FEATURES has. */
function emitIds(g: Generation, module: SourceModule, table: TlvTable, name: string, text: string): void {
  const entries = table.cases.map((c) => {
    const header = hex((c.oxmClass * 0x10000 + c.field * 512) >>> 0);
    const own = c.experimenter === undefined ? "" : `, ${hex(c.experimenter)}`;
    return `  [${header}, ${quote(c.name)}, ${tlvPayload(g, c)?.size ?? MOST_BYTES}${own}],`;
  });
  const constant = `${name.charAt(0).toLowerCase()}${name.slice(1)}Headers`;
  const make = module.use("headerTable", SUPPORT);
  module.add(
    `/** Names and sizes by OXM header without mask bit and length. */\nconst ${constant} = ${make}(() => [\n${entries.join("\n")}\n]);`,
  );
  const out = new TextLines();
  out.add(`${module.use("writeOxmIds", SUPPORT)}(b, o, end, ${constant}, w);`);
  const head = `export function decode${name}Ids(b: Buffer, o: number, end: number, w: ${text}): void`;
  module.add(`/** List of OXM headers of ${table.name}. */\n${decoderFunction(head, out)}`);
}

// Decoders of structs and of lists of them.
import { bodyUnit, fixedStruct, leastOf, type Struct } from "../schema/index.js";
import type { Generation } from "./context.js";
import { emitBodyDecoder } from "./decode-body.js";
import { elementCheck } from "./decode-lengths.js";
import { importReaders } from "./decode-values.js";
import { plus, structLength } from "./layout.js";
import { quote } from "./naming.js";
import { decoderFunction, TextLines } from "./text-lines.js";

const WIRE = "wire/index";

/** Emits `decodePort` and `decodePortList`. */
export function emitStructDecoder(g: Generation, struct: Struct): void {
  const module = g.moduleOf(struct.name);
  for (const version of g.groupVersions(struct.name)) {
    emitBodyDecoder(g, module, bodyUnit(struct), version, `${struct.name}: ${struct.doc}`);
    const list = listBody(g, struct, version);
    if (list === undefined) continue;
    const text = module.use("type Text", "text/index");
    const name = g.unitName(struct.name, version);
    const head = `export function decode${name}List(b: Buffer, o: number, end: number, w: ${text}): void`;
    module.add(
      `/** List of ${struct.name}: its elements, comma separated. */\n${decoderFunction(head, list)}`,
    );
  }
}

/** Loops over structs of one size, or over structs that hold their own length; others cannot be in a list. */
function listBody(g: Generation, struct: Struct, version: number): TextLines | undefined {
  const module = g.moduleOf(struct.name);
  const out = new TextLines();
  const name = `decode${g.unitName(struct.name, version)}`;
  const size = fixedStruct(g.model, struct, version);
  const own = structLength(g, struct, version);
  if (size !== undefined && size > 0 && own === undefined) {
    const bad = module.use("notMultiple", WIRE);
    out.add(`if ((end - o) % ${size} !== 0) throw ${bad}(${quote(struct.name)}, o, end, ${size});`);
    out.open(`for (let q = o; q < end; q += ${size}) {`);
    out.add("if (q !== o) w.o[w.p++] = 0x2c;");
    out.text("{");
    out.add(`${name}(b, q, q + ${size}, w);`);
    out.text("}");
    out.close();
    return out;
  }
  if (own === undefined) return undefined;
  const least = leastOf(g.model, bodyUnit(struct), version);
  out.open("for (let q = o; q < end; ) {");
  out.add(
    `if (end - q < ${least}) throw ${module.use("short", WIRE)}(${quote(struct.name)}, q, end, ${least});`,
  );
  out.add(`const length = ${importReaders(module, own.source("q"))};`);
  out.add(elementCheck(module, struct.name, plus("q", own.offset), least, struct.multiple));
  out.add("if (q !== o) w.o[w.p++] = 0x2c;");
  out.text("{");
  out.add(`${name}(b, q, q + length, w);`);
  out.text("}");
  out.add(`q += ${struct.align === 8 ? `${module.use("align8", WIRE)}(length)` : "length"};`);
  out.close();
  return out;
}

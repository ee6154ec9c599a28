// The first half of an encoder: fetches all keys, counts those that are there, refuses what the version cannot say.
import { isNoneOf, keysOfRows, keysOnWire, wideNumber } from "./encode-given.js";
import {
  type EncodeTarget,
  frameOf,
  localOf,
  type TypedField,
  typedField,
  useSupport,
} from "./encode-target.js";
import { hasNames } from "./encode-values.js";
import { hasOrder } from "./known-keys.js";
import { quote } from "./naming.js";

/** Emits the locals of all keys that rows need, and the count `c` of those that are there. */
export function emitKeyReads(t: EncodeTarget): void {
  const { out } = t;
  const onWire = keysOnWire(t);
  const ofRows = keysOfRows(t);
  emitPacket(t);
  for (const f of t.unit.json) {
    if (f.inline) continue;
    const local = localOf(f.name);
    if (!f.derived && ofRows.has(f.name)) {
      const given = `m.${f.name}`;
      const size = f.sizeOf === undefined ? "" : ` === undefined ? ${frameOf(f.sizeOf)}?.length : ${given}`;
      out.add(`const ${local} = ${given}${size};`);
      out.add(`if (${size === "" ? local : given} !== undefined) c++;`);
    } else if (f.derived || onWire.has(f.name)) {
      out.add(`if (m.${f.name} !== undefined) c++;`);
    } else {
      emitUnsaid(t, typedField(t, f.name));
    }
  }
  for (const row of t.rows)
    if (row.kind === "field" && row.residue) out.add(`if (m.${row.residue} !== undefined) c++;`);
  if (t.rows.some(hasOrder)) out.add("if (m._order !== undefined) c++;");
}

/** The frame that the keys of packets describe, undefined where there are none. */
function emitPacket(t: EncodeTarget): void {
  const packet = t.unit.json.find((f) => f.packet);
  if (packet === undefined) return;
  const from = "codec/encode-packet";
  const keys = `${packet.name}Keys`;
  t.out.add(`const ${keys} = ${t.module.use("countPacketKeys", from)}(m);`);
  t.out.add(`c += ${keys};`);
  // The encoder of a hoisted property builds its own frame.
  if (!keysOfRows(t).has(packet.name)) return;
  const build = `${t.module.use("encodePacket", from)}(m, ${quote(packet.name)})`;
  t.out.add(`const ${frameOf(packet.name)} = ${keys} === 0 ? undefined : ${build};`);
}

/** A key that this version has no bytes for: dropped when that changes nothing, else refused. */
function emitUnsaid(t: EncodeTarget, f: TypedField): void {
  const { out } = t;
  const access = `m.${f.name}`;
  if (f.default === undefined && f.omit === undefined) {
    // What a message must say does not depend on the version.
    out.add(`if (${access} === undefined) throw ${useSupport(t, "missing")}(${quote(f.name)});`);
  }
  out.open(`if (${access} !== undefined) {`);
  out.add("c++;");
  if (f.ignorable) emitReadable(t, f, access);
  else emitRefusal(t, f, access);
  out.close();
}

/** Refuses a value that is none of those which this version means without saying so. */
function emitRefusal(t: EncodeTarget, f: TypedField, access: string): void {
  const set = t.rows.findLast((row) => row.kind === "set" && row.name === f.name);
  const meant = set?.kind === "set" ? set.value : undefined;
  const allowed = [meant, f.default?.kind === "key" ? undefined : f.default, f.absent].filter(
    (constant) => constant !== undefined,
  );
  const test = isNoneOf(t, f, access, allowed);
  const show = useSupport(t, "show");
  const refusal = `throw ${useSupport(t, "cannot")}(${quote(f.name)}, ${show}(${access}), w);`;
  t.out.add(test === "" ? refusal : `if (${test}) ${refusal}`);
}

/** A value that is dropped must still be one of its type: a mistake should not depend on the version to be found. */
function emitReadable(t: EncodeTarget, f: TypedField, access: string): void {
  const { out } = t;
  const d = t.g.definition(f.type.name);
  const [key, type] = [quote(f.name), quote(f.type.name)];
  if (d.kind === "flags" || (hasNames(d) && !f.type.list)) {
    out.add(`${wideNumber(t, f, access)};`);
    return;
  }
  if (f.type.list && d.kind !== "scalar") {
    // Its elements are written, and taken back.
    const isMatch = d.kind === "tlv_table";
    const list = isMatch
      ? t.module.use("encodeFieldList", "codec/fields")
      : t.g.call(t.module, "encode", d.name, t.version, "List");
    out.add("const dropped = w.p;");
    out.add(`${list}(w, ${access}, ${key});`);
    out.add("w.p = dropped;");
    return;
  }
  if (d.kind !== "scalar" || f.type.list) return;
  if (d.form === "uint" || d.form === "sint") {
    const bytes = d.widths[0]?.kind === "int" ? d.widths[0].bytes : 4;
    if (bytes === 8) {
      const wrong = `throw ${useSupport(t, "notA")}(${type}, ${access}, ${key});`;
      out.add(`if (${useSupport(t, "int64Of")}(${access}) === undefined) ${wrong}`);
    } else out.add(`${useSupport(t, "uint")}(${access}, 2 ** ${8 * bytes} - 1, ${key}, ${type});`);
  }
  if (d.form === "duration") out.add(`${useSupport(t, "durationOf")}(${access}, ${key});`);
}

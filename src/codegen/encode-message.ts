// Encoders of the bodies of messages and multiparts: what stands under `msg`.
import { bodyUnit, type Message, type Multipart, WIRE_VERSIONS } from "../schema/index.js";
import type { Generation } from "./context.js";
import { emitBodyEncoder } from "./encode-body.js";
import { knownKeys } from "./known-keys.js";
import { quote } from "./naming.js";
import { SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";

/** Emits `encodeFlowModMessage` and, where the body is an array, its loop. */
export function emitMessageEncoder(g: Generation, d: Message | Multipart): void {
  const module = g.moduleOf(d.name);
  const unit = bodyUnit(d);
  for (const version of g.groupVersions(d.name)) {
    if (d.jsonList === undefined) {
      emitBodyEncoder(g, module, unit, version, `${d.name}: ${d.doc}`);
      continue;
    }
    const writer = module.use("type MessageWriter", "codec/message-writer");
    const list = g.call(module, "encode", d.jsonList.name, version, "List");
    module.add(
      [
        `/** ${oneLine(`${d.name}: ${d.doc}`)} */`,
        `export function encode${g.unitName(d.name, version)}(w: ${writer}, value: unknown): void {`,
        `  ${list}(w, value, "msg");`,
        "}",
      ].join("\n"),
    );
  }
}

/** Emits gen/encode/index.ts: per version the functions by type name. */
export function emitEncodeDispatch(g: Generation): SourceModule {
  const module = new SourceModule("codec/gen/encode/index", "*");
  const all = [...g.model.definitions.values()].filter(
    (d): d is Message | Multipart => d.kind === "message" || d.kind === "multipart",
  );
  const object = module.use("objectBody", "codec/encode-dispatch");
  const list = module.use("listBody", "codec/encode-dispatch");
  const table = WIRE_VERSIONS.map((v) => {
    const rows = all.flatMap((d) => {
      if (d.type[v] === undefined) return [];
      const part = d.kind === "multipart" ? d.part : "none";
      const fn = g.call(module, "encode", d.name, v);
      const body = d.jsonList
        ? `${list}(${fn}, ${quote(whenMissing(d))})`
        : `${object}(${fn}, ${quote(knownKeys(g, bodyUnit(d), v))}, ${quote(whenMissing(d))})`;
      const whose = d.experimenter === undefined ? "" : ` experimenter: 0x${d.experimenter.toString(16)},`;
      return [
        `    [${quote(d.name)}, { type: ${d.type[v]},${whose} part: ${quote(part)}, encode: ${body} }],`,
      ];
    });
    return `  new Map([\n${rows.join("\n")}\n  ]),`;
  });
  const type = module.use("type EncodeTable", "codec/encode-dispatch");
  module.add(
    `/** Bodies by wire version and type name. */\nexport const bodies: readonly ${type}[] = [\n  new Map(),\n${table.join("\n")}\n];`,
  );
  const names = all.map((d) => quote(d.name));
  module.add(
    `/** All type names of all versions. */\nexport const typeNames: readonly string[] = [${names.join(", ")}];`,
  );
  return module;
}

/** What a message without `msg` means: an error, all keys missing, or, where some key has no default, no body at all. */
function whenMissing(d: Message | Multipart): "error" | "defaults" | "nothing" {
  if (!d.optionalBody && (d.json.length > 0 || d.jsonList)) return "error";
  return d.json.every((f) => f.default !== undefined || f.omit !== undefined) ? "defaults" : "nothing";
}

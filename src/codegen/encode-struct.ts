// Encoders of structs and of lists of them.
import { bodyUnit, fixedStruct, type Struct } from "../schema/index.js";
import type { Generation } from "./context.js";
import { emitBodyEncoder } from "./encode-body.js";
import { knownKeys } from "./known-keys.js";
import { structLength } from "./layout.js";
import { quote } from "./naming.js";
import type { SourceModule } from "./printer.js";

const SUPPORT = "codec/encode-support";

/** Emits `encodePort` and `encodePortList`. */
export function emitStructEncoder(g: Generation, struct: Struct): void {
  const module = g.moduleOf(struct.name);
  const unit = bodyUnit(struct);
  for (const version of g.groupVersions(struct.name)) {
    const known = quote(knownKeys(g, unit, version));
    emitBodyEncoder(g, module, unit, version, `${struct.name}: ${struct.doc}`);
    if (fixedStruct(g.model, struct, version) === undefined && structLength(g, struct, version) === undefined)
      continue;
    const name = `encode${g.unitName(struct.name, version)}`;
    const writer = module.use("type MessageWriter", "codec/message-writer");
    const object = module.use("type JsonObject", SUPPORT);
    const align = struct.align > 1 ? ["  const start = w.p;", `  w.align(start, ${struct.align});`] : [];
    module.add(
      [
        `function ${name}Element(w: ${writer}, m: ${object}): void {`,
        ...align.slice(0, 1),
        "  try {",
        `    if (${name}(w, m) !== ${module.use("countKeys", SUPPORT)}(m)) throw ${module.use("unknownKey", SUPPORT)}(m, ${known});`,
        "  } catch (error) {",
        `    throw ${module.use("causeOf", SUPPORT)}(error, m, ${known});`,
        "  }",
        ...align.slice(1),
        "}",
      ].join("\n"),
    );
    module.add(
      [
        `/** A list of ${struct.name}. */`,
        `export function ${name}List(w: ${writer}, value: unknown, key: string): void {`,
        `  ${module.use("encodeEach", SUPPORT)}(w, ${elementsSource(module, struct, version)}, key, ${name}Element);`,
        "}",
      ].join("\n"),
    );
  }
}

/** Source of the elements of a list, with the numbers that they lack where the version has them. */
function elementsSource(module: SourceModule, struct: Struct, version: number): string {
  const { numbered } = struct;
  const rows = struct.rows[version] ?? [];
  if (numbered === undefined || !rows.some((row) => row.kind === "field" && row.name === numbered))
    return "value";
  return `${module.use("withNumbers", SUPPORT)}(value, key, ${quote(numbered)})`;
}

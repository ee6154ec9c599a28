// The frame of an encoder: its signature around its lines.
import type { Lines, SourceModule } from "./printer.js";

/** A function `(w, m)`; parameters without a use get an underscore. */
export function encoderFunction(module: SourceModule, name: string, body: Lines, result: string): string {
  const writer = module.use("type MessageWriter", "codec/message-writer");
  const object = module.use("type JsonObject", "codec/encode-support");
  const code = body.toString();
  const used = (parameter: string): string =>
    new RegExp(`\\b${parameter}\\b`).test(code) ? parameter : `_${parameter}`;
  return `export function ${name}(${used("w")}: ${writer}, ${used("m")}: ${object}): ${result} {\n${code}\n}`;
}

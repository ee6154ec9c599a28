/** Ajv for tests. Its optimizer takes most of the time that compiling the schema of all messages takes, and buys nothing here. */
import { Ajv2020, type Options } from "ajv/dist/2020.js";

export function newAjv(options: Options): Ajv2020 {
  return new Ajv2020({ inlineRefs: false, code: { optimize: false }, ...options });
}

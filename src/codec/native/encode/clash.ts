// What is wrong with fields that a fixed match cannot hold together.
import { EncodeError } from "../../../base/index.js";

/** The error for two fields that share a place, or that would be read back under another name. */
export function clash(key: string, detail: string): EncodeError {
  return new EncodeError(key, detail, { code: "UNSUPPORTED" });
}

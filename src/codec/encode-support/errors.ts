// The errors of encoders: what a value is not, and the place where it stands.
import { cutText, didYouMean, EncodeError, type Version, versionName } from "../../base/index.js";
import type { MessageWriter } from "../message-writer.js";

/** A value as errors show it. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  return cutText(stringify(value));
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Nested deeper than the stack, or a bigint inside.
    return Array.isArray(value) ? "[…]" : "{…}";
  }
}

/** `"FLOD" is not a PortNumber (did you mean FLOOD?)` */
export function notA(type: string, value: unknown, key: string, names: Iterable<string> = []): EncodeError {
  const article = /^[AEIO]|^U[^I]/.test(type) ? "an" : "a";
  const hint = typeof value === "string" ? didYouMean(value, names) : "";
  return new EncodeError(key, `${show(value)} is not ${article} ${type}${hint}`, {
    found: value,
    expected: type,
  });
}

export function missing(key: string): EncodeError {
  return new EncodeError(key, "is missing", { code: "MISSING" });
}

/** The version of this message cannot say `what`. */
export function cannot(key: string, what: string, w: MessageWriter): EncodeError {
  return new EncodeError(
    key,
    `${what} cannot be expressed in OpenFlow ${versionName(w.version as Version)}`,
    { code: "UNSUPPORTED" },
  );
}

/**
 * Refuses the data of an element that is given by the number of a case which has another size: whoever reads it takes it
 * for that case.
 * @param bytes     those of the element, header included
 * @param multiple  what they are padded to
 * @param size      bytes of the case; undefined where there is none, or its size varies
 */
export function checkSize(bytes: number, multiple: number, size: number | undefined, tag: unknown): void {
  const padded = Math.ceil(bytes / multiple) * multiple;
  if (size !== undefined && padded !== size)
    throw new EncodeError("data", `${show(tag)} has ${size} bytes in this version, not ${padded}`);
}

/** Puts the place of a list element or object before the path of an error that passes by. */
export function inside(error: unknown, part: string): unknown {
  return error instanceof EncodeError ? error.prefix(part) : error;
}

// Whether what was given says the same as what was read.
import { parseHex, parseInteger } from "../../text/index.js";

/**
 * Where `given` says something that `read` does not: `.options[2].value`; undefined when it says nothing else. What it leaves
 * out does not count.
 */
export function findDifference(given: unknown, read: unknown): string | undefined {
  if (Array.isArray(given)) {
    if (!Array.isArray(read) || given.length !== read.length) return "";
    for (const [i, one] of given.entries()) {
      const where = findDifference(one, read[i]);
      if (where !== undefined) return `[${i}]${where}`;
    }
    return undefined;
  }
  if (typeof given === "object" && given !== null) {
    if (typeof read !== "object" || read === null || Array.isArray(read)) return "";
    for (const [key, value] of Object.entries(given)) {
      const where = Object.hasOwn(read, key)
        ? findDifference(value, (read as Record<string, unknown>)[key])
        : "";
      if (where !== undefined) return `.${key}${where}`;
    }
    return undefined;
  }
  return isSame(given, read) ? undefined : "";
}

/** Numbers may be texts; neither the case of texts counts nor blanks between hexadecimal digits. */
function isSame(given: unknown, read: unknown): boolean {
  if (given === read) return true;
  if (typeof given !== "string") return false;
  if (typeof read === "number") return parseInteger(given) === read;
  if (typeof read !== "string") return false;
  if (given.toLowerCase() === read.toLowerCase()) return true;
  const [a, b] = [parseHex(given), parseHex(read)];
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

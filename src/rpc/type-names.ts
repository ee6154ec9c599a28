// The names of all message types, for answers to requests that have another one.
import { messageTypeNames } from "../codec/decode.js";
import { parseInteger } from "../text/index.js";

let names: ReadonlySet<string> | undefined;

function typeNames(): ReadonlySet<string> {
  names ??= new Set([...messageTypeNames()].sort());
  return names;
}

/** True for what a message may have as its type: a name, also in its older form, or a number. */
export function isTypeName(text: string): boolean {
  const known = typeNames();
  const turned = text.replace(/^(REQUEST|REPLY)\.(\w+)$/, "$2_$1");
  return known.has(turned) || /^MULTIPART_(REQUEST|REPLY)$/.test(text) || parseInteger(text) !== undefined;
}

/** The name that differs from `text` in the fewest letters; of several the first in the alphabet. */
export function nearestTypeName(text: string): string {
  const word = text.slice(0, MAX_WORD);
  let best = "";
  let least = Number.POSITIVE_INFINITY;
  for (const name of typeNames()) {
    const distance = editDistance(word, name);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

const MAX_WORD = 64;

/** Letters inserted, removed or replaced (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

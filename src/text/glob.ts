/** Patterns of names, as shells have them for files. */

/** One part of a pattern: any text, or a test of one UTF-16 unit. */
type Part = "any" | ((unit: string) => boolean);

/**
 * Makes the test for a pattern: `*` is any text, `?` any letter, `[a-c_]` one of these, `[!a-c]` one of the others,
 * `\*` a star; upper and lower case are the same. The whole name has to match. Takes time in proportion to the
 * lengths of both, whatever the pattern.
 */
export function compileGlob(pattern: string): (name: string) => boolean {
  const parts = splitGlob(pattern.toLowerCase());
  return (name) => matches(parts, name.toLowerCase());
}

function splitGlob(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let i = 0; i < pattern.length; i++) {
    let c = pattern.charAt(i);
    const set = c === "[" ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(i)) : null;
    if (c === "*") parts.push("any");
    else if (c === "?") parts.push(() => true);
    else if (set !== null) {
      parts.push(unitSet(set[2] as string, set[1] !== ""));
      i += set[0].length - 1;
    } else {
      if (c === "\\" && i + 1 < pattern.length) c = pattern.charAt(++i);
      parts.push((unit) => unit === c);
    }
  }
  return parts;
}

/** The test for what stands between brackets. */
function unitSet(members: string, others: boolean): (unit: string) => boolean {
  const ranges = Array.from(members.matchAll(/(.)-(.)|./gs), ([one, from, to]) => [from ?? one, to ?? one]);
  return (unit) => others !== ranges.some(([from, to]) => unit >= (from as string) && unit <= (to as string));
}

function matches(parts: readonly Part[], name: string): boolean {
  let p = 0;
  let n = 0;
  // Where the last star stands, and how far the text goes that it stands for.
  let star = -1;
  let covered = 0;
  while (n < name.length) {
    const part = parts[p];
    if (part === "any") {
      star = p++;
      covered = n;
    } else if (part?.(name.charAt(n))) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++covered;
    } else return false;
  }
  while (parts[p] === "any") p++;
  return p === parts.length;
}

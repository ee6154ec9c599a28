// "Did you mean …?" for error messages.

const MAX_WORD = 64;

/**
 * The candidate that `word` was probably meant to be, or undefined when none is close. Case, `-` against `_`
 * and the prefix of a C constant (`OFPP_FLOOD`) do not count; otherwise a third of the letters may differ.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > MAX_WORD) return undefined;
  const wanted = normal(word);
  const bare = wanted.replace(/^OF[A-Z]*_/, "");
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = normal(candidate);
    if (other === wanted) return candidate;
    const distance = other === bare ? 0.5 : editDistance(wanted, other, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` (did you mean X?)` with the blank before it, or "" when nothing is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const close = suggest(word, candidates);
  return close === undefined ? "" : ` (did you mean ${close}?)`;
}

/** As didYouMean, for few words: when nothing is close, ` (expected: A, B)`. */
export function didYouMeanOneOf(word: string, words: readonly string[]): string {
  return didYouMean(word, words) || ` (expected: ${words.join(", ")})`;
}

function normal(word: string): string {
  return word.toUpperCase().replaceAll("-", "_");
}

/** Insertions, deletions, replacements and swaps of neighbours that make `b` of `a`; `limit` when not fewer. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        d = Math.min(d, before[j - 2]! + 1);
      row.push(d);
      if (d < least) least = d;
    }
    // A swap may look back one row, so only two rows above the limit end the search.
    if (least >= limit && Math.min(...last) >= limit) return limit;
    before = last;
    last = row;
  }
  return last[b.length]!;
}

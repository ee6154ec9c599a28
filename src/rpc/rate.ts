// How many events a filter passes: `true`, `false`, `n`, `n:p`, `n/t`, `n:p/t`.

/** The first `passed` of `of` events, within each `ms` milliseconds. What is without bound is Infinity. */
export interface Rate {
  readonly passed: number;
  readonly of: number;
  readonly ms: number;
}

const MAX_COUNT = 0xffff_ffff;
const RATE = /^(\d{1,10})(?::(\d{1,10}))?(?:\/(\d{1,10}(?:\.\d{1,9})?))?$/;

/**
 * Reads `n:p/t`: the first n of p events pass, and counting starts anew after p events or t seconds, whichever comes first. Without p
 * only the time counts, without t (or with 0) only the events; `n` alone passes n events and no more. n is 0 to 2^32-1, p 1 to 2^32-1.
 * Undefined when the text is nothing of the sort.
 */
export function parseRate(text: string): Rate | undefined {
  const word = text.toLowerCase();
  if (word === "true") return { passed: Infinity, of: Infinity, ms: Infinity };
  if (word === "false") return { passed: 0, of: Infinity, ms: Infinity };
  const parts = RATE.exec(text);
  if (parts === null) return undefined;
  const [passed, of] = [Number(parts[1]), Number(parts[2] ?? MAX_COUNT)];
  if (passed > MAX_COUNT || of > MAX_COUNT || of === 0) return undefined;
  const ms = Number(parts[3] ?? 0) * 1000;
  return { passed, of: parts[2] === undefined ? Infinity : of, ms: ms === 0 ? Infinity : ms };
}

/**
 * Tells of each event whether it passes; called once per event with the time in milliseconds. The first event starts the time: this
 * is no token bucket, and up to 2n-1 events may pass at the turn of two times.
 */
export function makeLimiter({ passed, of, ms }: Rate): (now: number) => boolean {
  let seen = 0;
  let start = 0;
  return (now) => {
    if (seen === of || now - start >= ms) seen = 0;
    if (seen === 0) start = now;
    return seen++ < passed;
  };
}

/**
 * `npm run fuzz -- [--minutes N] [--only WORDS] [--seed N [--path P]]`: runs the properties in turn with random inputs until
 * the time is over. Exit code 0: nothing found; 1: a property was broken, and how to see that again is on stdout.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { type FuzzProperty, properties } from "./properties.js";

/** Milliseconds of one property before it is the turn of the next. */
const TURN_MS = 5000;

/** Milliseconds after which a smaller case is no longer looked for. */
const SHRINK_MS = 30_000;

/** Characters of an input, and of an error, that are shown. */
const SHOWN = 3000;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    only: { type: "string" },
    seed: { type: "string" },
    path: { type: "string" },
  },
});

process.exitCode = main() ? 0 : 1;

/** Returns whether nothing was found. */
function main(): boolean {
  const chosen = properties.filter(({ name }) => name.includes(values.only ?? ""));
  if (chosen.length === 0) throw new Error(`no property has "${values.only}" in its name`);
  if (values.path !== undefined) return chosen.every((one) => replay(one));
  const end = Date.now() + Number(values.minutes) * 60_000;
  if (Number.isNaN(end)) throw new Error(`--minutes ${values.minutes} is no number`);
  let seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed);
  const runs = new Map<string, number>();
  while (Date.now() < end) {
    for (const one of chosen) {
      const turn = Math.min(TURN_MS, end - Date.now());
      if (turn <= 0) break;
      const done = run(one, seed, turn);
      if (done === undefined) return false;
      runs.set(one.name, (runs.get(one.name) ?? 0) + done);
    }
    seed++;
    const total = [...runs.values()].reduce((sum, n) => sum + n, 0);
    const left = Math.max(0, (end - Date.now()) / 1000);
    console.log(`${total} cases, nothing found, ${left.toFixed(0)} s left`);
  }
  for (const [name, count] of runs) console.log(`${String(count).padStart(9)}  ${name}`);
  return true;
}

/** Runs one property for some time; the number of cases, undefined when one was found that breaks it. */
function run(one: FuzzProperty, seed: number, milliseconds: number): number | undefined {
  const limit = Date.now() + milliseconds;
  let runs = 0;
  for (let part = 0; Date.now() < limit; part++) {
    // Small batches: fast-check keeps all inputs of a run.
    const own = (seed + part * 7919) | 0;
    const found = fc.check(one.property, {
      seed: own,
      numRuns: 200,
      interruptAfterTimeLimit: milliseconds + SHRINK_MS,
      markInterruptAsFailure: false,
    });
    runs += found.numRuns;
    if (!found.failed) continue;
    report(one, found);
    return undefined;
  }
  return runs;
}

function replay(one: FuzzProperty): boolean {
  const seed = Number(values.seed ?? 0);
  const found = fc.check(one.property, { seed, path: values.path ?? "", endOnFailure: true });
  if (found.failed) report(one, found);
  else console.log(`holds: ${one.name}`);
  return !found.failed;
}

function report(one: FuzzProperty, found: fc.RunDetails<unknown>): void {
  const error = found.errorInstance;
  console.log(`FOUND: ${one.name}`);
  console.log(fc.stringify(found.counterexample).slice(0, SHOWN));
  console.log((error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, SHOWN));
  console.log(
    `again: npm run fuzz -- --only "${one.name}" --seed ${found.seed} --path "${found.counterexamplePath}"`,
  );
}

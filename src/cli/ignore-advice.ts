/** Which differences a name for `--ignore` would have left out. */
import { IGNORE_NAMES, ignorePaths, type ReplayDifference } from "../ops/index.js";

const NAMED = IGNORE_NAMES.map((name) => ({ name, isIgnored: ignorePaths([name]) }));

/** Looks at differences as they are told. */
export class IgnoreAdvice {
  readonly #names = new Set<string>();
  #count = 0;

  add({ values = [] }: ReplayDifference): void {
    const names = values.map(({ path }) => NAMED.find(({ isIgnored }) => isIgnored(path))?.name);
    if (names.length === 0 || names.includes(undefined)) return;
    this.#count++;
    for (const name of names) if (name !== undefined) this.#names.add(name);
  }

  /** A line for people; undefined where no name would help. */
  get text(): string | undefined {
    if (this.#count === 0) return undefined;
    const names = [...this.#names].sort();
    const differ = this.#count === 1 ? "differs" : "differ";
    return `${this.#count} of these ${differ} in ${names.join(" and ")} only: --ignore=${names.join(",")}`;
  }
}

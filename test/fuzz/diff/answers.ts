/** What programs answer when they are asked about many things at once. */

/** What a program made of one input. */
export type Answer =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "refused"; readonly why: string }
  /** The program ended by a signal, or did not end in time. */
  | { readonly kind: "died" };

/** Answers by the number of the input; none where the program passed one over in silence. */
export type Answers = ReadonlyMap<number, Answer>;

/** Inputs that a program may die of before something else must be wrong. */
const MAX_DEATHS = 20;

/**
 * Asks about inputs `from` to `to`. A batch that the program does not survive is halved until the inputs are found that
 * it dies of; those have the answer `died`. Throws when these are too many.
 * @param ask  the answers of a batch; undefined when the program did not survive it
 */
export function askInBatches(count: number, ask: (from: number, to: number) => Answers | undefined): Answers {
  const all = new Map<number, Answer>();
  let deaths = 0;
  const part = (from: number, to: number): void => {
    if (from >= to) return;
    const answers = ask(from, to);
    if (answers !== undefined) {
      for (const [number, answer] of answers) all.set(number, answer);
    } else if (to - from === 1) {
      if (++deaths > MAX_DEATHS) throw new Error(`the program does not survive ${deaths} inputs of ${count}`);
      all.set(from, { kind: "died" });
    } else {
      const middle = (from + to) >>> 1;
      part(from, middle);
      part(middle, to);
    }
  };
  part(0, count);
  return all;
}

// In what two JSON values differ. Lists are laid beside each other so that an element more is one difference, not one for each after it.
import { isObject } from "./replay-message.js";

/** A value that differs. */
export interface ValueDifference {
  /** `msg.match[2].value`: elements are counted in the recording, those that are not in it in what came. */
  readonly path: string;
  /** The values as JSON; undefined where there is none. */
  readonly recorded: string | undefined;
  readonly now: string | undefined;
}

/** Most pairs of elements that are compared to lay two lists beside each other; longer ones are compared place by place. */
const MOST_PAIRS = 1_000_000;

/** All differences, in the order of the keys. @param path  of both values; "" for whole messages */
export function* jsonDifferences(a: unknown, b: unknown, path = ""): Generator<ValueDifference> {
  if (Array.isArray(a) && Array.isArray(b)) yield* listDifferences(a, b, path);
  else if (isObject(a) && isObject(b) && !Array.isArray(a) && !Array.isArray(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* jsonDifferences(a[key], b[key], path === "" ? key : `${path}.${key}`);
  } else if (a !== b) yield { path, recorded: JSON.stringify(a), now: JSON.stringify(b) };
}

function* listDifferences(
  a: readonly unknown[],
  b: readonly unknown[],
  path: string,
): Generator<ValueDifference> {
  let i = 0;
  let j = 0;
  // Between elements that are the same, those that are left are compared in turn.
  for (const [endA, endB] of [...sameElements(a, b), [a.length, b.length] as const]) {
    for (; i < endA || j < endB; i++, j++) {
      if (i < endA) yield* jsonDifferences(a[i], j < endB ? b[j] : undefined, `${path}[${i}]`);
      else yield* jsonDifferences(undefined, b[j], `${path}[${j}]`);
    }
    i = endA + 1;
    j = endB + 1;
  }
}

/** Pairs of indices of equal elements, both rising: as many as can be (a longest common subsequence). */
function sameElements(a: readonly unknown[], b: readonly unknown[]): (readonly [number, number])[] {
  const [x, y] = [a, b].map((list) => list.map((element) => JSON.stringify(element))) as [string[], string[]];
  const pairs: (readonly [number, number])[] = [];
  let begin = 0;
  while (begin < x.length && begin < y.length && x[begin] === y[begin]) pairs.push([begin, begin++]);
  const [rows, columns] = [x.length - begin, y.length - begin];
  if (rows * columns > MOST_PAIRS) {
    for (let i = begin; i < x.length; i++) if (x[i] === y[i]) pairs.push([i, i]);
    return pairs;
  }
  // length[i][j]: how many pairs x[begin + i...] and y[begin + j...] have.
  const width = columns + 1;
  const length = new Uint32Array((rows + 1) * width);
  const at = (i: number, j: number): number => length[i * width + j] as number;
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      length[i * width + j] =
        x[begin + i] === y[begin + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (x[begin + i] === y[begin + j]) pairs.push([begin + i++, begin + j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}

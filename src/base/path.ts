// Paths into JSON values: `msg.match[2].value`. Keys that do not look like names are written `["a b"]`.

/** The steps of a path: keys of objects and indexes of lists. */
export type PathParts = readonly (string | number)[];

const NAME = /^[A-Za-z_][\w-]*$/;
const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Puts `outer` before `inner` with the dot that belongs between them. */
export function joinPath(outer: string, inner: string): string {
  const head = outer.startsWith(".") ? outer.slice(1) : outer;
  if (head === "" || inner === "" || inner.startsWith("[")) return head + inner;
  return `${head}.${inner}`;
}

/** Writes a key of an object as a path: plain when it is a name, `["…"]` otherwise. */
export function pathKey(key: string): string {
  return NAME.test(key) ? key : `[${JSON.stringify(key)}]`;
}

/** Writes the steps of a path as text. */
export function formatPath(parts: PathParts): string {
  return parts.reduce<string>(
    (text, part) => joinPath(text, typeof part === "number" ? `[${part}]` : pathKey(part)),
    "",
  );
}

/** Splits the text of a path into its steps. What follows a step that cannot be read is left out. */
export function parsePath(path: string): (string | number)[] {
  const parts: (string | number)[] = [];
  STEP.lastIndex = 0;
  for (let m = STEP.exec(path); m !== null; m = STEP.exec(path)) {
    if (m[1] !== undefined) parts.push(m[1]);
    else if (m[2] !== undefined) parts.push(Number(m[2]));
    else parts.push(String(JSON.parse(m[3] as string)));
  }
  return parts;
}

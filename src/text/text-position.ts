// Offsets of a text -> lines and columns, for error messages.

/** A place in a text. Both count from 1; columns count UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/** The place of the character at `offset`, which may be the end of the text. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length);
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", start)) {
    line++;
    start = at + 1;
  }
  return { line, column: end - start + 1 };
}

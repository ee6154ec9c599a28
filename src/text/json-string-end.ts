// Where strings of a JSON text end, for those who look for something else in it.

/** The offset behind the string that starts at `at`. By no regular expression: V8 has no stack for one over millions of escapes. */
export function endOfString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let first = quote;
    while (text[first - 1] === "\\") first--;
    if ((quote - first) % 2 === 0) return quote + 1;
  }
  return text.length;
}

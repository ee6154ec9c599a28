// The members of a JSON object as texts: values that are passed on as they are written, digit for digit.
import { endOfString } from "./json-string-end.js";

/** What ends or nests a value outside strings, and the start of strings. */
const MARK = /["[\]{},:]/g;

/**
 * Splits the text of an object into the texts of its values, by key; of a repeated key the last one counts. Blanks
 * around values stay with them. The text must be JSON, which its caller has made sure of: nothing is checked here.
 */
export function jsonMembers(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let depth = 0;
  let key: string | undefined;
  let start = 0;
  MARK.lastIndex = 0;
  for (let found = MARK.exec(text); found !== null; found = MARK.exec(text)) {
    const { 0: mark, index } = found;
    if (mark === '"') MARK.lastIndex = endOfString(text, index);
    if (mark === "{" || mark === "[") depth++;
    else if (mark === "}" || mark === "]") depth--;
    const ends = depth === 0 || (depth === 1 && mark === ",");
    if (depth === 1 && mark === ":") start = index + 1;
    else if (depth === 1 && key === undefined && mark === '"')
      key = JSON.parse(text.slice(index, MARK.lastIndex)) as string;
    else if (ends && key !== undefined) {
      members.set(key, text.slice(start, index));
      key = undefined;
    }
  }
  return members;
}

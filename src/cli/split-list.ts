/** The terms of a list with commas between, blanks around them removed; none for an option that was not given. */
export function splitList(list = ""): string[] {
  return list
    .split(",")
    .map((term) => term.trim())
    .filter((term) => term !== "");
}

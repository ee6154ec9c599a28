// Requests that may hold keys and passwords are shown to nobody: not in the log, not in error messages.

/** Said in the place of such a request. */
export const NOT_SHOWN = "(not shown: it may hold keys)";

/** True for the text of a request that may hold a key: read or not, spelled right or not. */
export function mayHoldKeys(text: string): boolean {
  return /ADD_IDENTITY|PRIVATE KEY|privkey|password/i.test(text);
}

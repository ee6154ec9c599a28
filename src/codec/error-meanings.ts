// What the types and codes of ERROR messages mean, as the schemas say it.
import type { Catalog } from "./catalog-model.js";

/** The sentence for an error. @param theirs  its name in the encoding of an experimenter, `_error` of the message */
export type ErrorMeaning = (type: string, code: string, theirs?: string) => string;

/** Makes a function that gives the sentence for the name of an experimenter's error, else for a code, else for its type, else "". */
export function errorMeanings({ entries }: Catalog): ErrorMeaning {
  const codes = entries.find(({ name }) => name === "ErrorCode");
  const types = entries.find(({ name }) => name === "ErrorType");
  const named = (name: string): string | undefined =>
    entries
      .flatMap((entry) => (entry.kind === "enum" ? entry.values : []))
      .find((value) => value.name === name)?.doc;
  return (type, code, theirs) => {
    const told = theirs === undefined ? undefined : named(theirs);
    if (told !== undefined) return told;
    const byCode = codes?.kind === "code" ? codes.values[type] : undefined;
    const byType = types?.kind === "enum" ? types.values : undefined;
    const found = byCode?.find(({ name }) => name === code) ?? byType?.find(({ name }) => name === type);
    return found?.doc ?? "";
  };
}

// What the types and codes of ERROR messages mean, as the schemas say it.
import type { Catalog } from "./catalog-model.js";

/** Makes a function that gives the sentence for a code, else that for its type, else "". */
export function errorMeanings({ entries }: Catalog): (type: string, code: string) => string {
  const codes = entries.find(({ name }) => name === "ErrorCode");
  const types = entries.find(({ name }) => name === "ErrorType");
  return (type, code) => {
    const byCode = codes?.kind === "code" ? codes.values[type] : undefined;
    const byType = types?.kind === "enum" ? types.values : undefined;
    const found = byCode?.find(({ name }) => name === code) ?? byType?.find(({ name }) => name === type);
    return found?.doc ?? "";
  };
}

/** Null, also in the words of YAML, whose scalars are read as texts. */
export function isNull(value: unknown): value is null | "null" | "Null" | "NULL" | "~" {
  return value === null || (typeof value === "string" && NULL.test(value));
}

const NULL = /^(null|Null|NULL|~)$/;

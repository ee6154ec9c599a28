// Match fields for those who know them by the names of other programs.
import { kindNamed } from "./field-names.js";
import { fieldIndex, fieldKinds, fieldPrefixes } from "./gen/encode/oxm.js";

/** A match field: its name here, and the first wire version that specifies it; 1 for those of vendors. */
export interface FoundField {
  readonly name: string;
  readonly since: number;
}

/** A field by its name, or by another program's: NXM_NX_REG0 is NX_REG0. Undefined for a name that nobody has. */
export function findField(name: string): FoundField | undefined {
  const kind = kindNamed(fieldIndex, fieldPrefixes, name);
  return kind === undefined ? undefined : fieldKinds[kind];
}

// The dialects by name.
import { classic } from "./classic.js";
import type { Dialect, DialectName } from "./dialect.js";
import { strict } from "./strict.js";

export type { Dialect, DialectName } from "./dialect.js";

/** All dialects. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { classic, strict };

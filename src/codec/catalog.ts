// What the protocol has, for people and programs that ask: its entries, the JSON Schema and the TypeScript types of messages.
// A door of its own, as the translation of messages needs none of it.
import type { Catalog } from "./catalog-model.js";

export type * from "./catalog-model.js";
export { errorMeanings } from "./error-meanings.js";
export type * from "./gen/types.js";

/** Loads the entries: messages, their parts, and the names of values. */
export async function loadCatalog(): Promise<Catalog> {
  return (await import("./gen/catalog.js")).catalog;
}

/** Loads the JSON Schema (draft 2020-12) of one message. */
export async function loadJsonSchema(): Promise<object> {
  return JSON.parse((await import("./gen/json-schema.js")).jsonSchemaText) as object;
}

// Schema files to a checked model, in one call.
import { SchemaError } from "../base/index.js";
import { loadSchema, readSchemaFolder, type SchemaSource } from "./load.js";
import type { Model } from "./model.js";
import { parseModel } from "./parse.js";
import type { MapNode } from "./tree.js";

/** A model, and everything that is wrong with it; it is fit for the generator only when nothing is. */
export interface ReadResult {
  readonly model: Model;
  readonly problems: readonly SchemaError[];
}

/** Reads and checks the schema files below a folder. */
export function readSchemas(folder: string): ReadResult {
  return readSchemaSources(readSchemaFolder(folder));
}

/** Reads and checks schema files whose texts are at hand. */
export function readSchemaSources(sources: readonly SchemaSource[]): ReadResult {
  const problems: SchemaError[] = [];
  const files = new Map<string, MapNode>();
  for (const source of sources) {
    try {
      files.set(source.name, loadSchema(source));
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      problems.push(error);
    }
  }
  return { model: parseModel(files, problems), problems };
}

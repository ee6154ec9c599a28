// Schema files to a checked model, in one call.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { SchemaError } from "../base/index.js";
import { checkModel, type Natives } from "./check.js";
import { loadSchema, readSchemaFolder, type SchemaSource } from "./load.js";
import type { Model } from "./model.js";
import { parseModel } from "./parse.js";
import type { MapNode } from "./tree.js";

/** A model, and everything that is wrong with it; it is fit for the generator only when nothing is. */
export interface ReadResult {
  readonly model: Model;
  readonly problems: readonly SchemaError[];
}

/**
 * Reads and checks the schema files below a folder.
 * @param natives  names of the hand-written functions; undefined: any name will do
 */
export function readSchemas(folder: string, natives?: Natives): ReadResult {
  return readSchemaSources(readSchemaFolder(folder), natives);
}

/** Reads and checks schema files whose texts are at hand. What cannot be read is not checked. */
export function readSchemaSources(sources: readonly SchemaSource[], natives?: Natives): ReadResult {
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
  const model = parseModel(files, problems);
  return { model, problems: problems.length > 0 ? problems : checkModel(model, natives) };
}

/** The names of the hand-written functions: one file each in the folders `decode` and `encode`. */
export function readNatives(folder: string): Natives {
  const names = (direction: string): ReadonlySet<string> =>
    new Set(
      readdirSync(join(folder, direction)).flatMap((file) =>
        file.endsWith(".ts") ? [file.slice(0, -3).replaceAll("-", "_")] : [],
      ),
    );
  return { decode: names("decode"), encode: names("encode") };
}

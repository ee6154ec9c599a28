// What documents about messages (types, JSON Schema) list: the definitions in the order in which they are shown.
import type { Definition, Message, Model, Multipart } from "../schema/index.js";
import { typesWithIds } from "./shape.js";

/** A message or multipart: what stands under `msg` of a document. */
export type BodyDefinition = Message | Multipart;

/** A definition that messages are made of. */
export type PartDefinition = Exclude<Definition, BodyDefinition>;

/** The definitions of a model, each in the order of its files. */
export interface DocumentParts {
  readonly parts: readonly PartDefinition[];
  readonly bodies: readonly BodyDefinition[];
  /** Names of the definitions of which there are lists of codes. */
  readonly withIds: readonly string[];
}

/** Sorts the definitions of a model. */
export function documentParts(model: Model): DocumentParts {
  const definitions = [...model.definitions.values()];
  return {
    parts: definitions.filter((d) => !isBody(d)),
    bodies: definitions.filter(isBody),
    withIds: typesWithIds(model),
  };
}

function isBody(d: Definition): d is BodyDefinition {
  return d.kind === "message" || d.kind === "multipart";
}

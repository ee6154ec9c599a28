// What the parts of one encoder share: whose encoder it is, its lines so far, and the names of what they call.
import type { BodyUnit, JsonField, Row, TypeRef } from "../schema/index.js";
import type { Generation } from "./context.js";
import { camel, nativeName } from "./naming.js";
import type { Lines, SourceModule } from "./printer.js";

export type FieldRow = Extract<Row, { kind: "field" }>;

/** The encoder of one unit for the group of one version, under construction. */
export interface EncodeTarget {
  readonly g: Generation;
  readonly module: SourceModule;
  readonly unit: BodyUnit;
  readonly version: number;
  /** The rows of the unit in this version. */
  readonly rows: readonly Row[];
  readonly out: Lines;
}

/** A field that has a type, which is any that rows can hold. */
export interface TypedField extends JsonField {
  readonly type: TypeRef;
}

/** The field of a key that rows cite. Throws Error when the unit has none with a type. */
export function typedField(t: EncodeTarget, name: string): TypedField {
  const f = t.unit.json.find((one) => one.name === name);
  if (f?.type === undefined) throw new Error(`${t.unit.id}.${name} has no type`);
  return { ...f, type: f.type };
}

/** The local that holds the value of a key. */
export function localOf(name: string): string {
  return `${camel(name)}Value`;
}

/** The local that holds the frame which was built for a key, undefined where none was. */
export function frameOf(name: string): string {
  return `${camel(name)}Frame`;
}

/** Imports a function that all encoders share. */
export function useSupport(t: EncodeTarget, name: string): string {
  return t.module.use(name, "codec/encode-support");
}

/** Imports the hand-written encoder of a native type. */
export function useNative(t: EncodeTarget, fn: string): string {
  return t.module.use(`encode${nativeName(fn)}`, `codec/native/encode/${fn.replaceAll("_", "-")}`);
}

/** JSON that stands in lines for what the notation has no words for. */
import { TextError } from "../base/index.js";
import { parseJsonLossless } from "../text/index.js";
import { FlowError } from "./flow-error.js";
import type { Piece } from "./lexer.js";

/** An object of a message. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A value as JSON on one line. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === "bigint" ? `${one}` : one));
}

/** Reads the object in `json({…})`. Throws FlowError. */
export function readJson({ text, at }: Piece): JsonObject {
  try {
    const value = parseJsonLossless(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new FlowError("SYNTAX", at + error.column - 1, `json: ${error.detail}`);
  }
  throw new FlowError("INVALID", at, `json: found ${text}, expected an object`);
}

// Values as JSON text in ASCII, without a string of it all in between.
import { type Text, writeAscii, writeDec, writeJsonString } from "../text/index.js";

/** A value of JSON, but null. */
export type JsonValue = string | number | boolean | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const COMMA = 0x2c;
const COLON = 0x3a;
/** Text of a number, and of a character behind it. */
const LONGEST = 32;

/** Writes a value and leaves room for a character behind it. Makes room itself. */
export function writeValue(value: JsonValue, w: Text): void {
  w.room(LONGEST);
  if (typeof value === "string") writeJsonString(value, w);
  else if (typeof value !== "object") writeScalar(value, w);
  else if (Array.isArray(value)) writeList(value as readonly JsonValue[], w);
  else writeObject(value as JsonObject, w);
  w.room(1);
}

function writeScalar(value: number | boolean, w: Text): void {
  if (typeof value === "number" && value >>> 0 === value) writeDec(value, w);
  else writeAscii(String(value), w);
}

function writeList(values: readonly JsonValue[], w: Text): void {
  w.o[w.p++] = 0x5b;
  for (let i = 0; i < values.length; i++) {
    if (i > 0) w.o[w.p++] = COMMA;
    writeValue(values[i]!, w);
  }
  w.o[w.p++] = 0x5d;
}

function writeObject(object: JsonObject, w: Text): void {
  w.o[w.p++] = 0x7b;
  let separator = false;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    if (separator) w.o[w.p++] = COMMA;
    writeValue(key, w);
    w.o[w.p++] = COLON;
    writeValue(value, w);
    separator = true;
  }
  w.o[w.p++] = 0x7d;
}

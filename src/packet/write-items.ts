// Lists of {field, value} as JSON text.
import { type Constant, type Text, writeConstant } from "../text/index.js";
import type { Item } from "./protocol.js";
import { fieldKey } from "./write-fields.js";
import { writeValue } from "./write-value.js";

const OPEN = 0x5b;
const CLOSE = 0x5d;
const END = 0x7d;
/** Text of a field without its value, and of the brackets. */
const LONGEST = 100;

/** The text of each field that was written once, up to its value. */
const keys = new Map<string, Constant>();

function keyOf(field: string): Constant {
  let key = keys.get(field);
  if (key === undefined) {
    key = fieldKey(field);
    keys.set(field, key);
  }
  return key;
}

/** Writes a list of one item or more. Makes room itself. @param items  fields of protocols, whose names are few */
export function writeItems(items: readonly Item[], w: Text): void {
  for (let i = 0; i < items.length; i++) {
    const { field, value } = items[i]!;
    w.room(LONGEST);
    const start = w.p;
    writeConstant(keyOf(field), w);
    // The comma of the first one becomes the bracket.
    if (i === 0) w.o[start] = OPEN;
    writeValue(value, w);
    w.o[w.p++] = END;
  }
  w.room(1);
  w.o[w.p++] = CLOSE;
}

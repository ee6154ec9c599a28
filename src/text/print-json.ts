// JSON text for people: indented. Numbers and strings are copied as they are.
import { JsonCursor, jsonError } from "./json-bytes.js";
import type { Text } from "./slab.js";

const NEWLINE = 0x0a;
const OPEN_LIST = 0x5b;
const OPEN_MAP = 0x7b;

/**
 * Appends JSON text with a line per value and two blanks per level, and a newline at the end. Throws TextError when
 * `json` is no JSON (though not every fault inside numbers and strings is noticed), or nests too deep.
 */
export function writeIndentedJson(json: Uint8Array | string, w: Text): void {
  const cursor = new JsonCursor(json);
  printValue(cursor, 0, w);
  cursor.end();
  w.room(1);
  w.o[w.p++] = NEWLINE;
}

function printValue(cursor: JsonCursor, indent: number, w: Text): void {
  const c = cursor.peek();
  const isMap = c === OPEN_MAP;
  if (!isMap && c !== OPEN_LIST) {
    printScalar(cursor, w);
    return;
  }
  const closer = c + 2; // the codes of `]` and `}`
  cursor.enter();
  w.room(2);
  w.o[w.p++] = c;
  if (cursor.peek() === closer) {
    cursor.goesOn(closer);
  } else {
    do {
      if (w.o[w.p - 1] !== c) w.o[w.p++] = 0x2c;
      breakLine(indent + 2, w);
      if (isMap) {
        printString(cursor, w);
        cursor.expect(0x3a);
        w.room(2);
        w.o[w.p++] = 0x3a;
        w.o[w.p++] = 0x20;
      }
      printValue(cursor, indent + 2, w);
      w.room(1);
    } while (cursor.goesOn(closer));
    breakLine(indent, w);
  }
  w.room(1);
  w.o[w.p++] = closer;
}

function printScalar(cursor: JsonCursor, w: Text): void {
  if (cursor.peek() === 0x22) {
    printString(cursor, w);
    return;
  }
  const from = cursor.i;
  cursor.skipBare();
  copy(cursor, from, w);
}

function printString(cursor: JsonCursor, w: Text): void {
  if (cursor.peek() !== 0x22) throw jsonError(cursor.text);
  const from = cursor.i;
  cursor.skipString();
  copy(cursor, from, w);
}

function copy(cursor: JsonCursor, from: number, w: Text): void {
  w.room(cursor.i - from);
  w.o.set(cursor.b.subarray(from, cursor.i), w.p);
  w.p += cursor.i - from;
}

function breakLine(indent: number, w: Text): void {
  w.room(indent + 1);
  w.o[w.p] = NEWLINE;
  w.o.fill(0x20, w.p + 1, w.p + 1 + indent);
  w.p += indent + 1;
}

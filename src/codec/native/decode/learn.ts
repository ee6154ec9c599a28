// Decoding the specs of Nicira's learn action, see ../learn-specs.ts.
import { type Text, writeAscii, writeHex } from "../../../text/index.js";
import { u16 } from "../../../wire/index.js";
import {
  DESTINATION,
  headerLength,
  IMMEDIATE,
  immediateLength,
  LOAD,
  MATCH,
  N_BITS,
  OUTPUT,
  specEnd,
} from "../learn-specs.js";
import { writeSubField } from "./sub-field.js";

const HEAD: Readonly<Record<number, string>> = {
  [MATCH]: '{"learn":"MATCH",',
  [LOAD]: '{"learn":"LOAD",',
  [OUTPUT]: '{"learn":"OUTPUT",',
};

/** Prints the specs from `o` to `end` as a list. What is none, from there on, becomes one element RAW of hex. */
export function decodeLearn(b: Buffer, o: number, end: number, w: Text): void {
  w.o[w.p++] = 0x5b;
  let p = o;
  for (; !isPadding(b, p, end); ) {
    if (p !== o) w.o[w.p++] = 0x2c;
    const next = specEnd(b, p, end);
    if (next === 0) {
      writeAscii('{"learn":"RAW","value":', w);
      writeHex(b, p, end, w);
      w.o[w.p++] = 0x7d;
      break;
    }
    writeSpec(b, p, w);
    p = next;
  }
  w.o[w.p++] = 0x5d;
}

/** Whether there are only the zeros that fill an action up to 8 bytes. */
function isPadding(b: Buffer, o: number, end: number): boolean {
  if (end - o >= 8) return false;
  for (let i = o; i < end; i++) if (b[i] !== 0) return false;
  return true;
}

function writeSpec(b: Buffer, o: number, w: Text): void {
  const header = u16(b, o);
  const n = header & N_BITS;
  let p = o + 2;
  writeAscii(HEAD[header & DESTINATION]!, w);
  if ((header & IMMEDIATE) !== 0) {
    const end = p + immediateLength(n);
    writeAscii('"value":', w);
    writeHex(b, p, end, w);
    p = end;
  } else {
    writeAscii('"src":', w);
    p = writeRange(b, p, n, w);
  }
  if ((header & DESTINATION) !== OUTPUT) {
    writeAscii(',"dst":', w);
    writeRange(b, p, n, w);
  }
  w.o[w.p++] = 0x7d;
}

/** Prints the sub-field at `p`, whose offset follows its OXM header, and returns where it ends. */
function writeRange(b: Buffer, p: number, n: number, w: Text): number {
  const offset = p + headerLength(b, p);
  writeSubField(b, p, u16(b, offset), n, w);
  return offset + 2;
}

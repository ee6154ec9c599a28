// Single fields of `_pkt` as JSON text: `,{"field":"IP_PROTO","value":6}`.
import {
  type Constant,
  constant,
  type Text,
  writeConstant,
  writeDec,
  writeIPv4,
  writeIPv6,
  writeMac,
} from "../text/index.js";

const CLOSE = 0x7d;

/** The text of a field up to its value. */
export function fieldKey(name: string): Constant {
  return constant(`,{"field":"${name}","value":`);
}

export function writeNumberField(key: Constant, n: number, w: Text): void {
  writeConstant(key, w);
  writeDec(n, w);
  w.o[w.p++] = CLOSE;
}

export function writeMacField(key: Constant, b: Uint8Array, o: number, w: Text): void {
  writeConstant(key, w);
  writeMac(b, o, w);
  w.o[w.p++] = CLOSE;
}

export function writeIPv4Field(key: Constant, b: Uint8Array, o: number, w: Text): void {
  writeConstant(key, w);
  writeIPv4(b, o, w);
  w.o[w.p++] = CLOSE;
}

export function writeIPv6Field(key: Constant, b: Uint8Array, o: number, w: Text): void {
  writeConstant(key, w);
  writeIPv6(b, o, w);
  w.o[w.p++] = CLOSE;
}

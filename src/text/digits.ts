// Tables of characters for the writers and values of characters for the parsers.

const ZERO = 0x30;

/** Codes of the hex digits, upper case. */
export const HEX_UPPER: Uint8Array = Uint8Array.from(Buffer.from("0123456789ABCDEF", "latin1"));

/** Codes of the hex digits, lower case. */
export const HEX_LOWER: Uint8Array = Uint8Array.from(Buffer.from("0123456789abcdef", "latin1"));

/** Both hex digits of a byte in one number, upper case: to be stored with `setUint16`. */
export const HEX_PAIR_UPPER: Uint16Array = hexPairs(HEX_UPPER);

/** Both hex digits of a byte in one number, lower case: to be stored with `setUint16`. */
export const HEX_PAIR_LOWER: Uint16Array = hexPairs(HEX_LOWER);

/** Both decimal digits of 0..99 in one number: to be stored with `setUint16`. */
export const DEC_PAIR: Uint16Array = Uint16Array.from(
  { length: 100 },
  (_, n) => ((ZERO + Math.floor(n / 10)) << 8) | (ZERO + (n % 10)),
);

/** Value of a hex digit by its character code, 255 for what is none. Codes up to 255. */
export const HEX_VALUE: Uint8Array = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value++) {
  HEX_VALUE[HEX_UPPER[value]!] = value;
  HEX_VALUE[HEX_LOWER[value]!] = value;
}

/** Value of the hex digit at `i` of `text`, 255 when there is none. */
export function hexValueAt(text: string, i: number): number {
  const c = text.charCodeAt(i);
  return c < 256 ? HEX_VALUE[c]! : 255; // NaN, beyond the end, is not below 256
}

function hexPairs(digits: Uint8Array): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, n) => (digits[n >> 4]! << 8) | digits[n & 15]!);
}

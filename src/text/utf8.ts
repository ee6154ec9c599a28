// UTF-8, strictly: what is no valid sequence is told apart, so that it can be kept.

/**
 * Bytes of the UTF-8 sequence at `i`, 2 to 4, or 0 when the bytes up to `end` are not a valid one (RFC 3629: no
 * overlong forms, no surrogates, nothing above U+10FFFF).
 */
export function utf8Length(b: Uint8Array, i: number, end: number): number {
  const c = b[i]!;
  const length = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
  if (length === 0 || end - i < length) return 0;
  const second = b[i + 1]!;
  const least = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
  const most = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let k = 2; k < length; k++) if ((b[i + k]! & 0xc0) !== 0x80) return 0;
  return length;
}

/** The character that the `length` bytes at `i` stand for; `length` is what `utf8Length` gave, and not 0. */
export function utf8CodePoint(b: Uint8Array, i: number, length: number): number {
  let c = b[i]! & (0x7f >> length);
  for (let k = 1; k < length; k++) c = (c << 6) | (b[i + k]! & 0x3f);
  return c;
}

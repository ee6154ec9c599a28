// Bytes of the fixed matches of 1.0 and 1.1 for tests: a match of nothing, changed where a test says so.
import { Text } from "../../../src/text/index.js";

/** Writes `hex` at `offset`. */
export type Change = readonly [offset: number, hex: string];

const EMPTY_1_0 = `003820ff${"00".repeat(36)}`;
const EMPTY_1_1 =
  `0000005800000000000003ff${"000000000000ffffffffffff".repeat(2)}0000000000000000` +
  `00000000ffffffff00000000ffffffff000000000000000000000000${"00".repeat(8)}${"ff".repeat(8)}`;

function changed(empty: string, changes: readonly Change[]): Buffer {
  const match = Buffer.from(empty, "hex");
  for (const [offset, hex] of changes) match.write(hex, offset, "hex");
  return match;
}

/** A 1.0 match; the wildcards are at 0. */
export function match10(...changes: Change[]): Buffer {
  return changed(EMPTY_1_0, changes);
}

/** A 1.1 match; the wildcards are at 8. */
export function match11(...changes: Change[]): Buffer {
  return changed(EMPTY_1_1, changes);
}

/** What a native decoder prints, as text. */
export function printed(
  decode: (b: Buffer, o: number, end: number, w: Text) => void,
  bytes: Buffer,
  o = 0,
  end = bytes.length,
): string {
  const text = new Text(1 << 16);
  decode(bytes, o, end, text);
  return text.takeString();
}

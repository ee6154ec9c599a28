// Bytes of a name as text, so that `charsBytes` finds the same bytes again.
import { Text, writeChars } from "../text/index.js";

/** Longest value of LLDP is 511 bytes, of DNS and DHCP less; each becomes six characters at most. */
const scratch = new Text(1 << 13);
const LONGEST = 1024;

/** The text of b[o, end); undefined when a NUL is among them, which texts of packets do not have, or there are over 1024. */
export function formatChars(b: Uint8Array, o: number, end: number): string | undefined {
  if (end - o > LONGEST || b.subarray(o, end).includes(0)) return undefined;
  scratch.rewind();
  writeChars(b, o, end - o, scratch);
  return JSON.parse(scratch.takeString()) as string;
}

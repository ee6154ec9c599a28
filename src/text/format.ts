// Bytes -> short strings, for those who are not writing JSON text: logs, summaries, the registry of connections.
import { Text } from "./slab.js";
import { writeDatapathId, writeIPv4, writeIPv6, writeMac } from "./write-address.js";
import { writeU64 } from "./write-number.js";
import { writeHex } from "./write-string.js";

const scratch = new Text(4096);

/** The six bytes at `o` as `aa:bb:cc:dd:ee:ff`. */
export function formatMac(b: Uint8Array, o: number): string {
  writeMac(b, o, scratch);
  return unquoted();
}

/** The four bytes at `o` as `10.0.0.1`. */
export function formatIPv4(b: Uint8Array, o: number): string {
  writeIPv4(b, o, scratch);
  return unquoted();
}

/** The 16 bytes at `o` as an IPv6 address, see `writeIPv6`. */
export function formatIPv6(b: Uint8Array, o: number): string {
  writeIPv6(b, o, scratch);
  return unquoted();
}

/** The eight bytes at `o` as `00:00:00:00:00:00:00:01`, or "" when all are zero. */
export function formatDatapathId(b: Uint8Array, o: number): string {
  writeDatapathId(b, o, scratch);
  return unquoted();
}

/** The eight bytes at `o` as an exact decimal number. */
export function formatU64(b: Uint8Array, o: number): string {
  writeU64(b, o, scratch);
  return scratch.takeString();
}

/** The bytes from `o` to `end` as upper-case hex digits. */
export function formatHex(b: Uint8Array, o = 0, end = b.length): string {
  scratch.room(2 * (end - o) + 2);
  writeHex(b, o, end, scratch);
  return unquoted();
}

function unquoted(): string {
  return scratch.takeString().slice(1, -1);
}

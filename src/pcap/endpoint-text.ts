// The ends of connections, as people write them.
import { formatIPv4, formatIPv6 } from "../text/index.js";

/** An address of 4 or 16 bytes at `o` and a port: `10.0.0.1:6653`, `[::1]:6653`. */
export function formatEndpoint(b: Uint8Array, o: number, size: number, port: number): string {
  return size === 4 ? `${formatIPv4(b, o)}:${port}` : `[${formatIPv6(b, o)}]:${port}`;
}

// The address of a WebSocket, and the origins of web pages.
import { isIPv4, isIPv6 } from "node:net";

/** The parts of `//HOST:PORT/PATH`. */
export interface WebSocketAddress {
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/**
 * Reads what follows the scheme; gives what is wrong with it as a text.
 * @param scheme     `ws` or `wss`, for that text
 * @param leastPort  0 where any free port will do, otherwise 1
 */
export function readAddress(text: string, scheme: string, leastPort: 0 | 1): WebSocketAddress | string {
  const expected = `expected ${scheme}://HOST:PORT/`;
  const [, name = "", digits, path = "/"] =
    /^\/\/(\[[^\]/]*\]|[^:/?#@[\]]*)(?::(\d{1,5}))?(\/[^?#\s]*)?$/.exec(text) ?? [];
  if (name === "") return `this is no address of a WebSocket; ${expected}`;
  const host = name.replace(/^\[(.*)\]$/, "$1");
  if (name.startsWith("[") ? !isIPv6(host) : !isIPv4(host) && !isName(host)) {
    return `'${name}' is no address and no name of a host; ${expected}, an IPv6 address in brackets`;
  }
  if (digits === undefined) return `the port is missing: ${scheme}://${name}:8653${path}`;
  const port = Number(digits);
  if (port > 65535 || port < leastPort) return `${digits} is no port; ${leastPort} to 65535 are`;
  return { host, port, path };
}

/** Names of hosts (RFC 1123 section 2.1). What consists of numbers only is a mistyped address. */
function isName(host: string): boolean {
  return host.length < 254 && /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?$/i.test(host) && !/^[\d.]+$/.test(host);
}

/** An origin as browsers write it (RFC 6454 section 6.2), or undefined when the text is none. */
export function readOrigin(text: string): string | undefined {
  if (text === "null") return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && url.origin !== "null" && url.href === `${url.origin}/` ? url.origin : undefined;
}

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost\.?|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/i.test(host);
}

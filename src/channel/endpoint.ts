// Where a connection begins or ends: an IP address and a TCP port, as one text.
import { isIPv4, isIPv6 } from "node:net";

/** An IP address and a TCP port. */
export interface Endpoint {
  /** IPv4 or IPv6 address in text; "" is any address of this machine. */
  readonly host: string;
  /** 1..65535; 0 where no port is known. */
  readonly port: number;
}

/** More than the longest endpoint with blanks around its separator. Keeps the pattern below from crawling. */
const MAX_TEXT = 80;

/** Stands for an endpoint that is not there: the remote side of a listener. */
export const NO_ENDPOINT: Endpoint = { host: "::", port: 0 };

/**
 * Reads `127.0.0.1:6653`, `[::1]:6653`, `[127.0.0.1]:6653`, `::1.6653`, `:6653` or `6653`; the last `:`, `.` or blank separates the port.
 * Octets and ports may be zero padded and are decimal all the same. Only link-local addresses have a zone, a number.
 * Undefined when the text is none of these: names of hosts, port 0, and an address without a port are refused.
 */
export function parseEndpoint(text: string): Endpoint | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_TEXT) return undefined;
  const parts = /^(?:(.*?)\s*[:.\s]\s*)?([0-9]{1,5})$/s.exec(trimmed);
  if (parts === null) return undefined;
  const port = Number(parts[2]);
  const host = parseHost(parts[1] ?? "");
  return host === undefined || port < 1 || port > 65535 ? undefined : { host, port };
}

function parseHost(text: string): string | undefined {
  if (text === "" || text === "[]") return "";
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1];
  const address = bracketed ?? text;
  return parseIPv4Host(address) ?? parseIPv6Host(address);
}

/** Octets are decimal even with leading zeros, which net.isIPv4 refuses and other readers take for octal. */
function parseIPv4Host(text: string): string | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const plain = text.split(".").map(Number).join(".");
  return isIPv4(plain) ? plain : undefined;
}

function parseIPv6Host(text: string): string | undefined {
  if (!isIPv6(text)) return undefined;
  const zone = text.indexOf("%");
  if (zone >= 0 && !/^fe[89ab].*%\d+$/i.test(text)) return undefined;
  return unmapped(text);
}

/** Writes an endpoint: `127.0.0.1:6653`, `[::1]:6653`; any address is `[::]`. An IPv4-mapped address is written as IPv4. */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = unmapped(endpoint.host === "" ? "::" : endpoint.host);
  return isIPv4(host) ? `${host}:${endpoint.port}` : `[${host}]:${endpoint.port}`;
}

/** A dual-stack listener sees IPv4 peers as ::ffff:1.2.3.4 (RFC 4291 section 2.5.5.2). */
function unmapped(host: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(host)?.[1];
  return mapped ?? host;
}

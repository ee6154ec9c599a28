// Where the daemon answers HTTP requests for metrics and health.
import { type Endpoint, parseEndpoint } from "../channel/index.js";
import { ValueError } from "./setting.js";

/** Reads `127.0.0.1:9303` or `[::1]:9303`; a port without an address is one of 127.0.0.1. Throws ValueError. */
export function parseHttpAddress(text: string): Endpoint {
  const endpoint = parseEndpoint(text);
  if (endpoint === undefined) {
    throw new ValueError(`'${text}' is not an IP address and a port, such as 127.0.0.1:9303`);
  }
  return endpoint.host === "" ? { ...endpoint, host: "127.0.0.1" } : endpoint;
}

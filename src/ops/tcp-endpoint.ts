// Where a program of OpenFlow is, on the command line: `tcp:127.0.0.1:6653`.
import { type Endpoint, parseEndpoint } from "../channel/index.js";
import { ValueError } from "./setting.js";

/** Reads `tcp:ADDRESS:PORT`. Throws ValueError; TLS is refused with the reason. */
export function parseTcpEndpoint(text: string): Endpoint {
  const [, kind, address = ""] = /^(\w+):(.*)$/s.exec(text) ?? [];
  if (kind === "tls")
    throw new ValueError(
      `'${text}': only tcp: is possible here; to see what TLS carries, tap a daemon that terminates it`,
    );
  const endpoint = kind === "tcp" ? parseEndpoint(address) : undefined;
  if (endpoint !== undefined) return endpoint;
  throw new ValueError(
    `'${text}': tcp:ADDRESS:PORT is expected, such as tcp:127.0.0.1:6653 or tcp:[::1]:6653`,
  );
}

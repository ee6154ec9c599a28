/** Where a program that speaks OpenFlow is, as an option says it. */
import { type Endpoint, parseEndpoint } from "../channel/index.js";
import { UsageError } from "./arguments.js";

/** Reads `tcp:ADDRESS:PORT`. Throws UsageError; TLS is refused with the reason. */
export function readTcpEndpoint(command: string, text: string): Endpoint {
  const [, kind, address = ""] = /^(\w+):(.*)$/s.exec(text) ?? [];
  const endpoint = kind === "tcp" ? parseEndpoint(address) : undefined;
  if (endpoint !== undefined) return endpoint;
  const expected =
    kind === "tls"
      ? "only tcp: is possible here; to see what TLS carries, tap a daemon that terminates it"
      : "tcp:ADDRESS:PORT is expected, such as tcp:127.0.0.1:6653 or tcp:[::1]:6653";
  throw new UsageError(`${command}: '${text}': ${expected}`);
}

// Opens endpoints of all kinds for RPC clients.
import { listenDescriptor, listenSystemd } from "./descriptors.js";
import type { RpcEndpoint } from "./endpoint.js";
import { makeFraming } from "./framings.js";
import type { ListenOptions, RpcListener } from "./listener.js";
import { stdioTransport } from "./stdio.js";
import { listenUnix } from "./unix-listener.js";
import { listenWebSocket } from "./websocket-listener.js";

/** Opens an endpoint; `onClient` gets each client from then on. Rejects with EndpointError. */
export function listenRpc(endpoint: RpcEndpoint, options: ListenOptions): Promise<RpcListener> {
  switch (endpoint.kind) {
    case "stdio": {
      const { framing, dialect } = endpoint;
      const facts = { kind: "stdio", endpoint: "stdio", dialect, files: true } as const;
      options.onClient(stdioTransport(makeFraming(framing, options.limits)), facts);
      return Promise.resolve({ local: "stdio", lasting: false, reload: () => [], close: () => undefined });
    }
    case "unix":
      return listenUnix(endpoint, options);
    case "fd":
      return listenDescriptor(endpoint, options);
    case "systemd":
      return listenSystemd(endpoint, options);
    case "websocket":
      return listenWebSocket(endpoint, options);
  }
}

// Unix sockets: many clients each.
import { createServer, type Server } from "node:net";
import { log } from "../../base/index.js";
import { DelimitedTransport } from "./delimited.js";
import { formatRpcEndpoint, type UnixEndpoint } from "./endpoint.js";
import { makeFraming } from "./framings.js";
import { admits, type ListenOptions, type PeerFacts, type RpcListener } from "./listener.js";
import { listenAtPath } from "./socket-file.js";

/** Opens a Unix socket. Rejects with EndpointError. */
export async function listenUnix(endpoint: UnixEndpoint, options: ListenOptions): Promise<RpcListener> {
  const { framing, dialect } = endpoint;
  const local = formatRpcEndpoint(endpoint);
  const server = createStreamServer(
    framing,
    { kind: "unix", endpoint: local, dialect, files: true },
    options,
  );
  const remove = await listenAtPath(server, endpoint.path, endpoint.mode);
  return {
    local,
    lasting: true,
    reload: () => [],
    close() {
      remove();
      server.close();
    },
  };
}

/** Makes a server, which does not listen yet, whose connections are clients. */
export function createStreamServer(
  framing: UnixEndpoint["framing"],
  facts: PeerFacts,
  options: ListenOptions,
): Server {
  // A client may say that it has no more requests, and wait for the answers.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (!admits(options, facts.endpoint)) {
      socket.on("error", () => undefined);
      socket.destroy();
      return;
    }
    options.onClient(new DelimitedTransport(socket, socket, makeFraming(framing, options.limits)), facts);
  });
  // Too many open files, say: that must not end the process.
  server.on("error", (err) => {
    if (server.listening) log.error({ err, endpoint: facts.endpoint }, "RPC client cannot be accepted");
  });
  return server;
}

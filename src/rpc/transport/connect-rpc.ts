// Connections to a daemon that runs: the other side of listen-rpc.ts. What WebSockets need is loaded for them only.
import { statSync } from "node:fs";
import { connect } from "node:net";
import { describeFailure } from "./connect-failure.js";
import { DelimitedTransport } from "./delimited.js";
import { formatRpcEndpoint, type RpcEndpoint, type UnixEndpoint } from "./endpoint.js";
import { EndpointError } from "./endpoint-error.js";
import { makeFraming } from "./framings.js";
import { inheritedTransport } from "./inherited.js";
import type { RpcTransport } from "./transport.js";

/** Bytes of the longest reply or event that is read. A daemon that was asked for a lot is no enemy. */
const MAX_REPLY = 1 << 28;

/** What `connectRpc` may be told. */
export interface ConnectOptions {
  /** Milliseconds that connecting may take. */
  readonly timeout: number;
}

/** Connects to the daemon at an endpoint. Rejects with EndpointError. */
export async function connectRpc(endpoint: RpcEndpoint, options: ConnectOptions): Promise<RpcTransport> {
  switch (endpoint.kind) {
    case "unix":
      return connectUnix(endpoint);
    case "websocket": {
      const { connectWebSocket } = await import("./connect-websocket.js");
      return connectWebSocket(endpoint, { ...options, maxReply: MAX_REPLY });
    }
    case "fd":
      return inheritedTransport(endpoint.fd, makeFraming(endpoint.framing, replyLimits));
    default:
      throw new EndpointError("SYNTAX", formatRpcEndpoint(endpoint), "no daemon can be called there");
  }
}

const replyLimits = (): { rpcMessageBytes: number } => ({ rpcMessageBytes: MAX_REPLY });

function connectUnix(endpoint: UnixEndpoint): Promise<RpcTransport> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: endpoint.path });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const where = formatRpcEndpoint(endpoint);
      const isOther =
        error.code === "ECONNREFUSED" &&
        statSync(endpoint.path, { throwIfNoEntry: false })?.isSocket() === false;
      reject(
        isOther ? new EndpointError("REFUSED", where, "this is not a socket") : describeFailure(error, where),
      );
    });
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(new DelimitedTransport(socket, socket, makeFraming(endpoint.framing, replyLimits)));
    });
  });
}

// Connections to a daemon over WebSockets, by way of ws.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ClientOptions } from "ws";
import { readTokens } from "./bearer-tokens.js";
import { describeFailure } from "./connect-failure.js";
import { formatRpcEndpoint, type WebSocketEndpoint } from "./endpoint.js";
import { EndpointError } from "./endpoint-error.js";
import type { RpcTransport } from "./transport.js";
import { WebSocketTransport } from "./websocket-transport.js";

/** Bytes of an HTTP answer that an error repeats. */
const MAX_SHOWN = 300;

/** What connecting to a WebSocket may be told. */
export interface ConnectWebSocketOptions {
  /** Milliseconds that connecting may take. */
  readonly timeout: number;
  /** Bytes of the longest message that is read. */
  readonly maxReply: number;
}

/** Connects to the daemon at an endpoint. Rejects with EndpointError. */
export async function connectWebSocket(
  endpoint: WebSocketEndpoint,
  { timeout, maxReply }: ConnectWebSocketOptions,
): Promise<RpcTransport> {
  const where = formatRpcEndpoint(endpoint);
  const options: ClientOptions = {
    ...(endpoint.secure ? await readTls(endpoint, where) : {}),
    headers: readAuthorization(endpoint, where),
    handshakeTimeout: timeout,
    maxPayload: maxReply,
    perMessageDeflate: false,
  };
  const { WebSocket } = await import("ws");
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(where, options);
    let stream: Duplex | undefined;
    const fail = (error: Error): void => reject(describeFailure(error, where));
    socket.once("error", fail);
    socket.once("upgrade", (response: IncomingMessage) => {
      stream = response.socket;
    });
    socket.once("unexpected-response", (_request, response: IncomingMessage) => {
      void readRefusal(response).then((refusal) => reject(new EndpointError("DENIED", where, refusal)));
    });
    socket.once("open", () => {
      const transport = new WebSocketTransport(socket, stream as Duplex, maxReply);
      socket.removeListener("error", fail);
      resolve(transport);
    });
  });
}

async function readTls(endpoint: WebSocketEndpoint, where: string): Promise<ClientOptions> {
  return (await import("./websocket-tls.js")).readClientTlsOptions(endpoint, where);
}

function readAuthorization({ tokenFile }: WebSocketEndpoint, where: string): Record<string, string> {
  if (tokenFile === undefined) return {};
  return { Authorization: `Bearer ${readTokens(tokenFile, where)[0]}` };
}

async function readRefusal(response: IncomingMessage): Promise<string> {
  let body = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    body += chunk as string;
    if (body.length > MAX_SHOWN) break;
  }
  response.destroy();
  const text = body
    .slice(0, MAX_SHOWN)
    .trim()
    .replace(/[\0-\x1f]+/g, " ");
  return `the answer is ${response.statusCode} ${response.statusMessage}${text === "" ? "" : `: ${text}`}`;
}

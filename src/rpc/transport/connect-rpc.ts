// Connections to a daemon that runs: the other side of listen-rpc.ts.
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { ClientOptions } from "ws";
import { SystemError, toSystemError } from "../../channel/index.js";
import { readTokens } from "./bearer-tokens.js";
import { DelimitedTransport } from "./delimited.js";
import { inheritedTransport } from "./descriptors.js";
import {
  formatRpcEndpoint,
  type RpcEndpoint,
  type UnixEndpoint,
  type WebSocketEndpoint,
} from "./endpoint.js";
import { EndpointError } from "./endpoint-error.js";
import { makeFraming } from "./framings.js";
import type { RpcTransport } from "./transport.js";
import { readClientTlsOptions } from "./websocket-tls.js";
import { WebSocketTransport } from "./websocket-transport.js";

/** Bytes of the longest reply or event that is read. A daemon that was asked for a lot is no enemy. */
const MAX_REPLY = 1 << 28;

/** Bytes of an HTTP answer that an error repeats. */
const MAX_SHOWN = 300;

/** What `connectRpc` may be told. */
export interface ConnectOptions {
  /** Milliseconds that connecting may take. */
  readonly timeout: number;
}

/** Connects to the daemon at an endpoint. Rejects with EndpointError. */
export function connectRpc(endpoint: RpcEndpoint, options: ConnectOptions): Promise<RpcTransport> {
  switch (endpoint.kind) {
    case "unix":
      return connectUnix(endpoint);
    case "websocket":
      return connectWebSocket(endpoint, options);
    case "fd":
      return Promise.resolve(inheritedTransport(endpoint.fd, makeFraming(endpoint.framing, replyLimits)));
    default:
      throw new EndpointError("SYNTAX", formatRpcEndpoint(endpoint), "no daemon can be called there");
  }
}

const replyLimits = (): { rpcMessageBytes: number } => ({ rpcMessageBytes: MAX_REPLY });

function connectUnix(endpoint: UnixEndpoint): Promise<RpcTransport> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: endpoint.path });
    socket.once("error", (error) => reject(describeFailure(error, formatRpcEndpoint(endpoint))));
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(new DelimitedTransport(socket, socket, makeFraming(endpoint.framing, replyLimits)));
    });
  });
}

async function connectWebSocket(
  endpoint: WebSocketEndpoint,
  { timeout }: ConnectOptions,
): Promise<RpcTransport> {
  const where = formatRpcEndpoint(endpoint);
  const options: ClientOptions = {
    ...readClientTlsOptions(endpoint, where),
    headers: readAuthorization(endpoint, where),
    handshakeTimeout: timeout,
    maxPayload: MAX_REPLY,
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
      const transport = new WebSocketTransport(socket, stream as Duplex, MAX_REPLY);
      socket.removeListener("error", fail);
      resolve(transport);
    });
  });
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

/** What OpenSSL and Node call certificates that nobody vouches for. */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/;

function describeFailure(error: NodeJS.ErrnoException, where: string): EndpointError {
  const { code = "", message } = error;
  if (code === "ECONNREFUSED" || code === "ENOENT") {
    const detail = `no daemon serves there (${code}); oftr jsonrpc --listen ${where} starts one`;
    return new EndpointError("REFUSED", where, detail);
  }
  if (UNTRUSTED.test(code)) {
    const detail = `the daemon's certificate is signed by nobody we know (${code}): name its authority, ,cacert=FILE`;
    return new EndpointError("DENIED", where, detail);
  }
  // OpenSSL's own words, as the code is EPROTO for what is wrong with TLS, whatever that is.
  if (/:wrong version number:|:packet length too long:/.test(message)) {
    return new EndpointError("DENIED", where, "the peer does not speak TLS: use ws:");
  }
  if (where.startsWith("ws:") && (code.startsWith("HPE_") || code === "ECONNRESET")) {
    return new EndpointError("DENIED", where, "the peer gives no HTTP answer: is it a daemon with wss:?");
  }
  const known = toSystemError(error);
  return new EndpointError("REFUSED", where, known instanceof SystemError ? known.message : message);
}

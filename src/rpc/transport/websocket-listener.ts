// WebSockets: an HTTP server that does nothing else. ws and the servers of Node are loaded when one is opened.
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { WebSocketServer } from "ws";
import { log } from "../../base/index.js";
import { describeTlsError, SystemError, toSystemError } from "../../channel/index.js";
import { readTokens } from "./bearer-tokens.js";
import { formatRpcEndpoint, type WebSocketEndpoint } from "./endpoint.js";
import { EndpointError } from "./endpoint-error.js";
import { admits, type ListenOptions, type RpcListener } from "./listener.js";
import { type Refusal, refuse } from "./websocket-access.js";
import { isLoopback } from "./websocket-address.js";
import { readTlsOptions } from "./websocket-tls.js";
import { WebSocketTransport } from "./websocket-transport.js";

/** Milliseconds in which a request must have come, and its connection be secured. */
const REQUEST_TIME = 10_000;

/** Milliseconds between two pings. A peer that is silent for that long after one is given up. */
export const PING_INTERVAL = 30_000;

/** Connections beyond the limit of clients: of those who come to be refused. */
const SPARE_CONNECTIONS = 64;

/** Opens a WebSocket endpoint. Rejects with EndpointError. */
export async function listenWebSocket(
  endpoint: WebSocketEndpoint,
  options: ListenOptions,
): Promise<RpcListener> {
  const where = formatRpcEndpoint(endpoint);
  checkExposure(endpoint, where);
  const listener = new Listener(endpoint, options, where);
  await listener.open();
  return listener;
}

/** Nobody can mean to let the whole network steer his switches. */
function checkExposure(endpoint: WebSocketEndpoint, where: string): void {
  if (isLoopback(endpoint.host)) return;
  if (endpoint.tokenFile === undefined && endpoint.cacert === undefined) {
    const cures = [
      `listen at ws://127.0.0.1:${endpoint.port}${endpoint.path}`,
      "have clients show a token (,token-file=FILE)",
      "or a certificate (wss:// with ,cert=FILE,key=FILE,cacert=FILE)",
    ];
    const detail = `others could connect over the network, and nothing would keep them out: ${cures.join(", ")}`;
    throw new EndpointError("INSECURE", where, detail);
  }
  if (!endpoint.secure) log.warn({ endpoint: where }, "tokens cross the network in the clear: use wss:");
}

class Listener implements RpcListener {
  readonly #endpoint: WebSocketEndpoint;
  readonly #options: ListenOptions;
  readonly #where: string;
  readonly #transports = new Set<WebSocketTransport>();
  #tokens: readonly string[] = [];
  #server: Server | undefined;
  #webSockets: WebSocketServer | undefined;
  #stopPings: () => void = () => undefined;
  readonly lasting = true;
  local: string;

  constructor(endpoint: WebSocketEndpoint, options: ListenOptions, where: string) {
    this.#endpoint = endpoint;
    this.#options = options;
    this.#where = where;
    this.local = where;
  }

  async open(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#readTokens();
    const { WebSocketServer } = await import("ws");
    this.#webSockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      // Without it the first that a client offers would be taken, whatever that means.
      handleProtocols: (offered) => (offered.has("jsonrpc") ? "jsonrpc" : false),
    });
    const server = await createHttpServer(endpoint, this.#where);
    this.#server = server;
    this.#limitConnections();
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const refusal = refuse(request, endpoint, this.#tokens) ?? NOT_ASKED;
      this.#logRefusal(request, refusal);
      response.writeHead(refusal.status, { ...PLAIN, ...refusal.headers }).end(`${refusal.text}\n`);
    });
    server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) =>
      this.#upgrade(request, stream, head),
    );
    await listen(server, endpoint, this.#where);
    this.local = formatRpcEndpoint({ ...endpoint, port: (server.address() as AddressInfo).port });
    server.on("error", (err) => log.error({ err, endpoint: this.local }, "RPC client cannot be accepted"));
    server.on("tlsClientError", (error: Error, stream: TLSSocket) => {
      const { reason, detail } = describeTlsError(error, "server");
      log.info({ endpoint: this.local, remote: stream.remoteAddress, reason }, detail);
    });
    this.#stopPings = this.#options.clock.every(PING_INTERVAL, () => {
      for (const transport of this.#transports) transport.checkLife();
    });
  }

  reload(): readonly EndpointError[] {
    this.#limitConnections();
    const faults: EndpointError[] = [];
    const attempt = (run: () => void): void => {
      try {
        run();
      } catch (error) {
        if (!(error instanceof EndpointError)) throw error;
        faults.push(error);
      }
    };
    attempt(() => this.#readTokens());
    attempt(() => {
      const server = this.#server as (Server & { setSecureContext?: (options: object) => void }) | undefined;
      if (this.#endpoint.secure) server?.setSecureContext?.(readTlsOptions(this.#endpoint, this.#where));
    });
    return faults;
  }

  close(): void {
    this.#stopPings();
    this.#server?.close();
    // Those that are still asking; WebSockets are no longer among them.
    this.#server?.closeAllConnections();
  }

  #limitConnections(): void {
    if (this.#server === undefined) return;
    this.#server.maxConnections = this.#options.limits().clients + SPARE_CONNECTIONS;
  }

  #readTokens(): void {
    const { tokenFile } = this.#endpoint;
    if (tokenFile !== undefined) this.#tokens = readTokens(tokenFile, this.#where);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // ws listens for errors only later, and not at all where we refuse.
    stream.on("error", () => undefined);
    const refusal =
      refuse(request, this.#endpoint, this.#tokens) ??
      (admits(this.#options, this.local) ? undefined : { status: 503, text: "there are too many clients" });
    if (refusal !== undefined) {
      this.#logRefusal(request, refusal);
      writeRefusal(stream, refusal);
      return;
    }
    const webSockets = this.#webSockets as WebSocketServer;
    const limit = this.#options.limits().rpcMessageBytes;
    webSockets.options.maxPayload = limit;
    webSockets.handleUpgrade(request, stream, head, (socket) => {
      const transport = new WebSocketTransport(socket, stream, limit);
      this.#transports.add(transport);
      void transport.closed.then(() => this.#transports.delete(transport));
      this.#options.onClient(transport, {
        kind: "websocket",
        endpoint: this.local,
        remote: remoteOf(request),
        dialect: this.#endpoint.dialect,
        files: false,
      });
    });
  }

  #logRefusal(request: IncomingMessage, { status, text }: Refusal): void {
    const facts = { endpoint: this.local, remote: remoteOf(request), status, origin: request.headers.origin };
    log.info({ ...facts, reason: text }, "RPC client refused");
  }
}

/** A plain request that is right in all but that it asks for no WebSocket connection. */
const NOT_ASKED: Refusal = { status: 400, text: "the header Connection: Upgrade is missing" };

const PLAIN = { "Content-Type": "text/plain; charset=utf-8", Connection: "close" };

function remoteOf({ socket }: IncomingMessage): string {
  const { remoteAddress = "", remotePort = 0 } = socket;
  return remoteAddress.includes(":") ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}

async function createHttpServer(endpoint: WebSocketEndpoint, where: string): Promise<Server> {
  const limits = {
    headersTimeout: REQUEST_TIME,
    requestTimeout: REQUEST_TIME,
    connectionsCheckingInterval: REQUEST_TIME / 2,
    noDelay: true,
  };
  if (!endpoint.secure) return (await import("node:http")).createServer(limits);
  const tls = readTlsOptions(endpoint, where);
  // What is wrong with a certificate is told by HTTP, where its owner can read it.
  const verify = { requestCert: endpoint.cacert !== undefined, rejectUnauthorized: false };
  const { createServer } = await import("node:https");
  return createServer({ ...limits, ...tls, ...verify, handshakeTimeout: REQUEST_TIME });
}

function listen(server: Server, { host, port }: WebSocketEndpoint, where: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      const known = toSystemError(error);
      reject(known instanceof SystemError ? new EndpointError("UNAVAILABLE", where, known.message) : error);
    };
    server.once("error", fail);
    server.listen({ host, port }, () => {
      server.removeListener("error", fail);
      resolve();
    });
  });
}

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  426: "Upgrade Required",
  503: "Service Unavailable",
};

/** Answers a request for an upgrade, of which HTTP has washed its hands, and closes. */
function writeRefusal(stream: Duplex, { status, text, headers }: Refusal): void {
  const body = Buffer.from(`${text}\n`);
  const lines = Object.entries({ ...headers, ...PLAIN, "Content-Length": String(body.length) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  stream.once("finish", () => stream.destroy());
  stream.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${head}\r\n`), body]));
}

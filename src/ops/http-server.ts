// HTTP for those who watch the daemon: GET only, short answers, no secrets, bounded in time and number.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Endpoint } from "../channel/index.js";
import { METRICS_CONTENT_TYPE } from "./prometheus.js";

/** What is told over HTTP. */
export interface Watched {
  /** The text of /metrics. */
  metrics(): string;
  /** Why the daemon is not ready; none when it is. */
  unready(): readonly string[];
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

/** Milliseconds for a request to come whole, and for an idle connection to stay. */
const PATIENCE = 5000;

const MAX_CONNECTIONS = 64;

/** Opens the server. Rejects with an error of the system. */
export function openHttpServer(endpoint: Endpoint, watched: Watched): Promise<Server> {
  const server = createServer(
    { requestTimeout: PATIENCE, headersTimeout: PATIENCE, keepAliveTimeout: PATIENCE, maxHeaderSize: 8192 },
    (request, response) => answer(request, response, watched),
  );
  server.maxConnections = MAX_CONNECTIONS;
  // It does not keep the process alive.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: endpoint.host, port: endpoint.port }, () => {
      server.off("error", reject);
      // Accepting can fail later, when there are no more descriptors; the server goes on.
      server.on("error", () => undefined);
      resolve(server);
    });
  });
}

function answer(request: IncomingMessage, response: ServerResponse, watched: Watched): void {
  const { status, type = "text/plain; charset=utf-8", body } = respond(request, watched);
  // What comes with a request is not wanted; reading it lets the connection be used again.
  request.resume();
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    ...(status === 405 ? { allow: "GET, HEAD" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function respond({ method, url = "" }: IncomingMessage, watched: Watched): Answer {
  if (method !== "GET" && method !== "HEAD") return { status: 405, body: "GET and HEAD only\n" };
  switch (url.split("?", 1)[0]) {
    case "/metrics":
      return { status: 200, type: METRICS_CONTENT_TYPE, body: watched.metrics() };
    case "/healthz":
      return { status: 200, body: "ok\n" };
    case "/readyz": {
      const reasons = watched.unready();
      if (reasons.length === 0) return { status: 200, body: "ready\n" };
      return { status: 503, body: `not ready: ${reasons.join("; ")}\n` };
    }
    default:
      return { status: 404, body: "there are /metrics, /healthz and /readyz\n" };
  }
}

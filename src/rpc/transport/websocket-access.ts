// Who may open a WebSocket: judged by the request, before anything is opened.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { describeCertificateFailure } from "../../channel/index.js";
import { showsToken } from "./bearer-tokens.js";
import type { WebSocketEndpoint } from "./endpoint.js";

/** A request that is not met, as HTTP tells it. */
export interface Refusal {
  readonly status: number;
  /** For people, one line. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Why this request is not met; undefined when it is.
 * @param tokens  one of them must be shown, if there are any
 */
export function refuse(
  request: IncomingMessage,
  endpoint: WebSocketEndpoint,
  tokens: readonly string[],
): Refusal | undefined {
  const path = (request.url ?? "").split("?", 1)[0];
  if (path !== endpoint.path) {
    return { status: 404, text: `there is nothing at this path; RPC is at ${endpoint.path}` };
  }
  if (request.headers.upgrade?.toLowerCase() !== "websocket") {
    const headers = { Upgrade: "websocket", Connection: "Upgrade" };
    return { status: 426, text: "this is a WebSocket that speaks JSON-RPC 2.0 in text frames", headers };
  }
  const { origin } = request.headers;
  if (origin !== undefined && !allowsOrigin(origin, request.headers.host, endpoint)) {
    const text = "pages of this origin may not connect: add origin=ORIGIN to the endpoint to allow them";
    return { status: 403, text };
  }
  if (endpoint.cacert !== undefined && !(request.socket as TLSSocket).authorized) {
    const { detail } = describeCertificateFailure(request.socket as TLSSocket, "server");
    return { status: 403, text: detail };
  }
  if (endpoint.tokenFile !== undefined && !showsToken(request.headers.authorization, tokens)) {
    const headers = { "WWW-Authenticate": 'Bearer realm="oftr"' };
    return {
      status: 401,
      text: "the header Authorization: Bearer TOKEN is missing, or its token is unknown",
      headers,
    };
  }
  return undefined;
}

/**
 * Browsers say which page connects, others say nothing. Pages of this very endpoint may, and those of its list. The name
 * in Host is the page's to choose, by a name server of its own, so it must be an address, or a name that we know.
 */
function allowsOrigin(origin: string, host: string | undefined, endpoint: WebSocketEndpoint): boolean {
  if (endpoint.origins.includes(origin)) return true;
  const text = `${endpoint.secure ? "https" : "http"}://${host ?? ""}`;
  const own = URL.canParse(text) ? new URL(text) : undefined;
  if (own === undefined || own.origin !== origin) return false;
  const name = own.hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(name) !== 0 || name === "localhost" || name === endpoint.host.toLowerCase();
}

// Where RPC clients and the daemon meet, as values.
import type { DialectName } from "../dialect/index.js";
import type { FramingName } from "./framings.js";

/** A stream that a framing divides into texts. */
interface Framed {
  readonly framing: FramingName;
  readonly dialect: DialectName;
}

/** Standard input and output of this process. */
export interface StdioEndpoint extends Framed {
  readonly kind: "stdio";
}

/** A Unix socket. */
export interface UnixEndpoint extends Framed {
  readonly kind: "unix";
  readonly path: string;
  /** Who may connect, as of a file: 0o600 is our user only. */
  readonly mode: number;
}

/** An inherited descriptor: a connection, or a Unix socket that listens. */
export interface DescriptorEndpoint extends Framed {
  readonly kind: "fd";
  readonly fd: number;
}

/** The sockets that systemd has opened for us: all, or those of a name (FileDescriptorName=). */
export interface SystemdEndpoint extends Framed {
  readonly kind: "systemd";
  readonly name: string | undefined;
}

/** A WebSocket. */
export interface WebSocketEndpoint {
  readonly kind: "websocket";
  /** By TLS: `wss:`. */
  readonly secure: boolean;
  /** Address, without brackets, or name. */
  readonly host: string;
  /** 0 listens where a port is free. */
  readonly port: number;
  /** Begins with a slash. */
  readonly path: string;
  readonly dialect: DialectName;
  /** PEM files: our certificate and its key, authorities of the peer's certificate. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** File whose first line is the password of the key. */
  readonly keyPasswordFile: string | undefined;
  readonly cacert: string | undefined;
  /** File with the bearer tokens that clients must show, or the one that we show. */
  readonly tokenFile: string | undefined;
  /** Web sites whose pages may connect: `https://a.example`. */
  readonly origins: readonly string[];
}

/** An endpoint of RPC. */
export type RpcEndpoint =
  | StdioEndpoint
  | UnixEndpoint
  | DescriptorEndpoint
  | SystemdEndpoint
  | WebSocketEndpoint;

/** What an endpoint is for: to serve clients, or to call a daemon. */
export type EndpointUse = "listen" | "call";

/** Where the daemon listens when nothing else is said, and where clients look for it. */
export const DEFAULT_RPC_ENDPOINT = "ws://127.0.0.1:8653/";

/** The dialect that goes with a framing where none is given. */
export function dialectOf(framing: FramingName): DialectName {
  return framing === "nul" || framing === "binary" ? "classic" : "strict";
}

/** Writes where an endpoint is, without options: `unix:/run/oftr.sock`, `ws://[::1]:8653/`. */
export function formatRpcEndpoint(endpoint: RpcEndpoint): string {
  switch (endpoint.kind) {
    case "stdio":
      return "stdio";
    case "unix":
      return `unix:${endpoint.path}`;
    case "fd":
      return `fd:${endpoint.fd}`;
    case "systemd":
      return "systemd";
    case "websocket": {
      const { secure, host, port, path } = endpoint;
      return `${secure ? "wss" : "ws"}://${host.includes(":") ? `[${host}]` : host}:${port}${path}`;
    }
  }
}

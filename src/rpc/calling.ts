// A door for clients: how to reach a daemon, without the daemon.
export type { DialectName } from "./dialect/index.js";
export * from "./transport/connect-rpc.js";
export * from "./transport/endpoint.js";
export * from "./transport/endpoint-error.js";
export * from "./transport/parse-endpoint.js";
export type * from "./transport/transport.js";

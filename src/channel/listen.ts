// TCP sockets: waiting for connections, and making them.
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "./clock.js";
import type { Endpoint } from "./endpoint.js";
import { toSystemError } from "./system-error.js";

/** Connections that the kernel holds for us until they are accepted. */
const BACKLOG = 511;

/**
 * Opens a listener; `onSocket` is called for each connection. Any address means IPv6 and IPv4, or IPv4 where there
 * is no IPv6. Rejects with SystemError.
 */
export function listenTcp(endpoint: Endpoint, onSocket: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true }, onSocket);
    const fail = (error: Error): void => reject(toSystemError(error));
    server.once("error", fail);
    const where = endpoint.host === "" ? {} : { host: endpoint.host };
    server.listen({ ...where, port: endpoint.port, backlog: BACKLOG }, () => {
      server.removeListener("error", fail);
      resolve(server);
    });
  });
}

/**
 * Makes a connection; any address is this machine. Rejects with SystemError, at the latest when `timeout` is over.
 * @param timeout  milliseconds; left out, the kernel decides
 */
export function connectTcp(
  endpoint: Endpoint,
  clock?: Clock,
  timeout?: number,
): { socket: Socket; connected: Promise<void> } {
  const socket = createConnection({ host: endpoint.host || "localhost", port: endpoint.port, noDelay: true });
  const connected = new Promise<void>((resolve, reject) => {
    const late = (): void => {
      socket.destroy(Object.assign(new Error("timed out"), { errno: -110, code: "ETIMEDOUT" }));
    };
    const stop = timeout === undefined ? undefined : clock?.after(timeout, late);
    const fail = (error: Error): void => reject(toSystemError(error));
    socket.once("error", fail);
    // Destroyed from our side: there is no error event then.
    const closed = (): void => {
      stop?.();
      reject(toSystemError(canceled()));
    };
    socket.once("close", closed);
    socket.once("connect", () => {
      stop?.();
      socket.removeListener("error", fail);
      socket.removeListener("close", closed);
      resolve();
    });
  });
  return { socket, connected };
}

function canceled(): Error {
  return Object.assign(new Error("canceled"), { errno: -125, code: "ECANCELED" });
}

/** Where a listener listens. */
export function listenerEndpoint(server: Server): Endpoint {
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}

/** Both ends of a connection; unknown parts (the peer is gone already) are `[::]:0`. */
export function socketEndpoints(socket: Socket): { local: Endpoint; remote: Endpoint } {
  return {
    local: { host: socket.localAddress ?? "::", port: socket.localPort ?? 0 },
    remote: { host: socket.remoteAddress ?? "::", port: socket.remotePort ?? 0 },
  };
}

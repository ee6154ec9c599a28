// The one socket over which the daemon may serve instead of stdin and stdout: inherited, or a Unix socket by name.
import { fstatSync, lstatSync, unlinkSync } from "node:fs";
import { createServer, Socket } from "node:net";
import { toSystemError } from "../../channel/index.js";
import { DelimitedTransport } from "./delimited.js";
import type { Framing } from "./framing.js";

/**
 * Serves over an inherited descriptor. Throws Error when it is not a socket.
 * @param fd  number of the descriptor
 */
export function inheritedTransport(fd: number, framing: Framing): DelimitedTransport {
  if (!fstatSync(fd).isSocket()) throw new Error(`descriptor ${fd} is not a socket`);
  const socket = new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
  return new DelimitedTransport(socket, socket, framing);
}

/**
 * Waits at a Unix socket for one client; there will be no other. A socket that lies at the path already is replaced,
 * anything else stays: then this rejects, as it does with SystemError when the path cannot be used.
 * `cancel` gives up waiting: it resolves with undefined then.
 */
export function acceptOne(
  path: string,
  framing: Framing,
  cancel: AbortSignal,
): Promise<DelimitedTransport | undefined> {
  return new Promise((resolve, reject) => {
    const old = lstatSync(path, { throwIfNoEntry: false });
    if (old !== undefined && !old.isSocket()) throw new Error(`${path} exists and is not a socket`);
    if (old !== undefined) unlinkSync(path);
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      server.close();
      resolve(new DelimitedTransport(socket, socket, framing));
    });
    server.on("error", (error) => reject(toSystemError(error)));
    cancel.addEventListener("abort", () => {
      server.close();
      resolve(undefined);
    });
    server.listen(path);
  });
}

// One connection that this process has inherited.
import { Socket } from "node:net";
import { DelimitedTransport } from "./delimited.js";
import { EndpointError } from "./endpoint-error.js";
import type { Framing } from "./framing.js";
import { isSocket } from "./socket-kind.js";

/** Makes a transport of an inherited connection. Throws EndpointError. */
export function inheritedTransport(fd: number, framing: Framing): DelimitedTransport {
  checkSocket(fd);
  const socket = new Socket({ fd, readable: true, writable: true, allowHalfOpen: true });
  return new DelimitedTransport(socket, socket, framing);
}

/** Throws EndpointError for a descriptor that is no socket. */
export function checkSocket(fd: number): void {
  if (!isSocket(fd)) throw new EndpointError("UNAVAILABLE", `fd:${fd}`, "this descriptor is not a socket");
}

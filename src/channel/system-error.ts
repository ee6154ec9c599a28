// Errors of the operating system, with the numbers and texts of C programs.
import { OftrError } from "../base/index.js";
import type { CloseCause } from "./reason.js";

/** Texts of strerror(3) for what opening and connecting sockets can meet. */
const TEXTS: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EADDRINUSE: "Address already in use",
  EADDRNOTAVAIL: "Cannot assign requested address",
  EAFNOSUPPORT: "Address family not supported by protocol",
  ECANCELED: "Operation canceled",
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection reset by peer",
  EISDIR: "Is a directory",
  EHOSTUNREACH: "No route to host",
  EINVAL: "Invalid argument",
  EMFILE: "Too many open files",
  ENAMETOOLONG: "File name too long",
  ENETUNREACH: "Network is unreachable",
  ENFILE: "Too many open files in system",
  ENOBUFS: "No buffer space available",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  EPIPE: "Broken pipe",
  EPERM: "Operation not permitted",
  ETIMEDOUT: "Connection timed out",
};

/** A system call that failed. `code` is its errno, positive: 98 for an address in use. */
export class SystemError extends OftrError<number> {
  override readonly name = "SystemError";
}

/** Makes a SystemError of what Node throws; other errors pass unchanged. */
export function toSystemError(error: Error): Error {
  const { errno, code } = error as NodeJS.ErrnoException;
  if (typeof errno !== "number" || code === undefined) return error;
  return new SystemError(Math.abs(errno), TEXTS[code] ?? error.message);
}

/** The end of a connection whose stream has failed. */
export function describeLoss(error: Error): CloseCause {
  const { message } = toSystemError(error);
  return { reason: "PEER_RESET", message: `the connection was lost: ${message}` };
}

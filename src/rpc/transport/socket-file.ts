// The file of a Unix socket: made so that nobody else can connect meanwhile, put in the place of one whose daemon has
// died but never of one that lives, and removed only while it is ours.
import { randomBytes } from "node:crypto";
import { linkSync, lstatSync, renameSync, rmSync, type Stats, statSync } from "node:fs";
import { connect, type Server } from "node:net";
import { dirname, join, resolve } from "node:path";
import { SystemError, toSystemError } from "../../channel/index.js";
import { EndpointError } from "./endpoint-error.js";

/** Times that a place may change hands while we try to take it. */
const MAX_TRIES = 10;

/** Opens a server at a path. Gives the function that removes the socket. Rejects with EndpointError. */
export async function listenAtPath(server: Server, path: string, mode: number): Promise<() => void> {
  const place = resolve(path);
  const temporary = temporaryName(place);
  try {
    // Node says that permission is denied where there is no folder.
    statSync(dirname(place));
    await bind(server, temporary, mode);
    // From here on it can be connected to, so that nobody takes it for a dead one when it gets its name.
    const ours = lstatSync(temporary);
    await takePlace(temporary, place, path);
    return removerOf(place, ours);
  } catch (error) {
    server.close();
    throw asEndpointError(error, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** No longer than most names, as the path of a socket must be short. */
function temporaryName(place: string): string {
  return join(dirname(place), `.${randomBytes(3).toString("hex")}`);
}

/** A socket has its mode from its first moment on: umask counts, and bind(2) is called before it is set back. */
function bind(server: Server, path: string, mode: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    const umask = process.umask(0o777 & ~mode);
    try {
      server.listen({ path }, () => {
        server.removeListener("error", fail);
        done();
      });
    } finally {
      process.umask(umask);
    }
  });
}

/** Gives the socket its name. Making a link fails where there is something already, so that of two daemons one gets it. */
async function takePlace(temporary: string, place: string, path: string): Promise<void> {
  for (let i = 0; i < MAX_TRIES; i++) {
    try {
      linkSync(temporary, place);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const free = lstatSync(place, { throwIfNoEntry: false }) === undefined;
      if (free && (code === "EPERM" || code === "ENOTSUP")) {
        // A file system without links.
        renameSync(temporary, place);
        return;
      }
      if (code !== "EEXIST" && free) throw error;
    }
    await clear(place, path);
  }
  throw new EndpointError("IN_USE", `unix:${path}`, "others keep taking the place");
}

/** Removes a socket that nobody serves. */
async function clear(place: string, path: string): Promise<void> {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) {
    const detail = "the file exists and is not a socket; remove it or choose another path";
    throw new EndpointError("NOT_A_SOCKET", `unix:${path}`, detail);
  }
  if (await isServed(place)) {
    const detail = "a process serves there already; end it or choose another path";
    throw new EndpointError("IN_USE", `unix:${path}`, detail);
  }
  takeAway(place, found);
}

/** Does a process accept connections there? */
function isServed(place: string): Promise<boolean> {
  return new Promise((done, fail) => {
    const socket = connect({ path: place });
    socket.once("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      const { code } = error;
      if (code === "ECONNREFUSED" || code === "ENOENT") done(false);
      // Its queue is full.
      else if (code === "EAGAIN") done(true);
      else fail(error);
    });
  });
}

/** Removes the file at the place if it is this one. Another may come there at any time: so we look at what we have got. */
function takeAway(place: string, file: Stats): void {
  const taken = temporaryName(place);
  try {
    renameSync(place, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (!isSame(lstatSync(taken), file)) linkSync(taken, place);
  rmSync(taken);
}

function isSame(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/** Removes our socket when called, and when the process ends. */
function removerOf(place: string, ours: Stats): () => void {
  const remove = (): void => {
    process.removeListener("exit", remove);
    try {
      const found = lstatSync(place, { throwIfNoEntry: false });
      if (found !== undefined && isSame(found, ours)) takeAway(place, ours);
    } catch {
      // The folder has become unwritable, or is gone: the next daemon will tell.
    }
  };
  process.on("exit", remove);
  return remove;
}

function asEndpointError(error: unknown, path: string): unknown {
  const known = error instanceof Error ? toSystemError(error) : error;
  return known instanceof SystemError ? new EndpointError("FILE", `unix:${path}`, known.message) : error;
}

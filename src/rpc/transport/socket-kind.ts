// What an inherited descriptor is. Node cannot ask for SO_ACCEPTCONN, but the kernel's lists of sockets say it.
import { fstatSync, readFileSync } from "node:fs";

/** A socket, as the kernel lists it. */
export interface SocketKind {
  readonly family: "unix" | "tcp";
  /** It waits for connections; otherwise it is one. */
  readonly listens: boolean;
}

/** __SO_ACCEPTCON of the kernel, and TCP_LISTEN. */
const ACCEPTS = 0x10000;
const TCP_LISTEN = "0A";

/** Columns, counted from 0, of /proc/net/unix and /proc/net/tcp; see proc(5) and proc_net_tcp. */
const UNIX = { flags: 3, inode: 6 };
const TCP = { state: 3, inode: 9 };

/** True for a descriptor that is open and a socket. */
export function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

/** Finds out about a socket. Undefined: the kernel does not say, for it is of another kind, or has no such lists. */
export function socketKind(fd: number): SocketKind | undefined {
  const inode = String(fstatSync(fd).ino);
  const unix = findRow("unix", UNIX.inode, inode);
  if (unix !== undefined) {
    return { family: "unix", listens: (Number.parseInt(unix[UNIX.flags] ?? "", 16) & ACCEPTS) !== 0 };
  }
  const tcp = findRow("tcp", TCP.inode, inode) ?? findRow("tcp6", TCP.inode, inode);
  return tcp === undefined ? undefined : { family: "tcp", listens: tcp[TCP.state] === TCP_LISTEN };
}

function findRow(list: string, column: number, inode: string): string[] | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/self/net/${list}`, "latin1");
  } catch {
    return undefined;
  }
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    if (words[column] === inode) return words;
  }
  return undefined;
}

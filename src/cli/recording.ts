/** A recorded connection, out of a capture file. */
import { closeSync, openSync, readSync } from "node:fs";
import type { RecordedMessage } from "../ops/index.js";
import { type CapturedFlow, type CapturedMessage, CaptureReader } from "../pcap/index.js";
import { EXIT } from "./exit-codes.js";
import { type ExitCode, systemReason, tell } from "./failures.js";
import { CHUNK_BYTES } from "./input.js";

/** A file without the recording that is wanted. */
export class RecordingError extends Error {
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The messages of one connection, in the order of the file. */
export interface Recording {
  readonly connId: number;
  readonly messages: readonly RecordedMessage[];
}

/** Most connections that an error lists. */
const LISTED = 20;

/**
 * Reads a connection of a capture. What else is in the file is read over, so that only that connection is held in memory. Damage is told on
 * stderr. Throws RecordingError. @param conn  its number; undefined for the only one
 */
export function readRecording(file: string, conn: number | undefined): Recording {
  const counts = new Map<number, { readonly flow: CapturedFlow; messages: number }>();
  readMessages(file, ({ flow }) => {
    const known = counts.get(flow.connId);
    if (known === undefined) counts.set(flow.connId, { flow, messages: 1 });
    else known.messages++;
  });
  const connId = conn ?? (counts.size === 1 ? [...counts.keys()][0] : undefined);
  if (connId === undefined || !counts.has(connId)) {
    const list = [...counts]
      .slice(0, LISTED)
      .map(([id, { flow, messages }]) => `\n  ${id}: ${flow.src} and ${flow.dst}, ${messages} messages`);
    const problem =
      counts.size === 0
        ? "no OpenFlow connection is in it"
        : conn === undefined
          ? `${counts.size} connections are in it; --conn says which one`
          : `connection ${conn} is not in it`;
    throw new RecordingError(EXIT.FAILED, `${file}: ${problem}${list.length > 0 ? `:${list.join("")}` : ""}`);
  }
  const found: (RecordedMessage & { readonly sec: number; readonly nsec: number })[] = [];
  readMessages(
    file,
    ({ bytes, start, end, flow, sec, nsec }) => {
      if (flow.connId !== connId) return;
      const at = Math.max(0, sec * 1000 + nsec / 1e6);
      found.push({ bytes: Buffer.from(bytes.subarray(start, end)), sender: flow.src, at, sec, nsec });
    },
    connId,
  );
  // The reader keeps the order of each direction alone.
  found.sort((a, b) => a.sec - b.sec || a.nsec - b.nsec);
  return { connId, messages: found };
}

/** @param told  the connection whose damage is told, besides that of the file itself; undefined tells nothing */
function readMessages(file: string, onMessage: (message: CapturedMessage) => void, told?: number): void {
  const reader = new CaptureReader({ packets: "all" }, onMessage, ({ text, flow }) => {
    if (told !== undefined && (flow === undefined || flow.connId === told)) tell(`replay: ${file}: ${text}`);
  });
  let fd: number | undefined;
  try {
    fd = openSync(file, "r");
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (let n = readSync(fd, chunk); n > 0; n = readSync(fd, chunk)) reader.push(chunk.subarray(0, n));
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new RecordingError(EXIT.OPEN, `opening ${file}: ${systemReason(error)}`);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  reader.end();
}

// The life of the C++ `oftr --rpc-socket`: one client comes, and there will be no other.
import { createServer, type Socket } from "node:net";
import { log } from "../../base/index.js";
import { DelimitedTransport } from "./delimited.js";
import type { Framing } from "./framing.js";
import { listenAtPath } from "./socket-file.js";

/** Only our user may connect. */
const MODE = 0o600;

/**
 * Waits at a Unix socket for one client. The socket stays until the process ends, so that others are refused and not
 * left to wonder. Rejects with EndpointError, as a listener does. `cancel` gives up waiting: it resolves with undefined
 * then.
 */
export async function acceptOne(
  path: string,
  framing: Framing,
  cancel: AbortSignal,
): Promise<DelimitedTransport | undefined> {
  const server = createServer({ allowHalfOpen: true });
  const come = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const remove = await listenAtPath(server, path, MODE);
  const canceled = new Promise<undefined>((resolve) => {
    if (cancel.aborted) resolve(undefined);
    cancel.addEventListener("abort", () => resolve(undefined));
  });
  // A client that cannot be accepted is not the one.
  server.on("error", (err) => log.error({ err, endpoint: `unix:${path}` }, "RPC client cannot be accepted"));
  const socket = await Promise.race([come, canceled]);
  server.close();
  if (socket !== undefined) return new DelimitedTransport(socket, socket, framing);
  remove();
  return undefined;
}

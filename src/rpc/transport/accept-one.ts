// The life of the C++ `oftr --rpc-socket`: one client comes, and there will be no other.
import { createServer } from "node:net";
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
  if (cancel.aborted) return undefined;
  const server = createServer({ allowHalfOpen: true });
  const come = new Promise<DelimitedTransport | undefined>((resolve) => {
    server.once("connection", (socket) => {
      server.close();
      resolve(new DelimitedTransport(socket, socket, framing));
    });
    cancel.addEventListener("abort", () => {
      server.close();
      resolve(undefined);
    });
  });
  await listenAtPath(server, path, MODE);
  return come;
}

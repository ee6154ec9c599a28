// Sockets that this process has inherited: by number, or from systemd (sd_listen_fds(3)).
import type { DialectName } from "../dialect/index.js";
import type { DescriptorEndpoint, SystemdEndpoint } from "./endpoint.js";
import { EndpointError } from "./endpoint-error.js";
import { type FramingName, makeFraming } from "./framings.js";
import { checkSocket, inheritedTransport } from "./inherited.js";
import type { ListenOptions, PeerFacts, RpcListener } from "./listener.js";
import { socketKind } from "./socket-kind.js";
import { createStreamServer } from "./unix-listener.js";

/** The first descriptor that systemd passes. */
const FIRST = 3;

/** Serves over an inherited socket: the client at its other end, or all that connect to it. Rejects with EndpointError. */
export function listenDescriptor(endpoint: DescriptorEndpoint, options: ListenOptions): Promise<RpcListener> {
  return serve(endpoint.fd, endpoint.framing, endpoint.dialect, options);
}

async function serve(
  fd: number,
  framing: FramingName,
  dialect: DialectName,
  options: ListenOptions,
  usuallyListens = false,
): Promise<RpcListener> {
  checkSocket(fd);
  const local = `fd:${fd}`;
  const facts: PeerFacts = { kind: "descriptor", endpoint: local, dialect, files: true };
  const kind = socketKind(fd);
  if (!(kind?.listens ?? usuallyListens)) {
    options.onClient(inheritedTransport(fd, makeFraming(framing, options.limits)), facts);
    return { local, lasting: false, reload: () => [], close: () => undefined };
  }
  if (kind?.family === "tcp") {
    // Anybody on the network could come, and any web page: its requests are lines.
    const detail =
      "the socket listens for TCP; only Unix sockets can be inherited. For the network use ws: or wss:";
    throw new EndpointError("INSECURE", local, detail);
  }
  const server = createStreamServer(framing, facts, options);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new EndpointError("UNAVAILABLE", local, error.message)));
    server.listen({ fd }, resolve);
  });
  return { local, lasting: true, reload: () => [], close: () => void server.close() };
}

/** Serves over the sockets that systemd has opened for this process. Rejects with EndpointError. */
export async function listenSystemd(
  endpoint: SystemdEndpoint,
  options: ListenOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RpcListener> {
  const passed = readPassed(env);
  const { name } = endpoint;
  const chosen = passed.filter((socket) => name === undefined || socket.name === name);
  if (chosen.length === 0) {
    const names = passed.map((socket) => socket.name).join(", ");
    const detail = `no socket is named ${JSON.stringify(name)}; there are ${names} (FileDescriptorName= of the units)`;
    throw new EndpointError("UNAVAILABLE", "systemd", detail);
  }
  const listeners: RpcListener[] = [];
  for (const { fd } of chosen) {
    listeners.push(await serve(fd, endpoint.framing, endpoint.dialect, options, true));
  }
  return {
    local: listeners.map(({ local }) => local).join(" "),
    lasting: listeners.some(({ lasting }) => lasting),
    reload: () => [],
    close() {
      for (const listener of listeners) listener.close();
    },
  };
}

interface Passed {
  readonly fd: number;
  readonly name: string;
}

function readPassed(env: NodeJS.ProcessEnv): Passed[] {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES } = env;
  const fail = (detail: string): EndpointError => new EndpointError("UNAVAILABLE", "systemd", detail);
  if (LISTEN_PID === undefined || LISTEN_FDS === undefined) {
    throw fail("LISTEN_PID and LISTEN_FDS are not set: was this started by a socket unit?");
  }
  if (Number(LISTEN_PID) !== process.pid) {
    throw fail(
      `the sockets are for process ${LISTEN_PID}, this is ${process.pid}: start oftr without a wrapper`,
    );
  }
  const count = Number(LISTEN_FDS);
  if (!(count >= 1 && count <= 1000)) throw fail(`LISTEN_FDS is '${LISTEN_FDS}', not a number of sockets`);
  const names = (LISTEN_FDNAMES ?? "").split(":");
  return Array.from({ length: count }, (_, i) => ({ fd: FIRST + i, name: names[i] || "unknown" }));
}

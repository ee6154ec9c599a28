// Sockets that a process inherits: so there is one, which echoes.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { lstatSync, renameSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectUnix, readUntil, temporaryFolder } from "./listening.js";

const SCRIPT = `
  import { DEFAULT_LIMITS } from "./base/index.js";
  import { listenRpc, parseRpcEndpoint } from "./rpc/index.js";
  import { systemClock } from "./channel/index.js";
  const [endpoint] = process.argv.slice(2);
  listenRpc(parseRpcEndpoint(endpoint, "listen"), {
    clock: systemClock(),
    limits: () => DEFAULT_LIMITS,
    clients: () => 0,
    onClient(transport, facts) {
      transport.start(
        (text) => transport.send(Buffer.from(text + " " + JSON.stringify(facts))),
        () => transport.close(),
      );
    },
  }).then(
    ({ local }) => console.log("at " + local),
    (error) => console.log(error.name + " " + error.message),
  );
`;

function hasActivate(): boolean {
  return spawnSync("systemd-socket-activate", ["--version"]).status === 0;
}

let folder: ReturnType<typeof temporaryFolder>;
let bundle: string;
let server: Server;
let path: string;
const children: ChildProcess[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  bundle = folder.path("echo.cjs");
  await build({
    stdin: { contents: SCRIPT, resolveDir: fileURLToPath(new URL("../../../src", import.meta.url)) },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: bundle,
    logLevel: "error",
  });
  path = folder.path("s");
});

afterAll(() => folder.remove());

beforeEach(async () => {
  server = await listening(createServer(), path);
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const one of servers.splice(0)) one.close();
});

async function listening(made: Server, where: string | { port: number }): Promise<Server> {
  servers.push(made);
  made.listen(where as string);
  await once(made, "listening");
  return made;
}

const fdOf = (handle: Server): number => (handle as unknown as { _handle: { fd: number } })._handle.fd;

/** Starts the process with this at descriptor 3; gives the first line that it says. */
async function start(
  endpoint: string,
  fd: number | "pipe" | "ignore",
  prefix = "exec",
): Promise<{ line: string; child: ChildProcess }> {
  const command = `${prefix} "$0" "$1" "$2"`;
  const child = spawn("sh", ["-c", command, process.execPath, bundle, endpoint], {
    stdio: ["ignore", "pipe", "inherit", fd],
  });
  children.push(child);
  const [line] = (await once(child.stdout as Socket, "data")) as [Buffer];
  return { line: String(line), child };
}

/** Both processes could accept; from now on ours does not. Node removes the file of a server, if it finds it. */
function handOver(): void {
  renameSync(path, `${path}2`);
  server.close();
  renameSync(`${path}2`, path);
}

const FACTS = '{"kind":"descriptor","endpoint":"fd:3","dialect":"strict","files":true}';

describe("listenDescriptor", () => {
  it("serves all that connect to a Unix socket that listens, and leaves its file alone", async () => {
    const { line, child } = await start("fd:3", fdOf(server));
    expect(line).toBe("at fd:3\n");
    handOver();
    for (const text of ["one", "two"]) {
      const client = await connectUnix(path);
      client.end(`${text}\n`);
      expect(await readUntil(client, "\n")).toBe(`${text} ${FACTS}\n`);
    }
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(lstatSync(path).isSocket()).toBe(true);
    rmSync(path);
  });

  it("serves the client at the other end of a connection", async () => {
    const { line, child } = await start("fd:3,framing=nul", "pipe");
    expect(line).toBe("at fd:3\n");
    const socket = child.stdio[3] as Socket;
    socket.write("one\0");
    expect(await readUntil(socket, "\0")).toBe(`one ${FACTS.replace("strict", "classic")}\0`);
  });

  it("refuses to listen for TCP, where anybody could come", async () => {
    const tcp = await listening(createServer(), { port: 0 });
    expect((tcp.address() as AddressInfo).port).toBeGreaterThan(0);
    const { line } = await start("fd:3", fdOf(tcp));
    expect(line).toBe(
      "EndpointError fd:3: the socket listens for TCP; only Unix sockets can be inherited. " +
        "For the network use ws: or wss:\n",
    );
  });

  it.each(["fd:3", "fd:999"])("refuses %s when it is no socket", async (endpoint) => {
    const { line } = await start(endpoint, "ignore");
    expect(line).toBe(`EndpointError ${endpoint}: this descriptor is not a socket\n`);
  });
});

describe("listenSystemd", () => {
  const ACTIVATE = "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=rpc exec";

  it("serves the sockets that systemd has opened", async () => {
    const { line } = await start("systemd", fdOf(server), ACTIVATE);
    expect(line).toBe("at fd:3\n");
    handOver();
    const client = await connectUnix(path);
    client.end("one\n");
    expect(await readUntil(client, "\n")).toBe(`one ${FACTS}\n`);
    rmSync(path);
  });

  it.skipIf(!hasActivate())("is started by systemd's own tool when a client comes", async () => {
    const where = `${path}-activated`;
    const command = ["--listen", where, "--fdname=rpc", process.execPath, bundle, "systemd,name=rpc"];
    const child = spawn("systemd-socket-activate", command, { stdio: ["ignore", "ignore", "pipe"] });
    children.push(child);
    await once(child.stderr as Socket, "data");
    const client = await connectUnix(where);
    client.end("one\n");
    expect(await readUntil(client, "\n")).toBe(`one ${FACTS}\n`);
  });

  it("serves those of a name", async () => {
    expect((await start("systemd,name=rpc", fdOf(server), ACTIVATE)).line).toBe("at fd:3\n");
    expect((await start("systemd,name=rpx", fdOf(server), ACTIVATE)).line).toBe(
      'EndpointError systemd: no socket is named "rpx"; there are rpc (FileDescriptorName= of the units)\n',
    );
  });

  it.each([
    ["exec", "LISTEN_PID and LISTEN_FDS are not set: was this started by a socket unit?"],
    ["LISTEN_PID=1 LISTEN_FDS=1 exec", "the sockets are for process 1, this is "],
    ["LISTEN_PID=$$ LISTEN_FDS=x exec", "LISTEN_FDS is 'x', not a number of sockets"],
    ["LISTEN_PID=$$ LISTEN_FDS=0 exec", "LISTEN_FDS is '0', not a number of sockets"],
    ["LISTEN_PID=$$ LISTEN_FDS=2 exec", "fd:4: this descriptor is not a socket"],
  ])("says what is wrong with %s", async (prefix, message) => {
    expect((await start("systemd", fdOf(server), prefix)).line).toContain(message);
  });
});

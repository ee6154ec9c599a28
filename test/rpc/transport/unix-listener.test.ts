import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configureLog, DEFAULT_LIMITS } from "../../../src/base/index.js";
import { FramingError } from "../../../src/rpc/index.js";
import { connectUnix, Echo, hungUp, openDescriptors, readUntil, temporaryFolder } from "./listening.js";

let echo: Echo;
let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(() => {
  configureLog({ level: "silent" });
  echo = new Echo();
  folder = temporaryFolder();
  path = folder.path("s");
});

afterEach(() => {
  echo.close();
  folder.remove();
});

/** Leaves a socket behind that nobody serves, as a process does that is killed. */
async function leaveSocket(): Promise<void> {
  const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`;
  const child = spawn(process.execPath, ["-e", script]);
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(lstatSync(path).isSocket()).toBe(true);
}

describe("listenUnix", () => {
  it("serves many clients, each with its own texts", async () => {
    const { local } = await echo.listen(`unix:${path}`);
    expect(local).toBe(`unix:${path}`);
    const clients = await Promise.all([connectUnix(path), connectUnix(path), connectUnix(path)]);
    for (const [i, client] of clients.entries()) client.write(`{"n":${i}}\n`);
    const answers = await Promise.all(clients.map((client) => readUntil(client, "\n")));
    expect(answers).toEqual(['{"n":0}!\n', '{"n":1}!\n', '{"n":2}!\n']);
    expect(echo.arrived.map(({ facts }) => facts)).toEqual(
      Array(3).fill({ kind: "unix", endpoint: `unix:${path}`, dialect: "strict", files: true }),
    );
    for (const client of clients) client.destroy();
  });

  it("speaks the framing of its endpoint, and answers after the client has ended its side", async () => {
    await echo.listen(`unix:${path},framing=nul`);
    const client = await connectUnix(path);
    client.end("one\0two\0rest");
    expect(await readUntil(client, "two!\0")).toBe("one!\0two!\0");
    await once(client, "close");
    expect(echo.arrived[0]).toMatchObject({
      texts: ["one", "two"],
      ends: [undefined],
      facts: { dialect: "classic" },
    });
  });

  it.each([
    ["0600", "", 0o600],
    ["0660", ",mode=0660", 0o660],
    ["0777", ",mode=777", 0o777],
  ])("makes a socket of mode %s from its first moment on, whatever the umask is", async (_, option, mode) => {
    const umask = process.umask(0o022);
    try {
      const opening = echo.listen(`unix:${path}${option}`);
      const modes = readdirSync(dirname(path)).map((name) => lstatSync(folder.path(name)).mode & 0o777);
      expect(modes).toEqual([mode]);
      await opening;
      expect(lstatSync(path).mode & 0o777).toBe(mode);
      expect(process.umask()).toBe(0o022);
    } finally {
      process.umask(umask);
    }
  });

  it("leaves nothing in the folder but its socket, and nothing when it closes", async () => {
    const listener = await echo.listen(`unix:${path}`);
    expect(readdirSync(dirname(path))).toEqual(["s"]);
    listener.close();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it("replaces a socket that a killed process has left", async () => {
    await leaveSocket();
    await echo.listen(`unix:${path}`);
    const client = await connectUnix(path);
    client.write("x\n");
    expect(await readUntil(client, "\n")).toBe("x!\n");
    expect(readdirSync(dirname(path))).toEqual(["s"]);
    client.destroy();
  });

  it("does not replace a socket that is served, and leaves it as it is", async () => {
    await echo.listen(`unix:${path}`);
    await expect(echo.listen(`unix:${path}`)).rejects.toThrow(
      `unix:${path}: a process serves there already; end it or choose another path`,
    );
    const client = await connectUnix(path);
    client.write("x\n");
    expect(await readUntil(client, "\n")).toBe("x!\n");
    expect(readdirSync(dirname(path))).toEqual(["s"]);
    client.destroy();
  });

  it("lets one of many daemons that start at once have a dead socket's place", async () => {
    await leaveSocket();
    const starts = await Promise.allSettled(Array.from({ length: 8 }, () => echo.listen(`unix:${path}`)));
    expect(starts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const reasons = starts.flatMap((start) => (start.status === "rejected" ? [String(start.reason)] : []));
    expect(new Set(reasons)).toEqual(
      new Set([`EndpointError: unix:${path}: a process serves there already; end it or choose another path`]),
    );
    (await connectUnix(path)).destroy();
    expect(readdirSync(dirname(path))).toEqual(["s"]);
  });

  it.each([
    ["a file", () => writeFileSync(path, "precious")],
    ["a folder", () => mkdirSync(path)],
    ["a link to nowhere", () => symlinkSync("nowhere", path)],
  ])("does not replace %s", async (_, make) => {
    make();
    await expect(echo.listen(`unix:${path}`)).rejects.toThrow(
      `unix:${path}: the file exists and is not a socket; remove it or choose another path`,
    );
    expect(readdirSync(dirname(path))).toEqual(["s"]);
    if (lstatSync(path).isFile()) expect(readFileSync(path, "utf8")).toBe("precious");
  });

  it("says what is wrong with a folder", async () => {
    await expect(echo.listen(`unix:${folder.path("no/s")}`)).rejects.toThrow(
      `unix:${folder.path("no/s")}: No such file or directory`,
    );
    await expect(echo.listen(`unix:${folder.path("x".repeat(300 - path.length))}`)).rejects.toThrow(
      "at most 107",
    );
  });

  it("removes its socket only while it is its own", async () => {
    const listener = await echo.listen(`unix:${path}`);
    renameSync(path, folder.path("moved"));
    const other = createServer().listen(path);
    await once(other, "listening");
    listener.close();
    expect(readdirSync(dirname(path)).sort()).toEqual(["moved", "s"]);
    (await connectUnix(path)).destroy();
    other.close();
  });

  it("refuses more clients than the limit, and takes others when these have gone", async () => {
    echo.limits = { ...DEFAULT_LIMITS, clients: 2 };
    await echo.listen(`unix:${path}`);
    const [one, two] = [await connectUnix(path), await connectUnix(path)];
    await echo.until(() => echo.open === 2);
    const three = await connectUnix(path);
    await hungUp(three);
    expect(echo.arrived).toHaveLength(2);
    one.destroy();
    await echo.until(() => echo.open === 1);
    const four = await connectUnix(path);
    four.write("x\n");
    expect(await readUntil(four, "\n")).toBe("x!\n");
    for (const socket of [two, four]) socket.destroy();
  });

  it("ends a client that sends too much, and only that one", async () => {
    echo.limits = { ...DEFAULT_LIMITS, rpcMessageBytes: 1024 };
    await echo.listen(`unix:${path}`);
    const [bad, good] = [await connectUnix(path), await connectUnix(path)];
    bad.write("x".repeat(1025));
    await hungUp(bad);
    good.write("x\n");
    expect(await readUntil(good, "\n")).toBe("x!\n");
    expect(echo.arrived[0]?.ends[0]).toBeInstanceOf(FramingError);
    good.destroy();
  });

  it("has all descriptors back after thousands of clients that come and go in all manners", async () => {
    await echo.listen(`unix:${path}`);
    await connectUnix(path).then((socket) => socket.destroy());
    await echo.until(() => echo.arrived.length === 1 && echo.open === 0);
    const before = openDescriptors();
    for (let round = 0; round < 100; round++) {
      const sockets = await Promise.all(Array.from({ length: 30 }, () => connectUnix(path)));
      for (const [i, socket] of sockets.entries()) {
        socket.on("error", () => undefined);
        socket.resume();
        if (i % 3 === 0) socket.destroy();
        else if (i % 3 === 1) socket.end("half a text");
        else socket.end("x\ny\n");
      }
      await echo.until(() => echo.open === 0);
      echo.arrived.length = 0;
    }
    expect(openDescriptors()).toBeLessThanOrEqual(before + 2);
  }, 60_000);
});

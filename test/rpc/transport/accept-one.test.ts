import { once } from "node:events";
import { lstatSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../src/base/index.js";
import { acceptOne, makeFraming } from "../../../src/rpc/index.js";
import { connectUnix, hungUp, readUntil, temporaryFolder } from "./listening.js";

let folder: ReturnType<typeof temporaryFolder>;
let path: string;

beforeEach(() => {
  folder = temporaryFolder();
  path = folder.path("s");
});

afterEach(() => folder.remove());

const nul = () => makeFraming("nul", () => DEFAULT_LIMITS);
const never = new AbortController().signal;

describe("acceptOne", () => {
  it("serves the first client, refuses others, and stays in its place meanwhile", async () => {
    const accepted = acceptOne(path, nul(), never);
    while (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const client = await connectUnix(path);
    const transport = await accepted;
    transport?.start(
      (text) => transport.send(Buffer.from(`${text}!`)),
      () => transport.close(),
    );
    client.write("x\0");
    expect(await readUntil(client, "\0")).toBe("x!\0");
    await expect(connectUnix(path)).rejects.toThrow("ECONNREFUSED");
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    client.end();
    await transport?.closed;
    await hungUp(client);
  });

  it("gives up when it is told to", async () => {
    const stop = new AbortController();
    const accepted = acceptOne(path, nul(), stop.signal);
    stop.abort();
    expect(await accepted).toBeUndefined();
    expect(await acceptOne(folder.path("t"), nul(), stop.signal)).toBeUndefined();
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it("does not take the place of a socket that is served, or of a file", async () => {
    const server = createServer().listen(path);
    await once(server, "listening");
    await expect(acceptOne(path, nul(), never)).rejects.toThrow("a process serves there already");
    server.close();
    writeFileSync(folder.path("f"), "precious");
    await expect(acceptOne(folder.path("f"), nul(), never)).rejects.toThrow(
      "the file exists and is not a socket",
    );
  });
});

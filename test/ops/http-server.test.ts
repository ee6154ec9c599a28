import { once } from "node:events";
import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHttpServer } from "../../src/ops/http-server.js";

let server: Server;
let base: string;
let port: number;
let unready: string[] = [];

beforeEach(async () => {
  unready = [];
  const watched = { metrics: () => "a 1\n", unready: () => unready };
  server = await openHttpServer({ host: "127.0.0.1", port: 0 }, watched);
  port = (server.address() as AddressInfo).port;
  base = `http://127.0.0.1:${port}`;
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function get(path: string, method = "GET"): Promise<readonly [number, string, string | null]> {
  const response = await fetch(base + path, { method });
  return [response.status, await response.text(), response.headers.get("content-type")];
}

describe("the server for those who watch", () => {
  it("tells metrics as Prometheus reads them", async () => {
    expect(await get("/metrics")).toEqual([200, "a 1\n", "text/plain; version=0.0.4; charset=utf-8"]);
    expect((await get("/metrics?name=a"))[0]).toBe(200);
  });

  it("says that it lives, and whether it is ready", async () => {
    expect((await get("/healthz")).slice(0, 2)).toEqual([200, "ok\n"]);
    expect((await get("/readyz")).slice(0, 2)).toEqual([200, "ready\n"]);
    unready = ["it is starting", "so"];
    expect((await get("/readyz")).slice(0, 2)).toEqual([503, "not ready: it is starting; so\n"]);
    expect((await get("/healthz"))[0]).toBe(200);
  });

  it("has no other pages and no other methods", async () => {
    expect((await get("/"))[0]).toBe(404);
    expect((await get("/metrics/x"))[0]).toBe(404);
    expect((await get("/metrics", "POST"))[0]).toBe(405);
    expect((await get("/metrics", "DELETE"))[0]).toBe(405);
    expect(await get("/metrics", "HEAD")).toEqual([200, "", "text/plain; version=0.0.4; charset=utf-8"]);
  });

  it.each([
    ["no HTTP at all", "\x16\x03\x01\x02\0\x01\0\r\n\r\n"],
    ["headers that are too long", `GET /metrics HTTP/1.1\r\nx: ${"y".repeat(20_000)}\r\n\r\n`],
  ])("refuses %s and goes on", async (_what, text) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(text);
    let answer = "";
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await get("/healthz"))[0]).toBe(200);
  });

  it("tells who opens it that the address is taken", async () => {
    const watched = { metrics: () => "", unready: () => [] };
    await expect(openHttpServer({ host: "127.0.0.1", port }, watched)).rejects.toThrow("EADDRINUSE");
  });
});

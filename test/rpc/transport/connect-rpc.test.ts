import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectRpc, parseRpcEndpoint, type RpcTransport } from "../../../src/rpc/index.js";
import { Echo, temporaryFolder } from "./listening.js";

let echo: Echo;
let folder: ReturnType<typeof temporaryFolder>;
const servers: Server[] = [];

beforeEach(() => {
  echo = new Echo();
  folder = temporaryFolder();
});

afterEach(() => {
  echo.close();
  for (const server of servers.splice(0)) server.close();
  folder.remove();
});

const connect = (endpoint: string, timeout = 5000): Promise<RpcTransport> =>
  connectRpc(parseRpcEndpoint(endpoint, "call"), { timeout });

async function portOf(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("connectRpc", () => {
  it.each(["nul", "binary", "line", "content-length"])(
    "talks over a Unix socket in framing %s",
    async (framing) => {
      const endpoint = `unix:${folder.path("s")},framing=${framing}`;
      await echo.listen(endpoint);
      const transport = await connect(endpoint);
      const text = await new Promise<string>((resolve, reject) => {
        transport.start(resolve, () => reject(new Error("closed")));
        transport.send(Buffer.from('{"id":1}'));
      });
      expect(text).toBe('{"id":1}!');
      transport.close();
      await transport.closed;
      await echo.until(() => echo.open === 0);
    },
  );

  it("talks over a WebSocket, and closes it in good order", async () => {
    const { local } = await echo.listen("ws://127.0.0.1:0/");
    const transport = await connect(local);
    const text = await new Promise<string>((resolve, reject) => {
      transport.start(resolve, () => reject(new Error("closed")));
      transport.send(Buffer.from("x"));
    });
    expect(text).toBe("x!");
    transport.close();
    await transport.closed;
    await echo.until(() => echo.open === 0);
    expect(echo.arrived[0]?.ends).toEqual([undefined]);
  });

  it("misses nothing that comes with the answer to the handshake", async () => {
    const server = createHttpServer();
    server.on("upgrade", (request, socket) => {
      // The first frame is in the same packet as the answer, whose key is made as RFC 6455 section 4.2.2 says.
      const accept = createHash("sha1")
        .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest("base64");
      const head = `HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
      socket.write(Buffer.concat([Buffer.from(head), Buffer.from("8105", "hex"), Buffer.from("early")]));
    });
    const transport = await connect(`ws://127.0.0.1:${await portOf(server)}/`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await new Promise((resolve) => transport.start(resolve, () => undefined))).toBe("early");
    transport.destroy();
    await transport.closed;
  });

  it("says that no daemon serves there, and how to start one", async () => {
    const server = createServer();
    const port = await portOf(server);
    server.close();
    await once(server, "close");
    await expect(connect(`ws://127.0.0.1:${port}/`)).rejects.toThrow(
      `ws://127.0.0.1:${port}/: no daemon serves there (ECONNREFUSED); oftr jsonrpc --listen ws://127.0.0.1:${port}/ starts one`,
    );
    const path = folder.path("no");
    await expect(connect(`unix:${path}`)).rejects.toThrow(
      `unix:${path}: no daemon serves there (ENOENT); oftr`,
    );
  });

  it("says what a peer is that is no daemon", async () => {
    const http = await portOf(createHttpServer((_, response) => response.writeHead(500).end("no\nidea")));
    await expect(connect(`ws://127.0.0.1:${http}/`)).rejects.toThrow(
      "the answer is 500 Internal Server Error: no idea",
    );
    await expect(connect(`wss://127.0.0.1:${http}/`)).rejects.toThrow("the peer does not speak TLS: use ws:");
    const other = await portOf(createServer((socket) => void socket.end("\x15\x03\x03\x00\x02\x02F")));
    await expect(connect(`ws://127.0.0.1:${other}/`)).rejects.toThrow(
      "the peer gives no HTTP answer: is it a daemon with wss:?",
    );
  });

  it("gives up when the peer says nothing", async () => {
    const silent = await portOf(createServer(() => undefined));
    await expect(connect(`ws://127.0.0.1:${silent}/`, 50)).rejects.toThrow("Opening handshake has timed out");
  });
});

/** Listeners for tests, and clients that come to them. */
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIMITS, type Limits } from "../../../src/base/index.js";
import {
  listenRpc,
  type PeerFacts,
  parseRpcEndpoint,
  type RpcListener,
  type RpcTransport,
} from "../../../src/rpc/index.js";
import { FakeClock } from "../../channel/fake-clock.js";

/** A client, as a listener gives it. */
export interface Arrived {
  readonly transport: RpcTransport;
  readonly facts: PeerFacts;
  readonly texts: string[];
  /** Why it ended; empty while it lives. */
  readonly ends: (Error | undefined)[];
}

/** Answers each text by the same one with `!` behind it, and closes when the client has ended. */
export class Echo {
  readonly clock = new FakeClock();
  readonly arrived: Arrived[] = [];
  readonly #listeners: RpcListener[] = [];
  limits: Limits = DEFAULT_LIMITS;
  open = 0;
  #wake: () => void = () => undefined;

  async listen(endpoint: string): Promise<RpcListener> {
    const listener = await listenRpc(parseRpcEndpoint(endpoint, "listen"), {
      clock: this.clock,
      limits: () => this.limits,
      clients: () => this.open,
      onClient: (transport, facts) => this.#welcome(transport, facts),
    });
    this.#listeners.push(listener);
    return listener;
  }

  #welcome(transport: RpcTransport, facts: PeerFacts): void {
    const client: Arrived = { transport, facts, texts: [], ends: [] };
    this.open++;
    this.arrived.push(client);
    transport.start(
      (text) => {
        client.texts.push(text);
        transport.send(Buffer.from(`${text}!`));
        this.#wake();
      },
      (reason) => {
        client.ends.push(reason);
        transport.close();
        this.#wake();
      },
    );
    void transport.closed.then(() => {
      this.open--;
      this.#wake();
    });
    this.#wake();
  }

  /** Waits until this holds; to be asked again whenever a client does something. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): void {
    for (const listener of this.#listeners.splice(0)) listener.close();
    for (const { transport } of this.arrived) transport.destroy();
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(): { readonly path: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "oftr-"));
  return {
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A connection to a Unix socket. Rejects where there is none. */
export async function connectUnix(path: string): Promise<Socket> {
  const socket = connect({ path, allowHalfOpen: true });
  await once(socket, "connect");
  return socket;
}

/** Reads until the text so far ends like this. */
export async function readUntil(socket: Socket, end: string): Promise<string> {
  let text = "";
  while (!text.endsWith(end)) text += String((await once(socket, "data"))[0]);
  return text;
}

/** Resolves when the other side has closed. */
export async function hungUp(socket: Socket): Promise<void> {
  socket.on("error", () => undefined);
  socket.resume();
  await Promise.race([once(socket, "end"), once(socket, "close")]);
  socket.destroy();
}

/** Descriptors that this process has open. */
export function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

// Stands between switches and a controller, passes their bytes on as they are, and tells of them.
import type { Server, Socket } from "node:net";
import {
  type Clock,
  connectTcp,
  type Endpoint,
  formatEndpoint,
  isTlsRecord,
  listenerEndpoint,
  listenTcp,
  socketEndpoints,
  type WallTime,
} from "../channel/index.js";

/** A connection that is passed on. */
export interface ProxiedConnection {
  /** Counts from 1. */
  readonly id: number;
  /** Who has connected. */
  readonly client: Endpoint;
  /** Where it is passed on to. */
  readonly server: Endpoint;
}

/** Who is told of the connections. */
export interface ProxyObserver {
  onOpen(connection: ProxiedConnection, time: WallTime): void;
  /** Bytes that were read from one end; valid during the call only. */
  onBytes(connection: ProxiedConnection, from: "client" | "server", bytes: Buffer, time: WallTime): void;
  onClose(connection: ProxiedConnection, time: WallTime): void;
  /** Something that people should know: a sentence without a full stop. */
  onNotice(text: string): void;
}

/** Milliseconds in which a connection must be made. */
const CONNECT_TIMEOUT = 10_000;

/** Enough to tell a TLS record. */
const FIRST_BYTES = 8;

/** Passes connections on until it is closed. */
export class RecordProxy {
  readonly #target: Endpoint;
  readonly #clock: Clock;
  readonly #observer: ProxyObserver;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #closed = false;
  #lastId = 0;

  /** @param target  where connections are passed on to */
  constructor(target: Endpoint, clock: Clock, observer: ProxyObserver) {
    this.#target = target;
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Begins to accept connections; gives where. Rejects with SystemError. */
  async listen(endpoint: Endpoint): Promise<Endpoint> {
    this.#server = await listenTcp(endpoint, (socket) => void this.#accept(socket));
    this.#server.on("error", (error) => this.#observer.onNotice(`accepting failed: ${error.message}`));
    return listenerEndpoint(this.#server);
  }

  /** Accepts no more, and ends all connections. */
  close(): void {
    this.#closed = true;
    this.#server?.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #accept(client: Socket): Promise<void> {
    const id = ++this.#lastId;
    const { remote } = socketEndpoints(client);
    this.#keep(client);
    const { socket: server, connected } = connectTcp(this.#target, this.#clock, CONNECT_TIMEOUT);
    this.#keep(server);
    try {
      await connected;
    } catch (error) {
      const where = formatEndpoint(this.#target);
      if (!this.#closed) {
        this.#observer.onNotice(
          `connection ${id} of ${formatEndpoint(remote)} was closed: ${where}: ${(error as Error).message}`,
        );
      }
      client.destroy();
      return;
    }
    this.#pass({ id, client: remote, server: socketEndpoints(server).remote }, client, server);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }

  #pass(connection: ProxiedConnection, client: Socket, server: Socket): void {
    this.#observer.onOpen(connection, this.#now());
    const watch = (from: "client" | "server", socket: Socket, other: Socket): void => {
      let first = true;
      socket.on("data", (bytes: Buffer) => {
        if (first && from === "client" && isTlsRecord(bytes.subarray(0, FIRST_BYTES)))
          this.#tellTls(connection);
        first = false;
        this.#observer.onBytes(connection, from, bytes, this.#now());
      });
      // A peer that breaks off does not say "end"; the other side must learn of it all the same.
      socket.once("close", () => other.end());
      socket.pipe(other);
    };
    watch("client", client, server);
    watch("server", server, client);
    let open = 2;
    for (const socket of [client, server])
      socket.once("close", () => {
        if (--open === 0 && !this.#closed) this.#observer.onClose(connection, this.#now());
      });
  }

  #tellTls({ id }: ProxiedConnection): void {
    this.#observer.onNotice(
      `connection ${id} speaks TLS: its bytes are passed on and recorded, but they stay encrypted`,
    );
  }

  #now(): WallTime {
    const time = { sec: 0, nsec: 0 };
    this.#clock.wall(time);
    return time;
  }
}

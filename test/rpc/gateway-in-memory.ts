// A gateway with a client in memory and switches on streams in memory.
import { DEFAULT_LIMITS, type Limits, type Version } from "../../src/base/index.js";
import { Gateway, STDIO } from "../../src/rpc/index.js";
import { duplexPair, type End } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

/** Lets all that is ready happen. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A reply to a request. */
export interface Reply {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A switch on a stream. */
export class MemorySwitch {
  readonly peer: End;
  /** The messages that it has got, in hex, since `clear`. */
  received: string[] = [];
  #held = Buffer.alloc(0);

  constructor(peer: End) {
    this.peer = peer;
    peer.on("data", (chunk: Buffer) => this.#split(chunk));
  }

  #split(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= 8 && this.#held.length >= this.#held.readUInt16BE(2)) {
      const length = this.#held.readUInt16BE(2);
      this.received.push(this.#held.toString("hex", 0, length));
      this.#held = this.#held.subarray(length);
    }
  }

  /** Sends bytes in hex; blanks do not count. */
  async say(hex: string): Promise<void> {
    this.peer.write(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
    await turn();
    await turn();
  }

  /** The xid of the nth message that it has got, in hex. */
  xid(n = 0): string {
    return this.received[n]?.slice(8, 16) ?? "";
  }
}

/** All of it, new for each test. */
export class MemoryGateway {
  readonly clock = new FakeClock();
  readonly gateway: Gateway;
  readonly client = new MemoryTransport();

  /** @param limits  those that are not as usual */
  constructor(limits: Partial<Limits> = {}) {
    const all = { ...DEFAULT_LIMITS, ...limits };
    this.gateway = new Gateway({ clock: this.clock, softwareDescription: "test", limits: () => all });
    void this.gateway.serve(this.client, { ...STDIO, lone: false });
  }

  /** Another client comes, which speaks the same dialect. */
  join(): MemoryTransport {
    const other = new MemoryTransport();
    void this.gateway.serve(other, { ...STDIO, lone: false });
    other.sent.length = 0;
    return other;
  }

  /** A switch of a version connects; the client's CHANNEL_UP is not kept. */
  async connect(version: Version = 4): Promise<MemorySwitch> {
    const [ours, peer] = duplexPair();
    const one = new MemorySwitch(peer);
    this.gateway.service.registry.adopt(ours, {
      versions: [version],
      features: false,
      auxiliary: false,
      checkVersion: true,
      local: { host: "127.0.0.1", port: 6653 },
      remote: { host: "127.0.0.1", port: 45172 },
      accepted: true,
    });
    await one.say(`0${version}00000800000007`);
    one.received = [];
    this.client.sent.length = 0;
    return one;
  }

  /** Sends a request. */
  async say(method: string, params: object | string, id: number | undefined = 1): Promise<void> {
    const json = typeof params === "string" ? params : JSON.stringify(params);
    this.client.onText(`{${id === undefined ? "" : `"id":${id},`}"method":"${method}","params":${json}}`);
    await turn();
    await turn();
  }

  /** The texts that the client has got since the last time. */
  texts(): string[] {
    return this.client.sent.splice(0);
  }

  /** Those texts as values. */
  replies(): Reply[] {
    return this.texts().map((text) => JSON.parse(text) as Reply);
  }

  /** Sends a request and gives its reply, which must be there at once. */
  async ask(method: string, params: object | string): Promise<Reply> {
    await this.say(method, params);
    const replies = this.replies();
    if (replies.length !== 1) throw new Error(`${replies.length} texts instead of a reply`);
    return replies[0] as Reply;
  }

  /** As `ask`, for the error: its code, its sentence without the place, path and word for programs. */
  async refusal(method: string, params: object | string): Promise<unknown[]> {
    const { error } = await this.ask(method, params);
    const { path, code } = (error?.data ?? {}) as { path?: string; code?: string };
    const [line] = error?.message.split("\n") ?? [];
    return [error?.code, line?.replace(/^YAML:\d+:\d+: error: /, ""), path, code];
  }
}

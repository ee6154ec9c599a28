/** Transcripts of JSON-RPC in documents, carried out again on a gateway with a simulated switch. */
import { createServer } from "node:net";
import { VERSION } from "../../src/cli/version.js";
import { Gateway } from "../../src/rpc/index.js";
import { connectSwitch, type SimulatedSwitch } from "../../src/switch/index.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

const DPID = "00:00:00:00:00:00:00:01";
const FRAME = "00000000000100000000000208004500001c000000004011f96b0a0000010a000002003500350008deab";

/** The port that documents name. */
const SHOWN_PORT = "6653";

const PATIENCE = 15_000;

/** A line: what is sent, what comes back, or what happens. */
const LINE = /^ {4}(-->|<--|\.\.\.) (.*)$/;

/** Plays a document: gives it as it would be if what came back stood below each request. */
export class Player {
  readonly #client = new MemoryTransport();
  readonly #clock = new FakeClock();
  readonly #gateway = new Gateway({ clock: this.#clock, softwareDescription: VERSION });
  #switch: SimulatedSwitch | undefined;
  #port = "";
  #taken = 0;

  async play(document: string): Promise<string> {
    this.#port = String(await freePort());
    void this.#gateway.serve(this.#client, { kind: "unix", dialect: "strict", files: true, lone: false });
    const lines: string[] = [];
    for (const line of document.split("\n")) {
      const [, mark, text = ""] = LINE.exec(line) ?? [];
      if (mark === "<--") continue;
      lines.push(line);
      if (mark === undefined) continue;
      const isDone = mark === "-->" ? this.#send(text) : await this.#happen(text);
      await this.#until(isDone);
      for (const answer of this.#client.sent.slice(this.#taken)) lines.push(`    <-- ${this.#shown(answer)}`);
      this.#taken = this.#client.sent.length;
    }
    this.#gateway.close();
    return lines.join("\n");
  }

  /** Sends a request. It is done when its reply has come, and with it the event that it leads to. */
  #send(text: string): () => boolean {
    this.#client.onText(text.replaceAll(SHOWN_PORT, this.#port));
    const { id, params } = JSON.parse(text) as { id: number; params?: { type?: string; conn_id?: number } };
    const event = text.includes('OFP.SEND"') && params?.type === "BARRIER_REQUEST" ? '"BARRIER_REPLY"' : "";
    const end = text.includes("OFP.CLOSE") && params?.conn_id === 2 ? '"CHANNEL_DOWN"' : "";
    return () => this.#hasCome(`"id":${id}`) && this.#hasCome(event) && this.#hasCome(end);
  }

  async #happen(what: string): Promise<() => boolean> {
    if (what === "a switch connects") {
      const endpoint = { host: "127.0.0.1", port: Number(this.#port) };
      const options = { version: 4, datapathId: DPID, ports: 2 } as const;
      this.#switch = await connectSwitch(endpoint, options, this.#clock);
      return () => this.#hasCome('"CHANNEL_UP"');
    }
    if (what !== "a packet without a flow") throw new Error(`unknown: ${what}`);
    this.#switch?.inject(2, Buffer.from(FRAME, "hex"));
    return () => this.#hasCome('"PACKET_IN"');
  }

  #hasCome(text: string): boolean {
    return this.#client.sent.slice(this.#taken).some((answer) => answer.includes(text));
  }

  async #until(isDone: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!isDone()) {
      if (performance.now() > deadline)
        throw new Error(`no more than: ${this.#client.sent.slice(this.#taken).join("\n")}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** What differs from run to run is shown as it is in the document. */
  #shown(text: string): string {
    return text
      .replaceAll(this.#port, SHOWN_PORT)
      .replaceAll(/"127\.0\.0\.1:(?!6653")\d+"/g, '"127.0.0.1:45172"')
      .replaceAll(/"time":"[^"]*"/g, '"time":"1700000000.500000000"');
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/**
 * A daemon under load: `oftr jsonrpc` over stdio, and switches that say much. Made so that the load costs less than what it measures:
 * messages are made beforehand and written in large pieces, events are counted by their NULs and not read.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";

/** One clock tick of /proc/PID/stat, seconds: 100 ticks a second on every Linux that Node runs on. */
const TICK = 0.01;

/** HELLO of OpenFlow 1.3. */
const HELLO = Buffer.from("0400000800000001", "hex");

/** A daemon and its client. */
export class Daemon {
  #child;
  /** Called for each piece of what the daemon writes. */
  onOutput = () => {};
  /** Texts that the daemon has written. */
  texts = 0;

  constructor([program, ...args]) {
    this.#child = spawn(program, [...args, "jsonrpc"], { stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout.on("data", (chunk) => {
      for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, at + 1)) this.texts++;
      this.onOutput(chunk);
    });
  }

  get stdin() {
    return this.#child.stdin;
  }

  /** User and system time, seconds. */
  cpu() {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  }

  /** Sends a request and waits for a text that holds `answer`. */
  async ask(request, answer) {
    const seen = this.waitFor(answer);
    this.stdin.write(`${JSON.stringify(request)}\0`);
    await seen;
  }

  /** Waits for a text of the output. */
  waitFor(answer) {
    return new Promise((resolve) => {
      let rest = "";
      const before = this.onOutput;
      this.onOutput = (chunk) => {
        before(chunk);
        const text = rest + chunk.toString("latin1");
        rest = text.slice(-answer.length);
        if (!text.includes(answer)) return;
        this.onOutput = before;
        resolve();
      };
    });
  }

  /** Waits for the next piece of output. */
  output() {
    return once(this.#child.stdout, "data");
  }

  async listen(port) {
    await this.ask({ id: 1, method: "OFP.LISTEN", params: { endpoint: `127.0.0.1:${port}` } }, '"id":1,');
  }

  async end() {
    this.stdin.end();
    await once(this.#child, "exit");
  }
}

/** A switch that has greeted and been greeted. */
export async function connectSwitch(port, daemon) {
  const up = daemon.waitFor("CHANNEL_UP");
  const socket = connect(port, "127.0.0.1").setNoDelay();
  // What went wrong is told by what waits for the other side.
  socket.on("error", () => {});
  socket.write(HELLO);
  await Promise.all([up, once(socket, "data")]);
  socket.removeAllListeners("data").resume();
  return socket;
}

/** A port of TCP that is free now. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** What is in TLS connections of a capture, as tshark decrypts it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { CapturedFlow } from "../pcap/index.js";
import { errorCode } from "./input.js";

/** What a connection sent in one record. */
export interface Decrypted {
  /** The source of the flow has sent it. */
  readonly forward: boolean;
  readonly bytes: Buffer;
  readonly sec: number;
  readonly nsec: number;
}

/** Why nothing can be decrypted. */
export class DecryptionError extends Error {}

/**
 * Has tshark decrypt a connection of a capture file and gives the records to `take`, in their order. Rejects with DecryptionError when
 * tshark is not installed or fails.
 * @param keylog  name of a file with keys, as SSLKEYLOGFILE makes them; undefined when the capture holds them
 */
export async function decrypt(
  file: string,
  keylog: string | undefined,
  flow: CapturedFlow,
  take: (record: Decrypted) => void,
): Promise<void> {
  const args = ["-n", "-r", file, "-q", "-z", `follow,tls,yaml,${flow.src},${flow.dst}`];
  // One of the ports is that of the server; tshark knows neither of them as one of TLS.
  args.push(...[flow.srcPort, flow.dstPort].flatMap((port) => ["-d", `tcp.port==${port},tls`]));
  if (keylog !== undefined) args.push("-o", `tls.keylog_file:${keylog}`);
  const child = spawn("tshark", args, { stdio: ["ignore", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text: Buffer) => {
    complaint = `${complaint}${text}`.slice(-2000);
  });
  const ended = once(child, "close").catch((error: unknown) => {
    const missing = errorCode(error) === "ENOENT";
    throw new DecryptionError(
      missing ? "tshark, which decrypts it, is not installed" : `tshark cannot be run: ${error}`,
    );
  });
  const reader = new FollowReader(flow, take);
  try {
    for await (const line of createInterface(child.stdout)) reader.read(line);
    reader.end();
  } finally {
    child.kill();
  }
  const [code] = await ended;
  if (code !== 0) throw new DecryptionError(`tshark fails: ${complaint.trim().split("\n").at(-1)}`);
}

/** Reads the lines of tshark's `follow` in YAML: who the two peers are, then records with the number of a peer. */
class FollowReader {
  readonly #flow: CapturedFlow;
  readonly #take: (record: Decrypted) => void;
  /** Number of the peer that is the source of the flow. */
  #source = "";
  #listed = "";
  #peer = "";
  #time = ["0", "0"];
  #data = "";

  constructor(flow: CapturedFlow, take: (record: Decrypted) => void) {
    this.#flow = flow;
    this.#take = take;
  }

  read(line: string): void {
    const [, key, value = ""] = /^ *(?:- )?(peer|port|packet|timestamp): *(\S+)$/.exec(line) ?? [];
    switch (key) {
      case "port":
        // The ports of a connection of one host with itself differ. One that tshark does not tell is 0.
        if (Number(value) === this.#flow.srcPort) this.#source = this.#listed;
        if (Number(value) === this.#flow.dstPort) this.#source = this.#listed === "0" ? "1" : "0";
        return;
      case "peer":
        this.#listed = value;
        this.#peer = value;
        return;
      case "packet":
        this.end();
        return;
      case "timestamp":
        this.#time = value.split(".");
        return;
      default:
        if (/^ {6}[A-Za-z0-9+/=]+$/.test(line)) this.#data += line.trim();
    }
  }

  /** Takes the end of a record. */
  end(): void {
    if (this.#data === "") return;
    const [sec, fraction = ""] = this.#time;
    this.#take({
      forward: this.#peer === this.#source,
      bytes: Buffer.from(this.#data, "base64"),
      sec: Number(sec),
      nsec: Number(fraction.padEnd(9, "0").slice(0, 9)),
    });
    this.#data = "";
  }
}

/** Messages as `oftr encode` makes them, in a capture file for programs that dissect OpenFlow. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "lossless-json";
import { fixtures } from "../fixtures/fixtures.js";
import { type Json, OFTR } from "./daemon.js";
import { flowsOf } from "./flows/flows.js";
import { pcapOf } from "./pcap.js";
import { runProgram } from "./programs.js";

export interface Message {
  readonly title: string;
  /** The JSON that was encoded. */
  readonly json: Json & { readonly type: string; readonly xid: number; readonly version: number };
  /** Its bytes. */
  readonly frame: Buffer;
}

export class Corpus {
  readonly messages: readonly Message[];
  readonly #folder = mkdtempSync(join(tmpdir(), "oftr-corpus-"));

  private constructor(messages: readonly Message[]) {
    this.messages = messages;
    writeFileSync(this.pcap, pcapOf(messages.map(({ frame }) => frame)));
  }

  /** Encodes all fixtures of these wire versions, and the flows that Open vSwitch has taken. */
  static async make(...versions: number[]): Promise<Corpus> {
    const ofFixtures = fixtures.map(({ title, json }) => ({ title, json: json as Message["json"] }));
    const chosen = ofFixtures.filter(({ json }) => versions.includes(json.version));
    const flows = versions.flatMap((version) => {
      const { matches, actions } = flowsOf(version);
      return [...matches, ...actions].map(({ name, flow }, n) => {
        const msg = { table_id: 0, command: "ADD", ...flow };
        const title = `1.${version - 1} flow: ${name}`;
        return { title, json: { type: "FLOW_MOD", xid: version * 1000 + n, version, msg } };
      });
    });
    // Some fixtures have matches without their prerequisites: they are taken as they are.
    return new Corpus([...(await encode(chosen, "-M")), ...(await encode(flows))]);
  }

  /** Path of the capture file: packet N has message N. */
  get pcap(): string {
    return join(this.#folder, "messages.pcap");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** Runs `oftr encode`. */
export async function encode(
  messages: readonly Omit<Message, "frame">[],
  ...options: readonly string[]
): Promise<Message[]> {
  const input = Buffer.from(messages.map(({ json }) => `${stringify(json)}\n`).join(""));
  let stream = await runProgram(process.execPath, [OFTR, "encode", "-j", ...options], { input });
  const frames: Buffer[] = [];
  while (stream.length > 0) {
    const length = stream.readUInt16BE(2);
    frames.push(stream.subarray(0, length));
    stream = stream.subarray(length);
  }
  if (frames.length !== messages.length)
    throw new Error(`${frames.length} frames for ${messages.length} messages`);
  return messages.map((message, n) => ({ ...message, frame: frames[n] as Buffer }));
}

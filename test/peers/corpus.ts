/** Messages as `oftr encode` makes them, in a capture file for programs that dissect OpenFlow. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "lossless-json";
import { fixtures } from "../fixtures/fixtures.js";
import { type Json, OFTR } from "./daemon.js";
import * as flows10 from "./flows-1.0.js";
import * as flows13 from "./flows-1.3.js";
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
    const all: Omit<Message, "frame">[] = fixtures.map(({ title, json }) => ({
      title,
      json: json as Message["json"],
    }));
    for (const [version, { matches, actions }] of [[1, flows10] as const, [4, flows13] as const]) {
      for (const { name, flow } of [...matches, ...actions]) {
        const msg = { table_id: 0, command: "ADD", ...flow };
        all.push({ title: `flow: ${name}`, json: { type: "FLOW_MOD", xid: all.length, version, msg } });
      }
    }
    const chosen = all.filter(({ json }) => versions.includes(json.version));
    const frames = await encode(chosen.map(({ json }) => json));
    if (frames.length !== chosen.length)
      throw new Error(`${frames.length} frames for ${chosen.length} messages`);
    return new Corpus(chosen.map((message, n) => ({ ...message, frame: frames[n] as Buffer })));
  }

  /** Path of the capture file: packet N has message N. */
  get pcap(): string {
    return join(this.#folder, "messages.pcap");
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** Runs `oftr encode`. Some fixtures have matches without their prerequisites: they are taken as they are. */
async function encode(messages: readonly Json[]): Promise<Buffer[]> {
  const input = Buffer.from(messages.map((json) => `${stringify(json)}\n`).join(""));
  let stream = await runProgram(process.execPath, [OFTR, "encode", "-j", "-M"], { input });
  const frames: Buffer[] = [];
  while (stream.length > 0) {
    const length = stream.readUInt16BE(2);
    frames.push(stream.subarray(0, length));
    stream = stream.subarray(length);
  }
  return frames;
}

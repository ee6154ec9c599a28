// A capture file of any format that we read.

import { captureFormat, MAGIC_BYTES } from "./magic.js";
import type { FileEvents, FileReader } from "./packet.js";
import { PcapReader } from "./pcap-reader.js";

/** Reads a file of a format that its first bytes tell. */
export class CaptureFile implements FileReader {
  readonly #events: FileEvents;
  #head: Buffer = Buffer.alloc(0);
  #reader: FileReader | undefined;
  #damaged = false;

  constructor(events: FileEvents) {
    this.#events = events;
  }

  push(chunk: Buffer): void {
    if (this.#reader !== undefined) {
      this.#reader.push(chunk);
      return;
    }
    if (this.#damaged) return;
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length < MAGIC_BYTES) return;
    this.#reader = this.#choose();
    this.#reader?.push(this.#head);
    this.#head = Buffer.alloc(0);
  }

  end(): void {
    if (this.#reader !== undefined) this.#reader.end();
    else if (!this.#damaged) this.#events.onDamage("is too short for a capture file");
  }

  #choose(): FileReader | undefined {
    if (captureFormat(this.#head) === "pcap") return new PcapReader(this.#events);
    this.#damaged = true;
    const start = this.#head.toString("hex", 0, MAGIC_BYTES);
    this.#events.onDamage(`is no capture file: it starts with ${start}, which is neither pcap nor pcapng`);
    return undefined;
  }
}

// A capture file of any format that we read.

import { captureFormat, MAGIC_BYTES } from "./magic.js";
import type { FileEvents, FileReader } from "./packet.js";
import { PcapReader } from "./pcap-reader.js";
import { PcapngReader } from "./pcapng-reader.js";

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
    else if (!this.#damaged) this.#events.onDamage("too short for a capture");
  }

  #choose(): FileReader | undefined {
    const format = captureFormat(this.#head);
    if (format === "pcap") return new PcapReader(this.#events);
    if (format === "pcapng") return new PcapngReader(this.#events);
    this.#damaged = true;
    const start = this.#head.toString("hex", 0, MAGIC_BYTES);
    this.#events.onDamage(`no capture: it starts with ${start}, and neither pcap nor pcapng does`);
    return undefined;
  }
}

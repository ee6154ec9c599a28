/** The form of `oftr decode --ovs`: flows as ovs-ofctl prints them. */
import { decodeFrame, type Envelope, type PacketPrinter } from "../codec/decode.js";
import { formatOvsMessage, type OvsMessage } from "../ovs/index.js";
import { parseJsonLossless, Text } from "../text/index.js";
import type { MessagePrinter } from "./message-printer.js";

/** Prints lines, one a message or one a flow. */
export class OvsPrinter implements MessagePrinter {
  begun = false;
  readonly #json = new Text();
  readonly #packets: PacketPrinter | undefined;

  constructor(packets: PacketPrinter | undefined) {
    this.#packets = packets;
  }

  begin(): void {}

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void {
    this.#json.rewind();
    decodeFrame(b, o, end, this.#json, envelope, this.#packets);
    const message = parseJsonLossless(Buffer.from(this.#json.take()).toString()) as OvsMessage;
    for (const line of formatOvsMessage(message)) write(`${line}\n`, out);
    this.begun = true;
  }

  printNull(out: Text): void {
    write("\n", out);
    this.begun = true;
  }

  end(): void {}
}

function write(line: string, out: Text): void {
  const bytes = Buffer.from(line);
  out.room(bytes.length);
  out.o.set(bytes, out.p);
  out.p += bytes.length;
}

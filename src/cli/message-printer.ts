/** The forms in which `oftr decode` prints messages. */
import { decodeFrame, type Envelope, type PacketPrinter } from "../codec/decode.js";
import { Text, writeAscii, writeYamlDocument } from "../text/index.js";
import { OvsPrinter } from "./ovs-printer.js";

/**
 * `lines`: JSON, one object a line; `array`: a JSON array whose elements start on lines of their own;
 * `yaml`: documents between `---` and `...`; `ovs`: lines in Open vSwitch's notation.
 */
export type PrintStyle = "lines" | "array" | "yaml" | "ovs";

/** Prints messages one behind the other. */
export interface MessagePrinter {
  /** True once a message has been printed. May be set: then the next message is not the first one. */
  begun: boolean;
  /** Appends what stands before the first message. */
  begin(out: Text): void;
  /** Appends the message in b[o, end). Throws DecodeError and leaves `out` as it was. */
  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void;
  /** Appends what stands for a message that there should have been: null. */
  printNull(out: Text): void;
  /** Appends what stands behind the last message. */
  end(out: Text): void;
}

/** Makes the printer of a style. @param packets  prints what the data of messages holds; nobody does when it is not given */
export function makePrinter(style: PrintStyle, packets?: PacketPrinter): MessagePrinter {
  switch (style) {
    case "lines":
      return new LinePrinter(packets);
    case "array":
      return new ArrayPrinter(packets);
    case "yaml":
      return new YamlPrinter(packets);
    case "ovs":
      return new OvsPrinter(packets);
  }
}

class LinePrinter implements MessagePrinter {
  begun = false;
  readonly #packets: PacketPrinter | undefined;

  constructor(packets: PacketPrinter | undefined) {
    this.#packets = packets;
  }

  begin(): void {}

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void {
    decodeFrame(b, o, end, out, envelope, this.#packets);
    out.room(1);
    out.o[out.p++] = 0x0a;
    this.begun = true;
  }

  printNull(out: Text): void {
    writeAscii("null\n", out);
    this.begun = true;
  }

  end(): void {}
}

class ArrayPrinter implements MessagePrinter {
  begun = false;
  readonly #packets: PacketPrinter | undefined;

  constructor(packets: PacketPrinter | undefined) {
    this.#packets = packets;
  }

  begin(out: Text): void {
    writeAscii("[\n", out);
  }

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void {
    const length = out.length;
    if (this.begun) writeAscii(",", out);
    try {
      decodeFrame(b, o, end, out, envelope, this.#packets);
    } catch (error) {
      out.discard(out.start + length);
      throw error;
    }
    writeAscii("\n", out);
    this.begun = true;
  }

  printNull(out: Text): void {
    writeAscii(this.begun ? ",null\n" : "null\n", out);
    this.begun = true;
  }

  end(out: Text): void {
    writeAscii("]\n", out);
  }
}

class YamlPrinter implements MessagePrinter {
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
    writeYamlDocument(this.#json.take(), out);
    this.begun = true;
  }

  printNull(out: Text): void {
    writeAscii("---\nnull\n...\n", out);
    this.begun = true;
  }

  end(): void {}
}

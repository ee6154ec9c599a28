/** The forms in which `oftr decode` prints messages. */
import { decodeFrame, type Envelope, type PacketPrinter } from "../codec/decode.js";
import { Text, writeAscii, writeYamlDocument } from "../text/index.js";
import { OvsPrinter } from "./ovs-printer.js";
import type { Studied } from "./study.js";

/**
 * `lines`: JSON, one object a line; `array`: a JSON array whose elements start on lines of their own;
 * `yaml`: documents between `---` and `...`; `ovs`: lines in Open vSwitch's notation.
 */
export type PrintStyle = "lines" | "array" | "yaml" | "ovs";

/** Gives the JSON text of the value of `_pair` of a message. */
export type PairFormat = (studied: Studied) => string;

/** What JSON and YAML have besides the message itself. */
export interface PrinterExtras {
  /** Prints what the data of messages holds; nobody does when it is not given. */
  readonly packets?: PacketPrinter | undefined;
  readonly pair?: PairFormat | undefined;
}

/** Prints messages one behind the other. */
export interface MessagePrinter {
  /** True once a message has been printed. May be set: then the next message is not the first one. */
  begun: boolean;
  /** Appends what stands before the first message. */
  begin(out: Text): void;
  /**
   * Appends the message in b[o, end). Throws DecodeError and leaves `out` as it was.
   * @param studied  what is known of it; undefined where nobody asked
   */
  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope, studied?: Studied): void;
  /** The message that was printed last is wanted: no `--pkt-filter` leaves it out. */
  keep?(): void;
  /** Appends what stands for a message that there should have been: null. */
  printNull(out: Text): void;
  /** Appends what stands behind the last message. */
  end(out: Text): void;
}

/** Makes the printer of a style. */
export function makePrinter(style: PrintStyle, extras: PrinterExtras = {}): MessagePrinter {
  switch (style) {
    case "lines":
      return new LinePrinter(extras);
    case "array":
      return new ArrayPrinter(extras);
    case "yaml":
      return new YamlPrinter(extras);
    case "ovs":
      return new OvsPrinter(extras.packets);
  }
}

/** Appends the message as JSON. Throws DecodeError and leaves `out` as it was. */
function printJson(
  b: Buffer,
  o: number,
  end: number,
  out: Text,
  envelope: Envelope,
  { packets, pair }: PrinterExtras,
  studied: Studied | undefined,
): void {
  decodeFrame(b, o, end, out, envelope, packets);
  if (pair === undefined || studied === undefined) return;
  const member = `,"_pair":${pair(studied)}}`;
  out.p--; // the closing bracket
  out.room(3 * member.length);
  out.p += out.o.write(member, out.p, "utf8");
}

class LinePrinter implements MessagePrinter {
  begun = false;
  readonly #extras: PrinterExtras;

  constructor(extras: PrinterExtras) {
    this.#extras = extras;
  }

  begin(): void {}

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope, studied?: Studied): void {
    printJson(b, o, end, out, envelope, this.#extras, studied);
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
  readonly #extras: PrinterExtras;

  constructor(extras: PrinterExtras) {
    this.#extras = extras;
  }

  begin(out: Text): void {
    writeAscii("[\n", out);
  }

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope, studied?: Studied): void {
    const length = out.length;
    if (this.begun) writeAscii(",", out);
    try {
      printJson(b, o, end, out, envelope, this.#extras, studied);
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
  readonly #extras: PrinterExtras;

  constructor(extras: PrinterExtras) {
    this.#extras = extras;
  }

  begin(): void {}

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope, studied?: Studied): void {
    this.#json.rewind();
    printJson(b, o, end, this.#json, envelope, this.#extras, studied);
    writeYamlDocument(this.#json, out);
    this.begun = true;
  }

  printNull(out: Text): void {
    writeAscii("---\nnull\n...\n", out);
    this.begun = true;
  }

  end(): void {}
}

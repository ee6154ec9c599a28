/** The three forms in which `oftr decode` prints messages. */
import { decodeFrame, type Envelope } from "../codec/decode.js";
import { Text, writeAscii, writeYamlDocument } from "../text/index.js";

/** Prints messages one behind the other. */
export interface MessagePrinter {
  /** Appends what stands before the first message. */
  begin(out: Text): void;
  /** Appends the message in b[o, end). Throws DecodeError and leaves `out` as it was. */
  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void;
  /** Appends what stands behind the last message. */
  end(out: Text): void;
}

/**
 * @param style  `lines`: JSON, one object a line; `array`: a JSON array whose elements start on lines of their own;
 *               `yaml`: documents between `---` and `...`
 */
export function makePrinter(style: "lines" | "array" | "yaml"): MessagePrinter {
  switch (style) {
    case "lines":
      return new LinePrinter();
    case "array":
      return new ArrayPrinter();
    case "yaml":
      return new YamlPrinter();
  }
}

class LinePrinter implements MessagePrinter {
  begin(): void {}

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void {
    decodeFrame(b, o, end, out, envelope);
    out.room(1);
    out.o[out.p++] = 0x0a;
  }

  end(): void {}
}

class ArrayPrinter implements MessagePrinter {
  #separator = "";

  begin(out: Text): void {
    writeAscii("[\n", out);
  }

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void {
    const length = out.length;
    writeAscii(this.#separator, out);
    try {
      decodeFrame(b, o, end, out, envelope);
    } catch (error) {
      out.discard(out.start + length);
      throw error;
    }
    writeAscii("\n", out);
    this.#separator = ",";
  }

  end(out: Text): void {
    writeAscii("]\n", out);
  }
}

class YamlPrinter implements MessagePrinter {
  readonly #json = new Text();

  begin(): void {}

  print(b: Buffer, o: number, end: number, out: Text, envelope: Envelope): void {
    this.#json.rewind();
    decodeFrame(b, o, end, this.#json, envelope);
    writeYamlDocument(this.#json.take(), out);
  }

  end(): void {}
}

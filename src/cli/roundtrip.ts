/** `oftr encode --roundtrip`: encoded messages are decoded again, and printed: as JSON, or as the C++ `oftr` prints YAML. */
import { DecodeError } from "../base/index.js";
import { loadCatalog } from "../codec/catalog.js";
import { makeEnvelope, readMessage } from "../codec/decode.js";
import { Text, writeAscii } from "../text/index.js";
import { fixedYaml } from "./fixed-yaml.js";
import { FrameError, type FrameForm } from "./message-encoder.js";
import { type MessagePrinter, makePrinter, type PrintStyle } from "./message-printer.js";
import { MessageTypes } from "./message-types.js";
import type { Write } from "./streams.js";

/** Bytes of text that are collected before they are written. */
const FLUSH_BYTES = 192 * 1024;

/** Loads the form that prints messages in `style`. A message that failed is printed as null, to keep the count. */
export async function loadRoundtrip(style: PrintStyle): Promise<(write: Write) => FrameForm> {
  // JSON says no widths.
  const printer =
    style === "yaml" ? fixedYamlPrinter(new MessageTypes(await loadCatalog())) : makePrinter(style);
  return (write) => roundtripForm(printer, write);
}

function fixedYamlPrinter(types: MessageTypes): MessagePrinter {
  return {
    begun: false,
    begin() {},
    print(b, o, end, out) {
      const text = fixedYaml({ ...readMessage(b, o, end) }, types);
      out.room(3 * text.length);
      out.p += out.o.write(text, out.p, "utf8");
    },
    printNull: (out) => writeAscii("---\nnull\n...\n", out),
    end() {},
  };
}

function roundtripForm(printer: MessagePrinter, write: Write): FrameForm {
  const envelope = makeEnvelope({});
  const out = new Text();
  const flush = (): void => {
    if (out.length > 0) write(out.take());
    out.rewind();
  };
  printer.begin(out);
  return {
    take(frame) {
      try {
        printer.print(frame, 0, frame.length, out, envelope);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        throw new FrameError(`the message was encoded, but cannot be decoded: ${error.message}`);
      }
      if (out.p > FLUSH_BYTES) flush();
    },
    failed: () => printer.printNull(out),
    flush,
    finish: () => printer.end(out),
  };
}

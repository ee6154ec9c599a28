/** `oftr encode --roundtrip`: encoded messages are decoded again, and printed as `oftr decode` prints them. */
import { DecodeError } from "../base/index.js";
import { makeEnvelope } from "../codec/decode.js";
import { Text } from "../text/index.js";
import { FrameError, type FrameForm } from "./message-encoder.js";
import { makePrinter, type PrintStyle } from "./message-printer.js";
import type { Write } from "./streams.js";

/** Bytes of text that are collected before they are written. */
const FLUSH_BYTES = 192 * 1024;

/** Makes the form that prints messages in `style`. A message that failed is printed as null, to keep the count. */
export function roundtripForm(style: PrintStyle, write: Write): FrameForm {
  const printer = makePrinter(style);
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

// One message to one frame, for those who do not collect many of them.
import { type EncodeOptions, encodeMessage } from "./encode.js";
import { MessageWriter } from "./message-writer.js";

/** Encoding is synchronous, and each frame is copied at once: one serves all. */
const writer = new MessageWriter();

/** Encodes one message. Throws EncodeError. */
export function makeFrame(message: object, options: EncodeOptions): Buffer {
  writer.reset();
  encodeMessage(message, writer, options);
  return writer.copy();
}

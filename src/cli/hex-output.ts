/** The hexadecimal form of messages that `oftr encode --hex` prints. */
import type { FrameForm } from "./message-encoder.js";
import type { Write } from "./streams.js";

/** Writes each message as rows of digits. */
export function hexForm(write: Write): FrameForm {
  return {
    take: (frame) => write(Buffer.from(formatHexRows(frame), "latin1")),
    failed() {},
    flush() {},
    finish() {},
  };
}

/**
 * Upper-case digits in blocks of 8 bytes, 4 blocks a row, and an empty line after the message.
 * A row that another one follows ends with a blank: the C++ `oftr` prints it so, and scripts compare its output.
 */
export function formatHexRows(frame: Buffer): string {
  const blocks =
    frame
      .toString("hex")
      .toUpperCase()
      .match(/.{1,16}/g) ?? [];
  let text = "";
  for (let i = 0; i < blocks.length; i += 4) {
    text += blocks.slice(i, i + 4).join(" ");
    text += i + 4 < blocks.length ? " \n" : "\n";
  }
  return `${text}\n`;
}

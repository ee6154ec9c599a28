// A byte after each text that no JSON text has: NUL, or a line end.
import { DEFAULT_LIMITS } from "../../base/index.js";
import { type Framing, type FramingLimits, NOTHING, overLimit, tooBig } from "./framing.js";
import { Gather } from "./gather.js";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BLANK = 0x20;
const TAB = 0x09;

/** A NUL byte ends each text. The limit counts it, too. */
export function nulFraming(limits: FramingLimits = () => DEFAULT_LIMITS): Framing {
  const splitter = splitAt(0, (length) => {
    if (length >= limits().rpcMessageBytes) throw tooBig();
  });
  return { split: splitter, header: () => NOTHING, body: (text) => text, trailer: Uint8Array.of(0) };
}

/**
 * One text per line; `\r` before the line end and lines of blanks do not count. The limit counts the text with `\r`,
 * not the line end. Texts are sent without line ends inside: in JSON these stand between words only, where a blank
 * does as well.
 */
export function lineFraming(limits: FramingLimits = () => DEFAULT_LIMITS): Framing {
  const splitter = splitAt(NEWLINE, (length) => {
    const limit = limits().rpcMessageBytes;
    if (length > limit) throw tooBig(overLimit(limit));
  });
  return {
    split(chunk, onText) {
      splitter(chunk, (line) => {
        const text = line.at(-1) === RETURN ? line.subarray(0, -1) : line;
        if (!isBlank(text)) onText(text);
      });
    },
    header: () => NOTHING,
    body: withoutNewlines,
    trailer: Uint8Array.of(NEWLINE),
  };
}

/**
 * Splits at each `delimiter`.
 * @param check  throws for a length that is too much: of a text, or of what has come of one
 */
function splitAt(delimiter: number, check: (length: number) => void): Framing["split"] {
  const held = new Gather();
  return (chunk, onText) => {
    let start = 0;
    for (let end = chunk.indexOf(delimiter); end >= 0; end = chunk.indexOf(delimiter, start)) {
      const text = chunk.subarray(start, end);
      start = end + 1;
      check(held.length + text.length);
      onText(held.take(text));
    }
    if (start === chunk.length) return;
    check(held.length + chunk.length - start);
    held.append(chunk.subarray(start));
  };
}

function isBlank(text: Buffer): boolean {
  return text.every((byte) => byte === BLANK || byte === TAB || byte === RETURN);
}

function withoutNewlines(text: Uint8Array): Uint8Array {
  let at = text.indexOf(NEWLINE);
  if (at < 0) return text;
  const flat = Uint8Array.from(text);
  for (; at >= 0; at = flat.indexOf(NEWLINE, at)) flat[at] = BLANK;
  return flat;
}

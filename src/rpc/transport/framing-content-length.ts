// Header lines before each text, as the Language Server Protocol has them (its section "Base Protocol").
import { DEFAULT_LIMITS } from "../../base/index.js";
import { type Framing, FramingError, type FramingLimits, NOTHING, overLimit, tooBig } from "./framing.js";
import { Gather } from "./gather.js";

/** Bytes of all header lines before one text. */
export const MAX_HEADER_BYTES = 8192;

const NEWLINE = 0x0a;
const EXPECTED = "RPC invalid header: 'Content-Length: N' and an empty line are expected before each text";

/**
 * `Content-Length: N`, an empty line, and a text of N bytes, which the limit counts. Lines end with `\r\n`; `\n` is
 * read as well. Other header lines are ignored; a text has at most MAX_HEADER_BYTES of them.
 */
export function contentLengthFraming(limits: FramingLimits = () => DEFAULT_LIMITS): Framing {
  const held = new Gather();
  /** Bytes of header lines before the one that is held. */
  let headerBytes = 0;
  let found: number | undefined;
  /** Bytes of the text that comes; undefined: its headers come. */
  let wanted: number | undefined;

  const takeLine = (line: string): void => {
    if (line === "") {
      if (found === undefined) throw new FramingError("BAD_HEADER", EXPECTED);
      wanted = found;
      found = undefined;
      headerBytes = 0;
      return;
    }
    const length = readLength(line);
    if (length === undefined) return;
    if (found !== undefined && found !== length) {
      const detail = `RPC invalid header: Content-Length says both ${found} and ${length}`;
      throw new FramingError("BAD_HEADER", detail);
    }
    const limit = limits().rpcMessageBytes;
    if (length > limit) throw tooBig(overLimit(limit));
    found = length;
  };

  return {
    split(chunk, onText) {
      let start = 0;
      for (;;) {
        if (wanted !== undefined) {
          const end = start + wanted - held.length;
          if (end > chunk.length) break;
          const text = held.take(chunk.subarray(start, end));
          start = end;
          wanted = undefined;
          onText(text);
        } else {
          const end = chunk.indexOf(NEWLINE, start);
          const rest = end < 0 ? chunk.length : end + 1;
          if (headerBytes + held.length + rest - start > MAX_HEADER_BYTES) {
            const detail = `RPC invalid header: more than ${MAX_HEADER_BYTES} bytes of headers before a text`;
            throw new FramingError("BAD_HEADER", detail);
          }
          if (end < 0) break;
          const line = held.take(chunk.subarray(start, end));
          start = rest;
          headerBytes += line.length + 1;
          takeLine(line.toString("latin1").replace(/\r$/, ""));
        }
      }
      if (start < chunk.length) held.append(chunk.subarray(start));
    },
    header: (length) => Buffer.from(`Content-Length: ${length}\r\n\r\n`, "latin1"),
    body: (text) => text,
    trailer: NOTHING,
  };
}

/** What the line says of the length, if it is about it. Throws FramingError for what is no header line. */
function readLength(line: string): number | undefined {
  const [, name] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):/.exec(line) ?? [];
  if (name === undefined) throw new FramingError("BAD_HEADER", EXPECTED);
  if (name.toLowerCase() !== "content-length") return undefined;
  const value = line.slice(name.length + 1).trim();
  if (/^\d{1,15}$/.test(value)) return Number(value);
  const shown = JSON.stringify(value.slice(0, 40));
  throw new FramingError(
    "BAD_HEADER",
    `RPC invalid header: Content-Length is ${shown}, not a number of bytes`,
  );
}

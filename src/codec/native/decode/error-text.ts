// The readable form of the data of an ERROR: text as text, and of the message that was refused its type.
import { type Text, writeAscii, writeChars } from "../../../text/index.js";
import { u16 } from "../../../wire/index.js";
import { messageTypeName, multipartRequestType } from "../../decode.js";

/** Shortest data that is taken for the start of a message, bytes: its header and one word. */
const LEAST_MESSAGE = 12;

/** Bytes of the header of a multipart message. */
const MULTIPART_HEADER = 16;

/** Lowest wire version in which types without a name are shown by number; before, they are taken for rubbish. */
const FIRST_WITH_NUMBERS = 4;

/**
 * Prints the member `,"_text":"…"` for the data from `o` to `end`: the text when all of it is ASCII text, else
 * `Type: OFPT_FLOW_MOD` when it looks like a message, else nothing.
 */
export function writeErrorText(b: Buffer, o: number, end: number, w: Text): void {
  if (o === end) return;
  if (isText(b, o, end)) {
    writeAscii(',"_text":', w);
    writeChars(b, o, end - o, w);
    return;
  }
  const type = end - o < LEAST_MESSAGE ? undefined : messageType(start(b, o, end));
  if (type !== undefined) writeAscii(`,"_text":"Type: ${type}"`, w);
}

/** Only printable ASCII, blanks, and what moves the cursor on: tab, line feed, vertical tab, form feed, carriage return. */
function isText(b: Buffer, o: number, end: number): boolean {
  for (let i = o; i < end; i++) {
    const c = b[i]!;
    if (c < 0x20 ? c < 0x09 || c > 0x0d : c > 0x7e) return false;
  }
  return true;
}

/** The first bytes of the data, as many as the type of a multipart message takes. */
function start(b: Buffer, o: number, end: number): Buffer {
  if (end - o >= MULTIPART_HEADER) return b.subarray(o, o + MULTIPART_HEADER);
  return Buffer.concat([b.subarray(o, end)], MULTIPART_HEADER);
}

function messageType(message: Buffer): string | undefined {
  const version = message[0]!;
  const type = message[1]!;
  if (version < 1 || version > 6) return undefined;
  const name = messageTypeName(message);
  const request = multipartRequestType(version);
  if (type === request || type === request + 1) {
    const direction = type === request ? "REQUEST" : "REPLY";
    const part = name?.slice(0, -direction.length - 1);
    return `OFPT_MULTIPART_${direction}.${part === undefined ? `[${u16(message, 8)}]` : `OFPMP_${part}`}`;
  }
  if (name !== undefined) return `OFPT_${name}`;
  return version < FIRST_WITH_NUMBERS ? undefined : `[${type}]`;
}

// Messages within messages: BUNDLE_ADD_MESSAGE, REQUESTFORWARD.
import type { Text } from "../text/index.js";
import { context, MAX_DEPTH } from "./context.js";
import { writeMessage, writeRawMessage } from "./decode.js";

/**
 * Prints the members of the message in b[o, end), without the braces around them; as one of a type without a name when it is nested
 * deeper than MAX_DEPTH. Throws DecodeError.
 */
export function decodeNested(b: Buffer, o: number, end: number, w: Text): void {
  const { version, l4 } = context;
  context.depth++;
  const start = w.p;
  context.l4 = 0;
  if (context.depth > MAX_DEPTH) writeRawMessage(b, o, end, w, undefined);
  else writeMessage(b, o, end, w, undefined);
  // The object's own braces: the first gives way to the member before it, the last is not printed yet for the caller.
  w.o.copyWithin(start, start + 1, w.p - 1);
  w.p -= 2;
  context.depth--;
  context.version = version;
  context.l4 = l4;
}

// Messages within messages: BUNDLE_ADD_MESSAGE, REQUESTFORWARD.
import { DecodeError } from "../base/index.js";
import type { Text } from "../text/index.js";
import { context, MAX_DEPTH } from "./context.js";
import { writeMessage } from "./decode.js";

/** Prints the members of the message in b[o, end), without the braces around them. Throws DecodeError also when nested too deep. */
export function decodeNested(b: Buffer, o: number, end: number, w: Text): void {
  if (context.depth >= MAX_DEPTH)
    throw new DecodeError("BAD_LENGTH", "message", o, `nested deeper than ${MAX_DEPTH}`);
  const { version, l4 } = context;
  context.depth++;
  const start = w.p;
  context.l4 = 0;
  writeMessage(b, o, end, w, undefined);
  // The object's own braces: the first gives way to the member before it, the last is not printed yet for the caller.
  w.o.copyWithin(start, start + 1, w.p - 1);
  w.p -= 2;
  context.depth--;
  context.version = version;
  context.l4 = l4;
}

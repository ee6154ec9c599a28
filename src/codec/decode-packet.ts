// What a frame within a message holds, printed behind its bytes by those who ask for it.
import { Text } from "../text/index.js";
import { context, TEXT_BASE, TEXT_PER_BYTE } from "./context.js";

/** Texts whose length no rule bounds are written here first. */
const side: Text = new Text();

/** What was printed does not fit the text: it has to be printed again with more room. */
export class NoRoom extends Error {}

/** Prints the keys of packets for the frame b[o, end), as the message's reader wants them. Throws NoRoom. */
export function writePacket(b: Buffer, o: number, end: number, w: Text): void {
  const { packets } = context;
  if (packets === undefined) return;
  packets.writeFields(b, o, end, w);
  if (packets.detail === "fields") return;
  side.rewind();
  packets.writeOthers(b, o, end, side, packets.detail);
  if (side.length === 0) return;
  // What decoders have asked for must still be there for what follows.
  const left = (context.end - end) * TEXT_PER_BYTE + TEXT_BASE;
  if (w.o.length - w.p < side.length + left) throw new NoRoom();
  w.p += side.o.copy(w.o, w.p, side.start, side.p);
}

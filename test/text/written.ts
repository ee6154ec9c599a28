import { Text } from "../../src/text/index.js";

/** The text that `write` appends, between two characters that must stay as they are. */
export function written(write: (w: Text) => void): string {
  const w = new Text(4096);
  w.o.fill(0x2a);
  w.p = 1;
  w.start = 1;
  write(w);
  if (w.o[0] !== 0x2a || w.o[w.p] !== 0x2a) throw new Error("wrote outside of its text");
  return w.takeString();
}

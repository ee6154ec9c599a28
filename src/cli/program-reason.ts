/** Why a program that was run for us has failed, as it says itself. */
import type { Readable } from "node:stream";

/** Characters of its words that are kept. */
const KEPT = 2000;

/** Listens to a program; gives the function that tells its first line: `zstd: unexpected end of file`. */
export function listenTo(program: string, stderr: Readable): () => string {
  let words = "";
  stderr.on("data", (text: Buffer) => {
    words = `${words}${text}`.slice(-KEPT);
  });
  return () => {
    const line = words.split("\n").find((text) => text.trim() !== "") ?? "ends at once";
    return `${program}: ${line.replace(`${program}: `, "").trim()}`;
  };
}

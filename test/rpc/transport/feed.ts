import type { Framing } from "../../../src/rpc/index.js";

/** What a framing makes of a stream that comes in these chunks. */
export interface Outcome {
  readonly texts: string[];
  readonly error: string | undefined;
}

/** Gives the chunks to a framing until it throws. */
export function feed(framing: Framing, ...chunks: (Buffer | string)[]): Outcome {
  const texts: string[] = [];
  try {
    for (const chunk of chunks) {
      framing.split(Buffer.from(chunk as string, "latin1"), (text) => texts.push(text.toString("latin1")));
    }
  } catch (error) {
    return { texts, error: (error as Error).message };
  }
  return { texts, error: undefined };
}

/** The stream in two chunks, cut at each place in turn, and byte by byte. */
export function* cuts(stream: string): Generator<string[]> {
  for (let cut = 0; cut <= stream.length; cut++) yield [stream.slice(0, cut), stream.slice(cut)];
  yield [...stream];
}

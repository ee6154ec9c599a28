/** Open vSwitch's printer, asked about many frames. */
import { marker, splitAtMarkers } from "../../peers/ofctl.js";
import { type Answer, type Answers, askInBatches } from "./answers.js";
import { run } from "./run.js";

/** Runs `ovs-ofctl ofp-parse` over frames, with a marker before each. */
export function askOfctl(frames: readonly Buffer[]): Answers {
  return askInBatches(frames.length, (from, to) => {
    const input = Buffer.concat(frames.slice(from, to).flatMap((frame, n) => [marker(n), frame]));
    const said = run("ovs-ofctl", ["ofp-parse", "-"], input);
    if (said === undefined) return undefined;
    const texts = splitAtMarkers(said.stdout);
    if (texts.length !== to - from) return undefined;
    return new Map(texts.map((text, n) => [from + n, answerOf(text)]));
  });
}

function answerOf(text: string): Answer {
  const why = /\*\*\*decode error: (\w+)\*\*\*/.exec(text)?.[1];
  return why === undefined ? { kind: "read", text } : { kind: "refused", why };
}

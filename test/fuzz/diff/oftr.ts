/** Another `oftr`, asked for the JSON of many frames, and for the frames of many JSON texts. */
import { type Answer, type Answers, askInBatches } from "./answers.js";
import { run } from "./run.js";

/** Runs `PROGRAM decode` over frames whose transaction ids are their places. */
export function askDecode(program: string, frames: readonly Buffer[]): Answers {
  return askInBatches(frames.length, (from, to) => {
    const said = run(program, ["decode", "-j", "-k"], Buffer.concat(frames.slice(from, to)));
    if (said === undefined) return undefined;
    const answers = new Map<number, Answer>();
    for (const [, why = "", bytes = ""] of said.stderr.matchAll(
      /^Error: (?:Decode failed: )?(.*)\n\[ByteList size=\d+ data=([0-9A-F]*)/gm,
    )) {
      // It shows the frame, or the message in it that it refuses.
      const shown = Buffer.from(bytes, "hex");
      const own = shown.readUInt32BE(4);
      const at = frames[own]?.equals(shown)
        ? own
        : frames.findIndex((frame, n) => n >= from && frame.includes(shown));
      answers.set(at, { kind: "refused", why });
    }
    for (const text of said.stdout.split("\n")) {
      const xid = /"xid":(\d+)/.exec(text)?.[1];
      // Its texts may have bytes that are no UTF-8.
      if (xid !== undefined)
        answers.set(Number(xid), { kind: "read", text: Buffer.from(text, "latin1").toString() });
    }
    return answers;
  });
}

/**
 * Runs `PROGRAM encode` over JSON texts, a line each, whose transaction ids are their places. An answer's text is hex.
 * Where a frame's length is not that of its bytes, so that nobody can tell where the next one begins, the texts are asked
 * about in smaller batches.
 */
export function askEncode(program: string, options: readonly string[], texts: readonly string[]): Answers {
  return askInBatches(texts.length, (from, to) => {
    const said = run(program, ["encode", "-k", ...options], Buffer.from(texts.slice(from, to).join("\n")));
    if (said === undefined) return undefined;
    const answers = new Map<number, Answer>();
    for (const [, line, why = ""] of said.stderr.matchAll(/^YAML:(\d+):\d+: error: (.*)/gm))
      answers.set(from + Number(line) - 1, { kind: "refused", why });
    const bytes = Buffer.from(said.stdout, "latin1");
    if (to - from === 1 && bytes.length > 0)
      return answers.set(from, { kind: "read", text: bytes.toString("hex") });
    for (let at = 0; at < bytes.length; ) {
      const end = at + 8 <= bytes.length ? at + bytes.readUInt16BE(at + 2) : Number.POSITIVE_INFINITY;
      const xid = end > bytes.length || end < at + 8 ? -1 : bytes.readUInt32BE(at + 4);
      if (xid < from || xid >= to) return undefined;
      answers.set(xid, { kind: "read", text: bytes.toString("hex", at, end) });
      at = end;
    }
    return answers;
  });
}

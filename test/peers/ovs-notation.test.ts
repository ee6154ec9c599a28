// Lines of ovs-ofctl as oftr reads and prints them, beside ovs-ofctl itself: the same bytes in every version, and the same words.
import { expect, it } from "vitest";
import { OFTR } from "./daemon.js";
import { isPlain, linesOf } from "./flows/ovs-flows.js";
import { describeWith } from "./installed.js";
import { marker, splitAtMarkers } from "./ofctl.js";
import { inFile, runProgram } from "./programs.js";
import { recordFlows, splitFrames } from "./recorder.js";

/** What ovs-ofctl is asked for: a version, and in 1.0 one of two messages. */
interface Case {
  readonly name: string;
  readonly version: number;
  readonly lines: readonly string[];
  readonly format?: "OpenFlow10" | "NXM";
}

// A line with a table would make ovs-ofctl switch the numbers of tables on, for all lines.
const withoutTable = linesOf(1).filter((line) => !line.startsWith("table="));

const CASES: readonly Case[] = [
  { name: "1.0", version: 1, lines: withoutTable.filter(isPlain), format: "OpenFlow10" },
  { name: "1.0 with Nicira's messages", version: 1, lines: withoutTable, format: "NXM" },
  { name: "1.1", version: 2, lines: linesOf(2).filter(isPlain) },
  ...[3, 4, 5, 6].map((version) => ({ name: `1.${version - 1}`, version, lines: linesOf(version) })),
];

/** Lines of which the bytes are not those of ovs-ofctl, and why. */
const OTHER_BYTES: readonly { readonly reason: string; readonly of: RegExp }[] = [
  {
    reason: "Open vSwitch 3.1 takes the value of these for their mask: bits that are 0 would not count",
    of: /^tun_(erspan_(ver=15|dir=1|hwid=17)|gtpu_(flags|msgtype)=17),/,
  },
];

/** Lines that are refused, and why. */
const REFUSED: readonly {
  readonly reason: string;
  readonly of: (line: string, version: number) => boolean;
}[] = [
  {
    reason: "1.0 has no action set: ovs-ofctl leaves out what concerns it",
    of: (line, version) => version === 1 && /clear_actions/.test(line),
  },
];

/** Flows that are printed in other words, and why. */
const OTHER_WORDS: readonly { readonly reason: string; readonly of: RegExp }[] = [
  {
    reason: "ovs-ofctl leaves out masks, or the whole field",
    of: /^tun_(gbp_flags|erspan_\w+|gtpu_\w+)=|^dl_type=0x894f,nsh_c\d=/,
  },
  { reason: "ovs-ofctl does not read a value that it has written", of: /^dl_type=0x894f,nsh_mdtype=17 / },
  { reason: "an option has as many digits as bytes, or its length would be lost", of: /->tun_metadata1$/ },
];

function isIn(list: readonly { readonly of: RegExp }[], line: string): boolean {
  return list.some(({ of }) => of.test(line));
}

async function oftr(input: Buffer | string, ...args: readonly string[]): Promise<Buffer> {
  return runProgram(process.execPath, [OFTR, ...args], { input: Buffer.from(input), limit: 60_000 });
}

/** The lines as oftr encodes them. NXT_FLOW_MOD has to be asked for where FLOW_MOD would do. */
function encode({ version, format }: Case, lines: readonly string[]): Promise<Buffer> {
  if (format !== "NXM") return oftr(lines.join("\n"), "encode", "--ovs-flow", `--ofversion=${version}`);
  const messages = lines.map((flow) => JSON.stringify({ type: "NXT_FLOW_MOD", version, flow }));
  return oftr(messages.join("\n"), "encode", "-j");
}

/** A frame as hex, without its transaction id. */
function hexOf(frame: Buffer): string {
  return `${frame.toString("hex", 0, 4)}${frame.toString("hex", 8)}`;
}

/** What ovs-ofctl prints of each frame, from the match on: what is beside it has another place there. */
async function printed(frames: readonly Buffer[]): Promise<string[]> {
  const marked = Buffer.concat(frames.flatMap((frame, n) => [marker(n), frame]));
  const text = await inFile(marked, (path) =>
    runProgram("ovs-ofctl", ["--no-names", "ofp-parse", path], { limit: 60_000 }),
  );
  return splitAtMarkers(text.toString()).map((one) =>
    (/\): (?:ADD )?(.*)/.exec(one)?.[1] ?? one)
      .replaceAll(/(table|cookie|idle|hard):\S+ |send_flow_rem /g, "")
      .trim(),
  );
}

/** The same of a line of oftr. */
function fromMatch(line: string): string {
  return line.replaceAll(/(cookie|table|idle_timeout|hard_timeout)=\S+, |send_flow_rem /g, "");
}

describeWith(["ovs-ofctl"], "the notation of ovs-ofctl", () => {
  it.each(CASES)("is read as the bytes of $name and printed from them", async (one) => {
    const lines = one.lines.filter((line) => !REFUSED.some(({ of }) => of(line, one.version)));
    expect(lines.length).toBeGreaterThan(one.format === "OpenFlow10" || one.version === 2 ? 120 : 480);
    const theirs = await recordFlows(one.version, lines, one.format);
    const ours = splitFrames(await encode(one, lines));
    const same = lines.map((line) => !isIn(OTHER_BYTES, line));
    const bytes = (frames: readonly Buffer[]) =>
      frames.flatMap((frame, n) => (same[n] ? [`${lines[n]}: ${hexOf(frame)}`] : []));
    expect(bytes(ours)).toEqual(bytes(theirs));
    expect(same.filter((is) => !is)).toHaveLength(one.lines.length > 400 ? 5 : 0);

    const texts = (await oftr(Buffer.concat(theirs), "decode", "--ovs")).toString().trimEnd().split("\n");
    const expected = await printed(theirs);
    const words = texts.map(fromMatch);
    const differ = (_: string, n: number): boolean => !isIn(OTHER_WORDS, words[n] ?? "");
    expect(words.filter(differ)).toEqual(expected.filter(differ));

    // What is printed is read as the same flow again, but for masks that say nothing.
    const again = (await oftr(await encode(one, texts), "decode", "--ovs")).toString().trimEnd().split("\n");
    expect(again).toEqual(texts);
  });

  it("is printed in words that ovs-ofctl reads", async () => {
    const lines = linesOf(4).filter((line) => !/nsh_mdtype=17/.test(line));
    const texts = await oftr(await encode({ name: "", version: 4, lines }, lines), "decode", "--ovs");
    const read = await inFile(texts, (path) =>
      runProgram("ovs-ofctl", ["--no-names", "-O", "OpenFlow13", "parse-flows", path], { limit: 60_000 }),
    );
    expect(read.toString().match(/FLOW_MOD/g)).toHaveLength(lines.length);
  });
});

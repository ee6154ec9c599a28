// Flows in Open vSwitch's own notation, each of its match fields and actions among them: ovs-ofctl's bytes become JSON with a name for
// everything, the JSON becomes the same bytes, and ovs-ofctl reads these as the flow it was given.
import { join } from "node:path";
import { expect, it } from "vitest";
import { readSchemas, type Union } from "../../src/schema/index.js";
import { parseExact } from "../codec/support.js";
import { vendorFields } from "../codec/vendor-fields.js";
import { OFTR } from "./daemon.js";
import { canonical, flowIn } from "./flows/canonical.js";
import { actionMessages, fieldMessages, isPlain, linesOf } from "./flows/ovs-flows.js";
import { describeWith } from "./installed.js";
import { marker, splitAtMarkers } from "./ofctl.js";
import { inFile, runProgram } from "./programs.js";
import { recordFlows, splitFrames } from "./recorder.js";

/** Messages with the same place in three lists: bytes, JSON, bytes again. */
interface There {
  readonly frames: readonly Buffer[];
  readonly texts: readonly string[];
  readonly back: readonly Buffer[];
}

async function thereAndBack(frames: readonly Buffer[], ...options: string[]): Promise<There> {
  const input = Buffer.concat(frames);
  const json = await runProgram(process.execPath, [OFTR, "decode", "-j"], { input, limit: 60_000 });
  const bytes = await runProgram(process.execPath, [OFTR, "encode", "-j", ...options], {
    input: json,
    limit: 60_000,
  });
  return { frames, texts: json.toString().trimEnd().split("\n"), back: splitFrames(bytes) };
}

/** Names of fields and actions in a JSON text. */
function namesIn(texts: readonly string[], found: Set<string>): void {
  const walk = (value: unknown, key: string): void => {
    if (typeof value === "string") {
      const [, field] = /^([A-Z]\w+)\[\d+:\d+\]$/.exec(value) ?? [];
      if (field !== undefined) found.add(field);
      if (key === "field" || key === "action") found.add(`${value}`);
    } else if (typeof value === "object" && value !== null)
      for (const [name, one] of Object.entries(value)) walk(one, name);
  };
  for (const text of texts) walk(parseExact(text), "");
}

/** What stands for something without a name. */
const NAMELESS = /"(action|field|property|instruction)":"(0x|EXPERIMENTER)|"learn":"RAW"|"[0-9A-F]{8,16}\[/;

async function print(frames: readonly Buffer[]): Promise<string[]> {
  const marked = Buffer.concat(frames.flatMap((frame, n) => [marker(n), frame]));
  return inFile(marked, async (path) =>
    splitAtMarkers(
      (await runProgram("ovs-ofctl", ["--no-names", "ofp-parse", path], { limit: 60_000 })).toString(),
    ),
  );
}

const { model } = readSchemas(join(import.meta.dirname, "../../schemas"));

/** Names of Nicira's and the ONF's actions that a version has, and of those of the version that spell some of Nicira's. */
function actionsOf(version: number): string[] {
  const union = model.definitions.get("Action") as Union;
  return union.cases
    .filter((one) => /^(NX|ONF)_/.test(one.name) && one.type[version] !== undefined)
    .map((one) => (one.as[0] === undefined ? one.name : String(one.as[0].value)));
}

describeWith(["ovs-ofctl"], "flows of ovs-ofctl", () => {
  it.each([1, 4, 5, 6])(
    "go there and back in wire version %i, each field and action by its name",
    async (version) => {
      const lines = linesOf(version);
      expect(lines.length).toBeGreaterThan(400);
      const plain = version === 1 ? lines.filter(isPlain) : lines;
      const recorded = await recordFlows(version, plain, version === 1 ? "OpenFlow10" : undefined);
      expect(recorded).toHaveLength(plain.length);
      const found = new Set<string>();

      const there = await thereAndBack(recorded);
      expect(there.texts.filter((text) => NAMELESS.test(text))).toEqual([]);
      expect(there.back.map(hex)).toEqual(recorded.map(hex));
      namesIn(there.texts, found);
      const texts = (await print(there.back)).map(flowIn);
      expect(texts).toEqual(await canonical(version, plain));

      // In 1.0 most matches need Nicira's FLOW_MOD.
      const others = version === 1 ? await recordFlows(version, lines, "NXM") : [];
      expect((await thereAndBack(others)).back.map(hex)).toEqual(others.map(hex));

      for (const written of [fieldMessages(version), actionMessages(version)]) {
        const again = await thereAndBack(written, "-M");
        expect(again.back.map(hex)).toEqual(written.map(hex));
        namesIn(again.texts, found);
      }
      const fields = namesOfFields();
      expect(fields).toHaveLength(237);
      expect(fields.filter((name) => !found.has(name))).toEqual([]);
      expect(actionsOf(version).filter((name) => !found.has(name))).toEqual([]);
    },
  );
});

function hex(frame: Buffer): string {
  return frame.toString("hex");
}

/** Our names of all fields that Open vSwitch has. */
function namesOfFields(): string[] {
  const table = model.definitions.get("Field");
  if (table?.kind !== "tlv_table") throw new Error("no fields");
  return vendorFields.flatMap(({ oxmClass, field, experimenter }) =>
    table.cases
      .filter((c) => c.oxmClass === oxmClass && c.field === field && c.experimenter === experimenter)
      .map((c) => c.name),
  );
}

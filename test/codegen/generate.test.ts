import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generate } from "../../src/codegen/generate.js";
import { readSchemaSources, readSchemas } from "../../src/schema/index.js";
import { missingImports } from "./missing-imports.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The decoders and encoders that a fixture becomes, one after the other. */
function generated(fixture: string): string {
  const read = (name: string) => ({
    name,
    text: readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)), "utf8"),
  });
  const { model, problems } = readSchemaSources([read("vocabulary.yaml"), read(`${fixture}.yaml`)]);
  expect(problems.map((p) => p.message)).toEqual([]);
  return [...generate(model)]
    .filter(([path]) => /^(de|en)code\//.test(path))
    .map(([path, source]) => `${`==== ${path} `.padEnd(100, "=")}\n${source}`)
    .join("\n");
}

describe("generate", () => {
  // A change of the generator shows here as a change of what it writes; `npx vitest run test/codegen -u` accepts it.
  it.each(["list", "union", "tlv-table", "hoist", "names", "versions"])(
    "writes the code of %s as reviewed",
    async (fixture) => {
      await expect(generated(fixture)).toMatchFileSnapshot(`./${fixture}.snap`);
    },
  );

  const files = generate(readSchemas(`${root}/schemas`).model);

  it("writes the same bytes for the same schemas", () => {
    const again = generate(readSchemas(`${root}/schemas`).model);
    expect([...again.keys()]).toEqual([...files.keys()]);
    for (const [path, source] of again) expect(source === files.get(path), path).toBe(true);
  });

  it("names in each file the schema it is made from, and says not to edit it", () => {
    for (const [path, source] of files)
      expect(source.split("\n", 1)[0], path).toMatch(/^\/\/ Generated from schemas\/\S+\. Do not edit\.$/);
    expect(files.get("decode/messages/flow-mod.ts")).toMatch(
      /^\/\/ Generated from schemas\/messages\/flow-mod\.yaml\. Do not edit\.\n/,
    );
  });

  it("imports what is there: names that generated files export, and files that are written by hand", () => {
    expect(missingImports(files)).toEqual([]);
  });

  it("has a function for each message in each version, and shares them between versions", () => {
    const flowMod = files.get("decode/messages/flow-mod.ts") ?? "";
    const functions = [...flowMod.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);
    expect(functions).toEqual([
      "decodeFlowModMessage_1_0",
      "decodeFlowModMessage_1_1",
      "decodeFlowModMessage_1_2",
      "decodeFlowModMessage_1_3",
      "decodeFlowModMessage_1_4",
      "decodeFlowModMessage_1_5",
    ]);
    const barrier = files.get("decode/messages/barrier-request.ts") ?? "";
    expect([...barrier.matchAll(/^export function (\w+)/gm)].map(([, name]) => name)).toEqual([
      "decodeBarrierRequestMessage",
    ]);
  });
});

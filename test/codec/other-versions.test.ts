import { describe, expect, it } from "vitest";
import { ALL_VERSIONS } from "../../src/base/index.js";
import { loadCatalog } from "../../src/codec/catalog.js";
import { onlyIn, versionsOfName } from "../../src/codec/other-versions.js";

describe("the versions of a name", () => {
  it.each([
    ["MessageType", "METER_MOD", [4, 5, 6]],
    ["MessageType", "QUEUE_GET_CONFIG_REQUEST", [1, 2, 3, 4]],
    ["Action", "ENQUEUE", [1]],
    ["Action", "PUSH_PBB", [4, 5, 6]],
    ["Instruction", "METER", [4, 5]],
    ["FlowModCommand", "ADD", undefined],
    ["GroupModCommand", "REMOVE_BUCKET", [6]],
    ["Action", "constructor", undefined],
    ["NoType", "ADD", undefined],
  ])("are told where not all have it: %s %s", (type, name, versions) => {
    expect(versionsOfName(type, name)).toEqual(versions);
  });

  it("are those of the catalog", async () => {
    let count = 0;
    for (const entry of (await loadCatalog()).entries) {
      if (entry.kind !== "enum" && entry.kind !== "flags") continue;
      if (entry.name === "MessageFlags") continue;
      for (const { name, versions } of entry.values) {
        if (versions.length === ALL_VERSIONS.length) continue;
        expect([entry.name, name, versionsOfName(entry.name, name)]).toEqual([entry.name, name, versions]);
        count++;
      }
    }
    expect(count).toBeGreaterThan(50);
  });

  it("are a clause of an error", () => {
    expect(onlyIn("Action", "PUSH_PBB")).toBe(", only in 1.3+");
    expect(onlyIn("Action", "OUTPUT")).toBe("");
  });
});

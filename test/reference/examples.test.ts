import { beforeAll, describe, expect, it } from "vitest";
import { ALL_VERSIONS } from "../../src/base/index.js";
import { type Catalog, loadCatalog } from "../../src/codec/catalog.js";
import { formatExample } from "../../src/reference/index.js";
import { parseJsonLossless, parseYaml } from "../../src/text/index.js";
import { decodedText, encoded, Placing } from "./placing.js";

let catalog: Catalog;
beforeAll(async () => {
  catalog = await loadCatalog();
});

/** The hex of a message that decodes and encodes to the same bytes again. */
function thereAndBack(message: object): string {
  const hex = encoded(message);
  const again = encoded(parseJsonLossless(decodedText(hex)) as object);
  return again === hex ? hex : `${hex} came back as ${again}`;
}

describe("each example encodes and comes back, read from YAML as it is printed", () => {
  it("of messages, in every version that has them", () => {
    for (const m of catalog.entries) {
      if (m.kind !== "message") continue;
      for (const version of m.body.versions) {
        const shown = parseYaml(formatExample(m.example, version).join("\n")).value as object;
        const hex = encoded({ ...(m.example as object), version });
        expect(thereAndBack(shown), `${m.name} ${version}`).toBe(hex);
        expect(decodedText(hex), `${m.name} ${version}`).toMatch(`"type":"${m.name}"`);
      }
    }
  });

  it("of objects and of cases, in every version whose messages have them", () => {
    const placed = new Set<string>();
    for (const version of ALL_VERSIONS) {
      const placing = new Placing(catalog, version);
      for (const e of catalog.entries) {
        const wrap = placing.wrapOf(e.name);
        if (wrap === undefined) continue;
        const one =
          e.kind === "struct" ? [{ name: e.name, example: e.example, versions: e.body.versions }] : [];
        const cases = e.kind === "union" ? e.cases : [];
        for (const { name, example, versions } of [...one, ...cases]) {
          if (!versions.includes(version)) continue;
          const shown = parseYaml(`---\n${formatExample(example).join("\n")}\n...\n`).value;
          const hex = encoded(wrap(example));
          expect(thereAndBack(wrap(shown)), `${e.name} ${name} ${version}`).toBe(hex);
          placed.add(e.name);
        }
      }
    }
    const unplaced = catalog.entries.filter(
      (e) => (e.kind === "union" || e.kind === "struct") && !placed.has(e.name),
    );
    // The keys of these stand in other objects, which have examples.
    const inlined = [
      "AsyncConfig",
      "ExperimenterProperty",
      "FlowFilter",
      "FlowUpdateFull",
      "GroupFeatures",
      "NtrSelection",
      "NxFlowFilter",
      "NxFlowUpdateFull",
      "NxPacket",
      "NxTunnelOption",
      "OnfFlowUpdateFull",
    ];
    expect(unplaced.map(({ name }) => name).sort()).toEqual(inlined);
  });

  it("of match fields, in every version", () => {
    for (const table of catalog.entries) {
      if (table.kind !== "table" || table.name !== "Field") continue;
      for (const c of table.cases) {
        const shown = parseYaml(`---\n${formatExample(c.example).join("\n")}\n...\n`).value;
        for (const version of [3, 4, 5, 6]) {
          const message = (match: unknown) => ({
            type: "FLOW_MOD",
            version,
            msg: { table_id: 0, command: "ADD", match },
          });
          expect(thereAndBack(message(shown)), c.name).toBe(encoded(message(c.example)));
        }
      }
    }
  });
});

// docs/rpc.md: what it shows is what happens, and it leaves nothing out.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { loadRpcCatalog } from "../../src/rpc/catalog.js";
import { Player } from "./transcript.js";

const page = readFileSync(new URL("../../docs/rpc.md", import.meta.url), "utf8");

beforeAll(() => configureLog({ level: "silent" }));

describe("docs/rpc.md", () => {
  it("shows what comes back", async () => {
    expect(await new Player().play(page)).toBe(page);
  });

  it("speaks of each method and event, and has the code of each error", async () => {
    const catalog = await loadRpcCatalog();
    const names = catalog.filter(({ kind }) => kind === "method" || kind === "event").map(({ name }) => name);
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
    const [errors] = catalog.filter((entry) => entry.kind === "error");
    const rows = errors?.failures.map(({ name, code }) => `| ${code} | ${name} |`) ?? [];
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });
});

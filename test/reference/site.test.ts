import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type Catalog, loadCatalog } from "../../src/codec/catalog.js";
import { DAEMON_PAGE, daemonPage } from "../../src/reference/daemon-page.js";
import { referencePages } from "../../src/reference/index.js";
import { anchorOf, foldRuns, mdTable, mdText } from "../../src/reference/markdown.js";
import { loadRpcCatalog } from "../../src/rpc/catalog.js";

const folder = fileURLToPath(new URL("../../docs/reference/", import.meta.url));

let catalog: Catalog;
let pages: ReadonlyMap<string, string>;
beforeAll(async () => {
  catalog = await loadCatalog();
  pages = referencePages(catalog, await loadRpcCatalog()).set(DAEMON_PAGE, daemonPage());
});

/** The text of a page outside of code. */
function prose(page: string): string {
  return (pages.get(page) ?? "").replace(/```.*?```/gs, "").replace(/`[^`\n]*`/g, "");
}

function anchors(page: string): string[] {
  return Array.from(
    (pages.get(page) ?? "").replace(/```.*?```/gs, "").matchAll(/^#+ (.*)$/gm),
    ([, heading]) => anchorOf(heading as string),
  );
}

describe("docs/reference", () => {
  it("is what `npm run docs` makes of the schemas", () => {
    const there = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".md"),
    );
    expect(there.sort()).toEqual([...pages.keys()].sort());
    const stale = there.filter((name) => readFileSync(folder + name, "utf8") !== pages.get(name));
    expect(stale, "run: npm run docs").toEqual([]);
  });
});

describe("the pages of the reference", () => {
  it("have links that lead somewhere", () => {
    const dead: string[] = [];
    for (const page of pages.keys()) {
      for (const [, target] of prose(page).matchAll(/\]\(([^)]*)\)/g)) {
        const [path, anchor] = (target as string).split("#") as [string, string | undefined];
        const to = path === "" ? page : posix.join(posix.dirname(page), path);
        const isThere = pages.has(to) && (anchor === undefined || anchors(to).includes(anchor));
        if (!isThere) dead.push(`${page}: ${target}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it("have each heading once, so that links are not ambiguous", () => {
    for (const page of pages.keys()) {
      const all = anchors(page);
      expect(
        all.filter((anchor, i) => all.indexOf(anchor) !== i),
        page,
      ).toEqual([]);
    }
  });

  it("write about every entry, and every key, case and name of it", () => {
    const all = [...pages.values()].join("\n");
    const missing = catalog.entries.flatMap((e) => {
      const own = all.match(new RegExp(`^#+ (${e.name}|${e.name}s)$`, "m")) ? [] : [e.name];
      const cases = e.kind === "union" ? e.cases : [];
      const lost = cases.filter(
        (c) => !all.includes(`# ${c.name}\n`) && !all.includes(`# ${e.name}.${c.name}\n`),
      );
      return [...own, ...lost.map((c) => `${e.name}.${c.name}`)];
    });
    expect(missing).toEqual([]);
  });

  it("are reached from the first one", () => {
    const seen = new Set(["README.md"]);
    for (const page of seen) {
      for (const [, target] of prose(page).matchAll(/\]\(([^)#]+)[^)]*\)/g))
        seen.add(posix.join(posix.dirname(page), target as string));
    }
    expect([...pages.keys()].filter((page) => !seen.has(page))).toEqual([]);
  });

  it("show what a reader looks for", () => {
    const flowMod = pages.get("messages/flow-mod.md") ?? "";
    expect(flowMod).toContain(
      "| `out_group` | [GroupNumber](../types.md#groupnumber) | `ANY` | 1.1+; others take `ANY` alone |",
    );
    expect(flowMod).toContain("\n```yaml\n---\ntype:            FLOW_MOD\n");
    expect(pages.get("actions.md")).toContain("| written | as STRIP_VLAN in 1.0 |");
    expect(pages.get("errors.md")).toMatch(/^\| `OFPBRC_BAD_TYPE` \| 1 \| all \| The type of the message/m);
    expect(pages.get("fields.md")).toMatch(/^\| `NX_REG0` to `NX_REG15` \| 0x0001\.0 to 0x0001\.15 \|/m);
    expect(pages.get("multipart/port-stats.md")).toContain("## PortStats\n");
  });
});

describe("Markdown", () => {
  it("has tables, and none without rows", () => {
    expect(mdTable(["a", "b"], [["1", ""]])).toEqual(["| a | b |", "|---|---|", "| 1 |  |", ""]);
    expect(mdTable(["a"], [])).toEqual([]);
  });

  it("shows texts as they are", () => {
    expect(mdText("a|b *c* _d a_b <e>")).toBe("a\\|b \\*c\\* \\_d a_b &lt;e>");
  });

  it("has the anchors that forges make of headings", () => {
    expect(["FLOW_MOD", "Action.SET_FIELD", "What each can"].map(anchorOf)).toEqual([
      "flow_mod",
      "actionset_field",
      "what-each-can",
    ]);
  });

  it("folds rows that differ by their number", () => {
    const rows = [0, 1, 2, 3, 5].map((n) => [`\`R${n}\``, `0x${n}`, "same"]);
    expect(foldRuns(rows, 0, [1])).toEqual([
      ["`R0` to `R3`", "0x0 to 0x3", "same"],
      ["`R5`", "0x5", "same"],
    ]);
    expect(foldRuns(rows)).toEqual(rows);
  });
});

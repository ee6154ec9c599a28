import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, it } from "vitest";
import { anchorOf } from "../../src/reference/markdown.js";
import { PAGES, proseOf, ROOT } from "./pages.js";

/** The anchors of the headings of a file. */
function anchorsOf(path: string): string[] {
  const text = readFileSync(ROOT + path, "utf8").replace(/^```.*?^```$/gms, "");
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading]) => anchorOf(heading as string));
}

it("Links of the pages lead to files, and to headings in them", () => {
  const dead: string[] = [];
  for (const page of PAGES) {
    for (const [, target] of proseOf(page).matchAll(/\]\(([^)]*)\)/g)) {
      if (/^https?:/.test(target as string)) continue;
      const [path, anchor] = (target as string).split("#") as [string, string | undefined];
      const to = path === "" ? page : posix.join(posix.dirname(page), path);
      if (!existsSync(ROOT + to)) dead.push(`${page}: ${target}`);
      else if (anchor !== undefined && !anchorsOf(to).includes(anchor)) dead.push(`${page}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
});

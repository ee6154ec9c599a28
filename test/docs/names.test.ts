/** The names of limits, metrics, variables and reasons in the pages are those of the program. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LIMITS } from "../../src/base/index.js";
import { PAGES, ROOT, readPage } from "./pages.js";

/** Generated from the program, and tested by test/reference. */
const settings = readFileSync(`${ROOT}docs/reference/daemon.md`, "utf8");
const reference = readFileSync(`${ROOT}docs/reference/rpc.md`, "utf8");

/** What the pages have in the place of the group of `pattern`, unless it is known; with the page. */
function unknownIn(pattern: RegExp, isKnown: (name: string) => boolean): string[] {
  return PAGES.flatMap((page) =>
    Array.from(readPage(page).matchAll(pattern), ([, name]) => name as string)
      .filter((name) => !isKnown(name))
      .map((name) => `${page}: ${name}`),
  );
}

it("Each limit in the pages exists", () => {
  const names = new Set(Object.values(LIMITS).map(({ name }) => name));
  expect(unknownIn(/\blimit=([a-z-]+)/g, (name) => names.has(name))).toEqual([]);
  expect(unknownIn(/\blimits? `?([a-z]+(?:-[a-z]+)+)/g, (name) => names.has(name))).toEqual([]);
});

it("Each metric in the pages exists", () => {
  expect(unknownIn(/\b(oftr_[a-z_]+)/g, (name) => settings.includes(`\`${name}\``))).toEqual([]);
});

it("Each variable in the pages exists", () => {
  // docs/testing.md has those of the tests.
  const unknown = unknownIn(
    /\b(OFTR_[A-Z_]*[A-Z])\b/g,
    (name) => name === "OFTR_RPC" || settings.includes(`\`${name}\``),
  );
  expect(unknown.filter((one) => !one.startsWith("docs/testing.md"))).toEqual([]);
});

it("docs/channels.md has each reason with its consequence, and no other", () => {
  const [, table = ""] = /^\| reason \|.*?\n((?:\|.*\n)+)/m.exec(readPage("docs/channels.md")) ?? [];
  const cells = table.split("\n").map((row) => row.split("|")[1] ?? "");
  const words = cells.flatMap((cell) =>
    Array.from(cell.matchAll(/`([A-Z_*]+)`/g), ([, word]) => word as string),
  );
  const covers = (word: string, reason: string) =>
    word.endsWith("*") ? reason.startsWith(word.slice(0, -1)) : reason === word;
  const [, section = ""] = /^## ChannelReason\n(.*?)^## /ms.exec(reference) ?? [];
  const reasons = Array.from(section.matchAll(/^([A-Z_]+) {2}# /gm), ([, reason]) => reason as string);
  expect(reasons).toContain("TAP_DROPPED");
  expect(reasons.filter((reason) => !words.some((word) => covers(word, reason)))).toEqual([]);
  expect(words.filter((word) => !reasons.some((reason) => covers(word, reason)))).toEqual([]);
});

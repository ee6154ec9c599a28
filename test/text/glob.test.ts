import { expect, it } from "vitest";
import { compileGlob } from "../../src/text/index.js";

it.each([
  ["FLOW_MOD", "FLOW_MOD", true],
  ["flow_mod", "FLOW_MOD", true],
  ["FLOW", "FLOW_MOD", false],
  ["*", "", true],
  ["*_MOD", "FLOW_MOD", true],
  ["PORT_*_REPLY", "PORT_STATS_REPLY", true],
  ["PORT_*_REPLY", "PORT_STATS_REQUEST", false],
  ["*a*b", "xaxbxb", true],
  ["*a*b", "xaxbxc", false],
  ["?ELLO", "HELLO", true],
  ["?ELLO", "ELLO", false],
  ["[G-I]ELLO", "HELLO", true],
  ["[!G-I]ELLO", "HELLO", false],
  ["[^xyz]ELLO", "HELLO", true],
  ["[]]x", "]x", true],
  ["[a", "[a", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["a.c", "abc", false],
])("The pattern %j meets %j: %j", (pattern, name, matches) => {
  expect(compileGlob(pattern)(name)).toBe(matches);
});

it("A hostile pattern takes no longer than a moment", () => {
  const start = performance.now();
  expect(compileGlob(`${"*a".repeat(200)}*b`)("a".repeat(2000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});

/**
 * The fixtures of OpenFlow 1.0 and 1.3 beside another program with the same command line, such as the C++ oftr: OFTR_PEER
 * is its path. What it prints must be part of what ours prints, but for test/known-differences.yaml.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeMessage } from "../conformance/judge.js";
import { KnownDifferences } from "../conformance/known-differences.js";
import { fixtures } from "../fixtures/fixtures.js";

const peer = process.env.OFTR_PEER;
const known = KnownDifferences.read(join(import.meta.dirname, "../known-differences.yaml"));
const cases = fixtures.filter((f) => (f.version === "1.0" || f.version === "1.3") && f.packets === undefined);

/** Where the C++ oftr 0.59 says less or something else, beside the rules for golden rows, and why ours is right. */
const SAYS_LESS: ReadonlyMap<string, string> = new Map([
  ["1.0/desc-reply: texts of all kinds", "bytes that are no UTF-8 become ?, which cannot be undone"],
  ["1.0/error: BAD_REQUEST with the stati", "1.0 has no statistics type 7 (OF 1.0 §5.3.5)"],
  ["1.0/port-desc-reply: a port", "feature bits without a name are lost"],
  ["1.3/flow-mod: the other fields", "ONF_TCP_FLAGS has no name there"],
  [
    "1.3/table-features-reply: each",
    "the experimenter's properties are numbers there, by name everywhere else",
  ],
  ["1.3/queue-get-config-reply: propertie", "a second property of a type, or one of no known type, is lost"],
]);

/** Fixtures of parts that the C++ oftr 0.59 refuses; it must read the others, so that none passes unread. */
const MOST_REFUSED = 8;

if (peer !== undefined && peer !== "") {
  describe("beside another oftr", () => {
    const refused: string[] = [];

    it.each(cases)("$title", ({ title, bytes }) => {
      const { stdout } = spawnSync(peer, ["decode", "-j"], { input: bytes, encoding: "utf8" });
      if (stdout === "") {
        refused.push(title);
        return;
      }
      const row = { id: title, hex: bytes.toString("hex"), json: stdout.trimEnd(), reencode_ok: false };
      const { type } = JSON.parse(stdout) as { type: string };
      const subject = { kind: "message" as const, version: bytes[0] as number, type, source: "" };
      const differences = known.unexplained(title, subject, judgeMessage(row));
      const less = [...SAYS_LESS.keys()].some((start) => title.startsWith(start));
      if (less) expect(differences).not.toEqual([]);
      else expect(differences).toEqual([]);
    });

    it("was read by the other program, nearly all of it", () => {
      expect(refused.length, refused.join("\n")).toBeLessThanOrEqual(MOST_REFUSED);
    });
  });
}

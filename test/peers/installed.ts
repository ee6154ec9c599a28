/** Suites that need programs of others: run where these are installed, skipped or failed where they are not. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "vitest";

/**
 * A suite that needs programs. Where one of them is not installed, the suite says so and is skipped;
 * with OFTR_REQUIRE_PEERS=1 it fails instead.
 */
export function describeWith(programs: readonly string[], title: string, suite: () => void): void {
  const missing = programs.filter((name) => !isInstalled(name));
  describeIf(missing.length === 0, `not installed: ${missing.join(", ")}`, title, suite);
}

/** The same with a condition of its own and the reason why it does not hold. */
export function describeIf(holds: boolean, reason: string, title: string, suite: () => void): void {
  if (holds) {
    describe(title, suite);
    return;
  }
  process.stderr.write(`not run: ${title} (${reason})\n`);
  if (process.env.OFTR_REQUIRE_PEERS === "1") {
    describe(title, () => {
      it("has its peers", () => {
        throw new Error(reason);
      });
    });
    return;
  }
  describe.skip(`${title} (${reason})`, suite);
}

/** Whether a program is in one of the folders of PATH. */
export function isInstalled(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

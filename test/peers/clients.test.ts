/**
 * Clients of the C++ oftr, which must not notice another daemon. They are not to be had from a distribution:
 * OFTR_ZOF names a folder of shell scripts. Each takes a command that behaves like oftr, runs its client against it,
 * and ends its output with "N passed, M failed".
 */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { OFTR } from "./daemon.js";

const folder = process.env.OFTR_ZOF;

if (folder !== undefined && folder !== "") {
  const scripts = readdirSync(folder).filter((name) => name.endsWith(".sh"));
  describe.sequential("clients of the C++ oftr", () => {
    it.each(scripts)("%s", { timeout: 180_000 }, async (name) => {
      const output = await run(resolve(join(folder, name)));
      expect(output.trimEnd().split("\n").at(-1), output).toMatch(/^[1-9]\d* passed, 0 failed$/);
    });
  });
}

/** Runs a script to its end and gives what it printed, whatever its exit code. */
function run(script: string): Promise<string> {
  return new Promise((done) => {
    const options = { timeout: 170_000, maxBuffer: 1 << 26 };
    execFile("bash", [script, process.execPath, OFTR], options, (_, stdout, stderr) =>
      done(`${stderr}${stdout}`),
    );
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { parseYaml } from "../../src/text/index.js";

it("oftr demo tells its story as YAML, and ends with 0 without a terminal", async () => {
  const folder = mkdtempSync(join(tmpdir(), "oftr-"));
  const bundle = join(folder, "demo.cjs");
  await build({
    entryPoints: [fileURLToPath(new URL("../../src/cli/demo.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: bundle,
    footer: { js: "run([]).then((code) => { process.exitCode = code; });" },
    logLevel: "error",
  });
  const child = spawn(process.execPath, [bundle], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  rmSync(folder, { recursive: true, force: true });

  expect(stderr).toBe("");
  expect(code).toBe(0);
  const documents = stdout
    .split(/^---\n/m)
    .slice(1)
    .map((text) => parseYaml(text.slice(0, text.indexOf("\n...\n"))).value as { type: string; msg: unknown });
  expect(documents.map(({ type }) => type)).toEqual([
    "CHANNEL_UP",
    "PACKET_IN",
    "FLOW_MOD",
    "FLOW_DESC_REPLY",
  ]);
  expect(documents[3]?.msg).toMatchObject([{ priority: "100", packet_count: "1", byte_count: "46" }]);
  expect(stdout).toMatch(/ovs-vsctl set-controller br0 tcp:127\.0\.0\.1:\d+\n/);
});

/** bin/oftr.js and bin/loader.js, over bundles made up here, so that no build is needed. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "oftr-launcher-"));
  cpSync(fileURLToPath(new URL("../../bin", import.meta.url)), join(home, "bin"), { recursive: true });
  mkdirSync(join(home, "dist"));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

/** Writes a file of dist/ in the form that the build gives it. */
function bundle(name: string, code: string): void {
  writeFileSync(join(home, "dist", name), `(function (exports, require, module) {"use strict";\n${code}\n})`);
}

/** Writes dist/main.cjs with this body of `main`, runs the launcher, gives what came of it. */
function launch(body: string, ...argv: string[]): { code: number | null; out: string; err: string } {
  bundle("main.cjs", `exports.main = async (argv) => { ${body} };`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(home, "bin/oftr.js"), ...argv], {
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

it("The launcher passes the words after its name and takes the exit code", () => {
  expect(launch("console.log(argv.join('+')); return 13", "decode", "-j")).toEqual({
    code: 13,
    out: "decode+-j\n",
    err: "",
  });
});

it("The launcher reports what nobody caught as a defect, with exit code 70", () => {
  for (const body of [
    "throw new Error('lost')",
    "setImmediate(() => { throw new Error('lost') })",
    "Promise.reject(new Error('lost'))",
  ]) {
    const { code, out, err } = launch(body);
    expect({ code, out }).toEqual({ code: 70, out: "" });
    expect(err).toMatch(/^oftr: internal error: Error: lost\n +at .*dist\/main\.cjs:2/);
  }
});

it("The launcher ends quietly when the reader of its output has gone away", () => {
  expect(launch("throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })")).toEqual({
    code: 0,
    out: "",
    err: "",
  });
});

it("Bundles load each other once, and Node's modules by name", () => {
  bundle("part.cjs", "module.exports = { count: require('./other.cjs').next() };");
  bundle("other.cjs", "let n = 0; exports.next = () => ++n;");
  const body = `
    const { count } = require("./part.cjs");
    const { EOL } = require("node:os");
    return count + require("./part.cjs").count + require("./other.cjs").next() + EOL.length`;
  expect(launch(body).code).toBe(1 + 1 + 2 + 1);
});

it("A bundle may have others in it, which are run when they are first loaded", () => {
  bundle("other.cjs", "exports.n = 10;");
  const body = `
    require.add({ "within.cjs": (function (exports, require) { exports.n = require("./other.cjs").n + 1; }) });
    require.add({ "broken.cjs": (function () { throw new Error("not loaded"); }) });
    return require("./within.cjs").n + require("./within.cjs").n`;
  expect(launch(body).code).toBe(22);
});

it("A module of Node may be loaded late", () => {
  const body = `
    const late = require.late("node:dgram");
    const isLoaded = () => process.moduleLoadList.includes("NativeModule dgram");
    return (isLoaded() ? 1 : 0) + (typeof late.createSocket === "function" ? 10 : 0) + (isLoaded() ? 100 : 0)`;
  expect(launch(body).code).toBe(110);
});

it("Bundles say so when a part is missing", () => {
  expect(launch("require('./gone.cjs')").err).toContain("gone.cjs");
});

it("A bundle whose parts cannot be loaded is loaded anew when it is asked for again", () => {
  bundle("whole.cjs", "exports.early = 1; exports.late = require('./part.cjs').n;");
  const body = `
    const fs = require("node:fs");
    let failed = false;
    try { require("./whole.cjs"); } catch { failed = true; }
    fs.writeFileSync(argv[0], '(function (exports) { exports.n = 20; })');
    const { early, late } = require("./whole.cjs");
    return failed ? early + late : 1`;
  expect(launch(body, join(home, "dist/part.cjs")).code).toBe(21);
});

it("A code cache is used where it fits, and ignored where it is damaged", () => {
  const cache = join(home, "dist/main.cjs.cache");
  const body = "return require('node:fs').existsSync(argv[0]) ? 3 : 4";
  expect(launch(body, cache).code).toBe(4);
  writeFileSync(cache, "no code cache of V8");
  expect(launch(body, cache).code).toBe(3);

  const use = `
    const { load, loaded } = require("./bin/loader.js");
    load("main.cjs");
    const { script } = loaded.get("main.cjs");
    if (process.argv[1]) require("node:fs").writeFileSync(process.argv[1], script.createCachedData());
    process.exit(script.cachedDataRejected === undefined ? 5 : script.cachedDataRejected ? 6 : 7);`;
  const run = (...argv: string[]) => spawnSync(process.execPath, ["-e", use, ...argv], { cwd: home }).status;
  expect(run(cache)).toBe(6);
  expect(run()).toBe(7);
  rmSync(cache);
  expect(run()).toBe(5);
});

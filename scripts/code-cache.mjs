/**
 * Last step of `npm run build`: loads each bundle, translates some messages both ways, and keeps what V8 compiled
 * meanwhile. What is in a cache need not be parsed when `oftr` starts; what is not is compiled when first called.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INPUTS, makeInput } from "../bench/messages.mjs";

const { dist, load, loaded } = createRequire(import.meta.url)("../bin/loader.js");

const { main } = load("main.cjs");
for (const name of readdirSync(dist)) if (name.endsWith(".cjs")) load(name);

const folder = mkdtempSync(join(tmpdir(), "oftr-build-"));
const [bytes, json, yaml, back] = ["bytes", "json", "yaml", "back"].map((name) => join(folder, name));
writeFileSync(bytes, makeInput(INPUTS["mix of 20 types"], 60));
for (const args of [
  ["decode", "-j", "-o", json, bytes],
  ["decode", "-o", yaml, bytes],
  ["encode", "-j", "-o", back, json],
  ["encode", "-o", back, yaml],
]) {
  const code = await main(args);
  if (code !== 0) throw new Error(`oftr ${args.join(" ")}: exit code ${code}`);
}
rmSync(folder, { recursive: true });

for (const [name, { script }] of loaded)
  if (script !== undefined) writeFileSync(join(dist, `${name}.cache`), script.createCachedData());

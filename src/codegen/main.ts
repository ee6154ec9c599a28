// `npm run generate`: checks the schemas and writes src/codec/gen and src/rpc/gen.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SchemaError } from "../base/index.js";
import { readNatives, readSchemas } from "../schema/index.js";
import { generate, generateRpc } from "./generate.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Writes only what differs, so that watchers and caches stay quiet; removes what is no longer generated. */
function writeFiles(folder: string, files: ReadonlyMap<string, string>): void {
  for (const [path, source] of files) {
    const full = join(folder, path);
    if (existsSync(full) && readFileSync(full, "utf8") === source) continue;
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, source);
  }
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (/\.(ts|json)$/.test(name) && !files.has(name)) rmSync(join(folder, name));
  }
}

try {
  const { model, problems } = readSchemas(join(root, "schemas"), readNatives(join(root, "src/codec/native")));
  for (const problem of problems) process.stderr.write(`schemas/${problem.message}\n`);
  if (problems.length > 0) process.exitCode = 1;
  else {
    writeFiles(join(root, "src/codec/gen"), generate(model));
    writeFiles(join(root, "src/rpc/gen"), generateRpc(model));
  }
} catch (error) {
  if (!(error instanceof SchemaError)) throw error;
  process.stderr.write(`schemas/${error.message}\n`);
  process.exitCode = 1;
}

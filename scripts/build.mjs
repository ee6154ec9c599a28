/**
 * `npm run build`: bundles src/cli into dist/ so that a run loads what its command needs and nothing else.
 *
 * esbuild splits ES modules only, but loading ES modules costs each start some milliseconds more than CommonJS,
 * and CommonJS alone can be compiled from a code cache. So: split as ES modules, then turn each chunk into CommonJS.
 * Imports between chunks become constants, not property reads, because the codecs call across chunks in their hot
 * path. That freezes values at load, which is sound since chunks cannot import each other in a cycle and no module
 * of src/ reassigns what it exports (test/architecture.test.ts).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["src/cli/main.ts", "src/cli/decode-worker.ts"],
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  define: { "import.meta.dirname": "__dirname" },
  metafile: true,
  write: false,
  logLevel: "warning",
});

// The entry, main, is written last, so that a run of `oftr` meanwhile finds either build whole.
mkdirSync(dist, { recursive: true });
const old = readdirSync(dist);
for (const name of old) if (name.endsWith(".cache")) rmSync(join(dist, name));
const chunks = outputFiles
  .map((file) => basename(file.path))
  .sort((a, b) => +(a === "main.js") - +(b === "main.js"));
for (const chunk of chunks) {
  const text = outputFiles.find((file) => basename(file.path) === chunk).text;
  const { code } = await transform(linkChunks(text), {
    format: "cjs",
    platform: "node",
    target: "node20",
    supported: { "dynamic-import": false },
    // The function that bin/loader.js calls; made here, not there, so that a start need not copy a megabyte of text.
    banner: '(function (exports, require, module, __dirname) {"use strict";',
    footer: "})",
  });
  writeFileSync(join(dist, chunkName(chunk)), code);
}
for (const name of old) {
  if (name.endsWith(".cjs") && !chunks.map(chunkName).includes(name)) rmSync(join(dist, name));
}
// What a Worker starts with has to be a file that Node can load by itself.
writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n');
writeFileSync(join(dist, "decode-worker.js"), 'require("../bin/loader.js").load("decode-worker.cjs");\n');
writeFileSync(join(dist, "THIRD-PARTY-LICENSES"), licensesOf(Object.keys(metafile.inputs)));

const cached = spawnSync(process.execPath, [join(root, "scripts/code-cache.mjs")], { stdio: "inherit" });
process.exitCode = cached.status ?? 1;

/** Rewrites esbuild's static and dynamic imports of other chunks; the rest is left to esbuild's own conversion. */
function linkChunks(text) {
  // A CommonJS package under `import()`: Node gives its exports by name too, esbuild as `default` only.
  let linked = text.replace(
    /^export default (require_\w+\(\));$/m,
    "module.exports = { default: $1, ...$1 };",
  );
  for (const chunk of chunks) {
    const from = JSON.stringify(`./${chunk}`);
    const load = `require("./${chunkName(chunk)}")`;
    linked = linked
      .replaceAll(`import(${from})`, `Promise.resolve().then(() => ${load})`)
      .replace(new RegExp(`^import ${from.replaceAll(".", "\\.")};$`, "m"), `${load};`)
      .replace(
        new RegExp(`^import \\{([^}]*)\\} from ${from.replaceAll(".", "\\.")};$`, "m"),
        (_, names) => `const {${names.replaceAll(" as ", ": ")}} = ${load};`,
      );
  }
  return linked;
}

function chunkName(file) {
  return file.replace(/\.js$/, ".cjs");
}

/** The licence texts of the packages whose code is in the bundles: their licences ask for that. */
function licensesOf(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []),
  );
  return [...packages]
    .sort()
    .map((folder) => {
      const file = readdirSync(join(root, folder)).find((name) => /^licen[cs]e/i.test(name));
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
      const text = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(78)}\n\n`);
}

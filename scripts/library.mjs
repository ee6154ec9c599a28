/**
 * The part of the package that programs import: dist/library/oftr.js, one ES module and what it loads when asked, and its declarations.
 * Made when the package is packed only, as nothing here runs it.
 *
 * Declarations are made file by file, without a type check (`npm run typecheck` does that), from the entry along the imports that are
 * left in them.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "dist/library");
const entry = join(root, "src/library/index.ts");

rmSync(out, { recursive: true, force: true });
const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: { oftr: entry },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  metafile: true,
  write: false,
  logLevel: "warning",
});
mkdirSync(out, { recursive: true });
for (const file of reached("dist/library/oftr.js"))
  writeFileSync(join(root, file), outputFiles.find(({ path }) => path === join(root, file)).text);

/** The bundles that one leads to: esbuild also makes those of imports that nothing calls. */
function reached(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, external } of metafile.outputs[file].imports) if (!external) reached(path, found);
  return found;
}

// dist/ itself holds CommonJS.
writeFileSync(join(out, "package.json"), '{"type":"module"}\n');

const left = [entry];
const done = new Set(left);
for (let file = left.pop(); file !== undefined; file = left.pop()) {
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: {
      isolatedDeclarations: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
    },
  });
  for (const { messageText } of diagnostics)
    throw new Error(`${relative(root, file)}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  const target = join(out, "types", relative(join(root, "src"), file).replace(/\.ts$/, ".d.ts"));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
  for (const [, path] of outputText.matchAll(/\bfrom "(\.[^"]+)\.js"/g)) {
    const next = join(dirname(file), `${path}.ts`);
    if (!done.has(next)) left.push(next);
    done.add(next);
  }
}

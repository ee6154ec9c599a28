/**
 * `npm run build`: bundles src/cli into dist/ so that a run loads what its command needs and nothing else.
 *
 * esbuild splits ES modules only, but loading ES modules costs each start some milliseconds more than CommonJS,
 * and CommonJS alone can be compiled from a code cache. So: split as ES modules, then turn each chunk into CommonJS.
 * Imports between chunks become constants, not property reads, because the codecs call across chunks in their hot
 * path. That freezes values at load, which is sound since chunks cannot import each other in a cycle and no module
 * of src/ reassigns what it exports (test/architecture.test.ts). No module acts by being loaded
 * (`sideEffects` of package.json), so a chunk that is imported for that only is not loaded.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/**
 * What most runs of a command do not need, and the others need in the middle of synchronous work: by importer and module, the
 * functions and classes that are imported. The module is loaded by the first call of one.
 */
const LAZY = {
  "src/cli/ovs-printer.ts": { "../ovs/index.js": ["formatOvsMessage"] },
  "src/cli/encode.ts": { "../ovs/index.js": ["readFlow"] },
  "src/rpc/message-params.ts": { "../ovs/index.js": ["readFlow"] },
  "src/rpc/methods/encode.ts": { "../../ovs/index.js": ["readFlow"] },
  "src/codec/encode-packet.ts": { "../packet/index.js": ["buildFrame", "packetDifference"] },
  "src/text/parse-yaml.ts": {
    yaml: ["Composer", "isAlias", "isMap", "isScalar", "isSeq", "Lexer", "Parser"],
  },
};

/**
 * The same for all modules of some folders that import one: `functions` are loaded by the first call, `others` are imported at once
 * from the modules that have them, as the index of a folder brings all of it. A daemon decodes and encodes nothing before its first switch or
 * request, and looks at no packet; what decodes messages that are in no capture needs to know only how captures start.
 */
const LAZY_DOORS = [
  {
    importers: /^src\/(channel|rpc|ops)\//,
    module: "src/codec/decode.ts",
    functions: [
      ...["decodeFrame", "decodeMessage", "decodeToText", "readMessage", "TunnelOptions", "carriesPacket"],
      ...["frameTypeName", "headerTypeName", "messageTypeName", "messageTypeNames"],
      ...["hasMore", "isLastPart", "isReply", "mayAnswer", "onlyAnswers", "replyRule", "innerMessage"],
    ],
    others: { "./envelope.js": ["makeEnvelope"] },
  },
  {
    importers: /^src\/(channel|rpc|ops)\//,
    module: "src/codec/encode.ts",
    functions: ["encodeMessage", "makeFrame"],
    others: { "./message-writer.js": ["MessageWriter"] },
  },
  {
    importers: /^src\/rpc\//,
    module: "src/codec/match.ts",
    functions: ["matchCovers", "matchFromPacket"],
    others: {},
  },
  {
    importers: /^src\/rpc\//,
    module: "src/packet/index.ts",
    functions: ["compilePacketFilter", "echoReply", "packetPrinter"],
    others: { "./bpf-program.js": ["PacketFilterError"] },
  },
  {
    importers: /^src\/cli\/capture-input\.ts$/,
    module: "src/pcap/index.ts",
    functions: [],
    others: { "./magic.js": ["captureFormat", "MAGIC_BYTES"], "./openflow-ports.js": ["OPENFLOW_PORTS"] },
  },
];

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
  plugins: [{ name: "lazy", setup: loadLazily }],
  metafile: true,
  write: false,
  logLevel: "warning",
});

/** What bin/loader.js calls; made here, not there, so that a start need not copy a megabyte of text. */
const HEAD = '(function (exports, require, module, __dirname) {"use strict";\n';

const OWN_NAME = /^(?:var|let|const|function|class) (?:exports|require|module|__dirname)\b/m;

/** Modules of Node that most runs do not need; those that only TLS needs take milliseconds. No module of src/ uses them while it is loaded. */
const LATE = /^var (import_node_\w+) = require\("(node:(?:crypto|os|tls))"\);$/gm;

/** Entries whose small chunks are in the file of main: each file costs a start some tenths of a millisecond. */
const PACKED_ENTRIES = ["src/cli/main.ts", "src/cli/decode.ts", "src/cli/encode.ts"];
const SMALL = 32 * 1024;

// The entry, main, is written last, so that a run of `oftr` meanwhile finds either build whole.
mkdirSync(dist, { recursive: true });
const old = readdirSync(dist);
for (const name of old) if (name.endsWith(".cache")) rmSync(join(dist, name));
const chunks = outputFiles.map((file) => basename(file.path));
const packed = packedChunks();
const written = ["main.cjs"];
const parts = [];
for (const chunk of chunks) {
  if (chunk === "main.js") continue;
  const name = chunkName(chunk);
  const code = await compiled(chunk);
  if (packed.has(chunk)) parts.push(`${JSON.stringify(name)}: ${code}`);
  else {
    writeFileSync(join(dist, name), code);
    written.push(name);
  }
}
const main = await compiled("main.js");
writeFileSync(
  join(dist, "main.cjs"),
  `${HEAD}require.add({\n${parts.join(",\n")}});\n${main.slice(HEAD.length)}`,
);
for (const name of old) if (name.endsWith(".cjs") && !written.includes(name)) rmSync(join(dist, name));
// What a Worker starts with has to be a file that Node can load by itself.
writeFileSync(join(dist, "package.json"), '{ "type": "commonjs" }\n');
writeFileSync(
  join(dist, "decode-worker.js"),
  'const { load } = require("../bin/loader.js");\nload("main.cjs");\nload("decode-worker.cjs");\n',
);
writeFileSync(join(dist, "THIRD-PARTY-LICENSES"), licensesOf(Object.keys(metafile.inputs)));

const cached = spawnSync(process.execPath, [join(root, "scripts/code-cache.mjs")], { stdio: "inherit" });
process.exitCode = cached.status ?? 1;

/** A chunk as the text of a function. */
async function compiled(chunk) {
  const text = outputFiles.find((file) => basename(file.path) === chunk).text;
  const { code } = await transform(linkChunks(text), {
    format: "cjs",
    platform: "node",
    target: "node20",
    supported: { "dynamic-import": false },
  });
  if (OWN_NAME.test(code)) throw new Error(`${chunk}: a variable has the name of a parameter of HEAD`);
  return `${HEAD}${code.replace(LATE, 'const $1 = require.late("$2");')}})`;
}

/** The small chunks that PACKED_ENTRIES are, or import without delay. */
function packedChunks() {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const found = new Set();
  const add = (chunk) => {
    if (found.has(chunk)) return;
    const { bytes, imports } = outputs.get(chunk);
    if (bytes > SMALL) return;
    found.add(chunk);
    for (const { path, kind } of imports) {
      if (kind === "import-statement" && outputs.has(basename(path))) add(basename(path));
    }
  };
  for (const [chunk, { entryPoint }] of outputs) if (PACKED_ENTRIES.includes(entryPoint)) add(chunk);
  return found;
}

/** Puts functions that load the module in the place of those that LAZY and LAZY_DOORS name. */
function loadLazily({ onResolve, onLoad }) {
  onResolve({ filter: /.*/ }, ({ path, importer, kind, resolveDir }) => {
    if (kind !== "import-statement") return undefined;
    const from = relative(root, importer);
    const functions = LAZY[from]?.[path];
    if (functions !== undefined) return lazy({ folder: dirname(from), path, functions, others: {} });
    const module = relative(root, join(resolveDir, path)).replace(/\.js$/, ".ts");
    const door = LAZY_DOORS.find((one) => one.module === module && one.importers.test(from));
    if (door === undefined) return undefined;
    const { functions: names, others } = door;
    // One for each importer, so that both are in one chunk: another chunk would go on with what stands for the function.
    return lazy({ folder: dirname(module), path: `./${basename(path)}`, functions: names, others, from });
  });
  onLoad({ filter: /.*/, namespace: "lazy" }, ({ path: place }) => {
    const { folder, path, functions, others } = JSON.parse(place);
    const late = functions.map(
      (name) =>
        // From its first call on it is the function itself: a detour would cost each message.
        `export let ${name} = function (...args) {
          ${name} = loaded().${name};
          return new.target ? new ${name}(...args) : ${name}(...args);
        };`,
    );
    const early = Object.entries(others).map(
      ([from, names]) => `export { ${names.join(", ")} } from ${JSON.stringify(from)};`,
    );
    // `loadNow` is none: linkChunks knows it.
    const loader = `let bundle;
      const loaded = () => (bundle ??= loadNow(import(${JSON.stringify(path)})));`;
    const contents = [...early, ...(late.length === 0 ? [] : [loader]), ...late].join("\n");
    return { contents, resolveDir: join(root, folder), loader: "js" };
  });
}

/** A module that loadLazily makes. */
function lazy(description) {
  return { path: JSON.stringify(description), namespace: "lazy", sideEffects: false };
}

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
      .replaceAll(`loadNow(import(${from}))`, load)
      .replaceAll(`import(${from})`, `Promise.resolve().then(() => ${load})`)
      .replace(new RegExp(`^import ${from.replaceAll(".", "\\.")};$`, "m"), "")
      .replace(
        new RegExp(`^import \\{([^}]*)\\} from ${from.replaceAll(".", "\\.")};$`, "m"),
        (_, names) => `const {${names.replaceAll(" as ", ": ")}} = ${load};`,
      );
  }
  // esbuild would export by getters, and copy them: with the chunks that one command loads, 2.5 ms of each start.
  return linked.replace(/^export \{([^}]*)\};$/m, (_, names) => `module.exports = {${exported(names)}};`);
}

/** `a as b` is the variable a, exported as b. */
function exported(names) {
  return names.replace(/(\S+) as (\S+?)(?=,|\s|$)/g, "$2: $1");
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

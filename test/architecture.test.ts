/**
 * The rules of the source tree, held without a plugin. A folder imports only folders before it:
 *
 *     base < wire < text < packet < codec < ovs < library < pcap < traffic < channel < switch < rpc < client < ops < reference < cli     (run time)
 *     base < schema < codegen                                                                      (build time)
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const RUN_TIME =
  "base wire text packet codec ovs library pcap traffic channel switch rpc client ops reference cli".split(
    " ",
  );
const BUILD_TIME = "base schema codegen".split(" ");
const DOORS: Record<string, readonly string[]> = {
  codec: ["codec/decode.js", "codec/encode.js", "codec/catalog.js", "codec/match.js"],
  channel: ["channel/index.js", "channel/streams.js"],
  rpc: ["rpc/index.js", "rpc/catalog.js", "rpc/calling.js"],
};
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g;

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(`${root}/src`, { recursive: true, encoding: "utf8" }).filter((path) =>
  path.endsWith(".ts"),
);
const imports = files.flatMap((from) =>
  Array.from(readFileSync(`${root}/src/${from}`, "utf8").matchAll(IMPORT), ([, to]) => ({
    from,
    to: posix.join(posix.dirname(from), to as string),
  })),
);

const folderOf = (path: string): string => path.split("/", 1)[0] as string;

function breaksOrder({ from, to }: Import): boolean {
  const [a, b] = [folderOf(from), folderOf(to)];
  const order = BUILD_TIME.includes(a) && a !== "base" ? BUILD_TIME : RUN_TIME;
  return a !== b && !(order.includes(b) && order.indexOf(b) < order.indexOf(a));
}

function missesDoor({ from, to }: Import): boolean {
  const folder = folderOf(to);
  return folderOf(from) !== folder && !(DOORS[folder] ?? [`${folder}/index.js`]).includes(to);
}

describe("src", () => {
  it("has files and folders of the known order only", () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.map(folderOf).filter((name) => ![...RUN_TIME, ...BUILD_TIME].includes(name))).toEqual([]);
  });

  it("imports from folders further down only, and never across run time and build time", () => {
    expect(imports.filter(breaksOrder)).toEqual([]);
  });

  it("imports other folders by their doors: index, but for codec, channel and rpc, which have several", () => {
    expect(imports.filter(missesDoor)).toEqual([]);
  });

  it("imports generated code from the folder that it is in only", () => {
    expect(imports.filter(({ from, to }) => /\bgen\//.test(to) && folderOf(from) !== folderOf(to))).toEqual(
      [],
    );
  });

  it("imports no module for what it does when loaded: the bundles leave such imports out", () => {
    expect(files.filter((path) => /^import "/m.test(readFileSync(`${root}/src/${path}`, "utf8")))).toEqual(
      [],
    );
  });

  it("exports no variable that could be reassigned: the bundles freeze imported values", () => {
    expect(files.filter((path) => /^export let /m.test(readFileSync(`${root}/src/${path}`, "utf8")))).toEqual(
      [],
    );
  });
});

describe("the rules above", () => {
  it("see what breaks them", () => {
    expect(breaksOrder({ from: "text/a.ts", to: "codec/decode.js" })).toBe(true);
    expect(breaksOrder({ from: "codec/a.ts", to: "schema/index.js" })).toBe(true);
    expect(breaksOrder({ from: "codegen/a.ts", to: "wire/index.js" })).toBe(true);
    expect(breaksOrder({ from: "codegen/a.ts", to: "schema/index.js" })).toBe(false);
    expect(breaksOrder({ from: "base/a.ts", to: "schema/index.js" })).toBe(true);
    expect(missesDoor({ from: "codec/a.ts", to: "wire/read.js" })).toBe(true);
    expect(missesDoor({ from: "rpc/a.ts", to: "codec/gen/flow-mod.js" })).toBe(true);
    expect(missesDoor({ from: "rpc/a.ts", to: "codec/encode.js" })).toBe(false);
    const found = 'import "./a.js"; export * from "../b.js";\nawait import("./c.js"); import x from "yaml";';
    expect(Array.from(found.matchAll(IMPORT), ([, to]) => to)).toEqual(["./a.js", "../b.js", "./c.js"]);
  });
});

describe("tracked files", () => {
  it("name no place that exists on one machine only", () => {
    // Put together here, or this file would find itself.
    const foreign = ["/wo" + "rk/", "regis" + "try.npmjs.org"];
    const args = ["grep", "-IlF", ...foreign.flatMap((text) => ["-e", text])];
    let found = "";
    try {
      found = execFileSync("git", args, { cwd: root, encoding: "utf8" });
    } catch (error) {
      // git grep exits with 1 where it finds nothing.
      if ((error as { status?: number }).status !== 1) throw error;
    }
    expect(found).toBe("");
  });
});

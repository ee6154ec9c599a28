import { existsSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** What generated files import and nobody has: names that other generated files do not export, files that are not written by hand. */
export function missingImports(files: ReadonlyMap<string, string>): string[] {
  const missing: string[] = [];
  for (const [path, source] of files) {
    for (const [, names = "", from = ""] of source.matchAll(/^import \{ (.*) \} from "(.*)\.js";$/gm)) {
      const target = `${posix.join("codec/gen", posix.dirname(path), from)}.ts`;
      const generated = files.get(target.replace("codec/gen/", ""));
      if (generated === undefined && !existsSync(`${src}/${target}`)) missing.push(`${path}: ${target}`);
      if (generated === undefined) continue;
      for (const name of names.split(", ").map((word) => word.replace("type ", "")))
        if (!new RegExp(`^export (function|const|type|interface) ${name}\\b`, "m").test(generated))
          missing.push(`${path}: ${name} of ${target}`);
    }
  }
  return missing;
}

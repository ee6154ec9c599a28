/** The pages written by hand: their code blocks, links and headings. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the project, ending with a slash. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The names of all pages, from the root; those of docs/reference are generated, and tested by test/reference. */
export const PAGES: readonly string[] = [
  "README.md",
  "CHANGELOG.md",
  "examples/README.md",
  "schemas/README.md",
  ...readdirSync(`${ROOT}docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(ROOT + page, "utf8");
}

/** A command line as shown behind `$ `, and what is shown below it. */
export interface Shown {
  readonly command: string;
  readonly output: string;
  /** The line of the page, from 1. */
  readonly line: number;
}

/** What a page shows, in its order: files, and commands with their output. */
export interface Session {
  readonly files: ReadonlyMap<string, string>;
  readonly commands: readonly Shown[];
}

/**
 * Reads the indented blocks of a page. Lines before the first `$ ` of a block are a file if the text above ends with
 * its name and a colon (`flow.yaml`:), or if the block begins with its name in a comment (# oftr.yaml).
 */
export function readSession(page: string): Session {
  const files = new Map<string, string>();
  const commands: Shown[] = [];
  const lines = readPage(page).split("\n");
  for (let at = 0; at < lines.length; at++) {
    if (!isCode(lines[at])) continue;
    const start = at;
    while (isCode(lines[at]) || (lines[at] === "" && isCode(lines[at + 1]))) at++;
    const block = lines.slice(start, at).map((line) => line.slice(4));
    const first = block.findIndex((line) => line.startsWith("$ "));
    const head = first < 0 ? block : block.slice(0, first);
    const name =
      /`([\w-]+\.(?:yaml|txt))`[^`]*:$/.exec(lines[start - 2] ?? "")?.[1] ??
      /^# (\S+\.yaml)$/.exec(head[0] ?? "")?.[1];
    if (name !== undefined && head.length > 0) files.set(name, `${head.join("\n").trimEnd()}\n`);
    if (first < 0) continue;
    for (let i = first; i < block.length; ) {
      let end = i + 1;
      while (end < block.length && !block[end]?.startsWith("$ ")) end++;
      const output = block.slice(i + 1, end).join("\n");
      commands.push({ command: (block[i] as string).slice(2), output, line: start + i + 1 });
      i = end;
    }
  }
  return { files, commands };
}

/** The text of a page outside of code. */
export function proseOf(page: string): string {
  return readPage(page)
    .replace(/^```.*?^```$/gms, "")
    .replace(/^ {4}.*$/gm, "")
    .replace(/`[^`\n]*`/g, "");
}

function isCode(line: string | undefined): boolean {
  return line?.startsWith("    ") === true;
}

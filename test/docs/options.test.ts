/** The pages and the command line name the same options. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.js";
import { PAGES, ROOT, readPage } from "./pages.js";

/** Options of other programs that the pages name. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  "any program": ["opt"],
  "npm run bench": ["captures", "daemon", "no-tshark", "only", "peer", "quick", "versions"],
  "npm run fuzz": ["minutes", "only", "path", "peer", "seed"],
  vitest: ["project"],
  "apt-get": ["no-install-recommends"],
  docker: ["build", "name"],
  editcap: ["inject-secrets"],
  groupadd: ["system"],
  systemctl: ["now"],
  "systemd-socket-activate": ["fdname", "listen"],
};

/** The names of the options that `oftr COMMAND --help` shows. */
async function optionsOf({ load }: (typeof COMMANDS)[number]): Promise<string[]> {
  const { spec } = (await load()).run;
  return Object.keys(spec.options).filter((name) => spec.options[name]?.hidden !== true);
}

const commands = await Promise.all(
  COMMANDS.map(async (command) => ({ name: command.name, options: await optionsOf(command) })),
);
const pages = PAGES.map((page) => ({ page, text: readPage(page) }));

it.each(commands)("Each option of oftr $name is in the pages", ({ options }) => {
  const settings = readFileSync(`${ROOT}docs/reference/daemon.md`, "utf8");
  const all = pages.map(({ text }) => text).join("\n") + settings;
  expect(options.filter((name) => !new RegExp(`--${name}(?![\\w-])`).test(all))).toEqual([]);
});

it("Each option in the pages exists", () => {
  const known = new Set([...commands.flatMap(({ options }) => options), ...Object.values(OTHERS).flat()]);
  const unknown = pages.flatMap(({ page, text }) =>
    Array.from(text.matchAll(/(?<![\w-])--([a-z][\w-]*)/g), ([, name]) => name as string)
      .filter((name) => name !== "help" && name !== "version" && !known.has(name))
      .map((name) => `${page}: --${name}`),
  );
  expect(unknown).toEqual([]);
});

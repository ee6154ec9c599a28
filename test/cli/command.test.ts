import { expect, it, vi } from "vitest";
import { defineCommand } from "../../src/cli/command.js";
import { COMMANDS } from "../../src/cli/commands.js";
import { formatCommandUsage } from "../../src/cli/usage.js";
import { ranWith } from "./catch-output.js";

vi.mock("node:fs", async (original) => {
  const { catchingFs } = await import("./catch-output.js");
  return catchingFs(await original<typeof import("node:fs")>());
});

const run = defineCommand(
  {
    name: "sample",
    description: "Does nothing.",
    options: {
      json: { kind: "flag", letter: "j", help: "as JSON" },
      secret: { kind: "flag", help: "unseen", hidden: true },
      size: { kind: "number", value: "BYTES", help: "how much" },
      time: { kind: "choice", choices: ["none", "secs"], help: "which clock" },
    },
  },
  ({ json, size }) => (json ? (size ?? 10) : 0),
);

it("A command gives the exit code of its action, which sees the options", async () => {
  expect(await run([])).toBe(0);
  expect(await run(["-j"])).toBe(10);
  expect(await run(["-j", "--size=12"])).toBe(12);
});

it("A command answers --help on stdout, without hidden options", async () => {
  expect(await ranWith(run, ["--help"])).toEqual({
    code: 0,
    stdout: [
      "Usage: oftr sample [options]",
      "",
      "Does nothing.",
      "",
      "Options:",
      "  -j, --json          as JSON",
      "  --size <BYTES>      how much",
      "  --time <none|secs>  which clock",
      "  -h, --help          show this text",
      "",
    ].join("\n"),
    stderr: "",
  });
});

it("A command shows its options in groups, and the text of a long one below it, within 80 columns", () => {
  const text = formatCommandUsage({
    name: "sample",
    description:
      "Does nothing, but tells of it in a sentence that is longer than one line of a terminal.\n  as  it is",
    operands: "FILE",
    options: {
      where: { kind: "text", value: "FILE", help: "short" },
      "how-many-of-these": { kind: "number", value: "THINGS", help: "has a long name" },
      last: {
        kind: "flag",
        help: "is in no group, and has a text that does not end in the line in which it begins",
      },
    },
    groups: { "Where and how": ["how-many-of-these", "where"] },
  });
  expect(text).toBe(`Usage: oftr sample [options] FILE

Does nothing, but tells of it in a sentence that is longer than one line of a
terminal.
  as  it is

Options:
  --last                    is in no group, and has a text that does not end in
                            the line in which it begins
  -h, --help                show this text

Where and how:
  --where <FILE>            short
  --how-many-of-these <THINGS>
                            has a long name
`);
});

it("Each command's help fits into 80 columns, and its groups have options of the command only", async () => {
  for (const { name, load } of COMMANDS) {
    const { spec } = (await load()).run;
    const wide = formatCommandUsage(spec)
      .split("\n")
      .filter((line) => line.length > 80);
    expect({ name, wide }).toEqual({ name, wide: [] });
    const grouped = Object.values(spec.groups ?? {}).flat();
    expect(grouped.filter((option) => spec.options[option] === undefined)).toEqual([]);
    expect(new Set(grouped).size).toBe(grouped.length);
  }
});

it("A command answers errors of usage on stderr with exit code 1", async () => {
  const refused = (word: string, stderr: string) =>
    expect(ranWith(run, [word])).resolves.toEqual({ code: 1, stdout: "", stderr });
  await refused(
    "--size=x",
    "sample: for the -size option: 'x' value invalid for uint argument! (expected: 0 to 4294967295)\n",
  );
  await refused("file", "sample: Too many positional arguments specified: 'file'.  Try: 'sample -help'\n");
});

it("A command lets the errors of its action through", async () => {
  const broken = defineCommand({ name: "x", description: "", operands: "[FILE]", options: {} }, () => {
    throw new RangeError("defect");
  });
  await expect(broken(["file"])).rejects.toThrow(RangeError);
});

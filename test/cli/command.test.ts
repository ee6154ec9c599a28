import { expect, it, vi } from "vitest";
import { defineCommand } from "../../src/cli/command.js";
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

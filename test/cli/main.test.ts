import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { main } from "../../src/cli/main.js";
import { VERSION } from "../../src/cli/version.js";
import { ranWith } from "./catch-output.js";

vi.mock("node:fs", async (original) => {
  const { catchingFs } = await import("./catch-output.js");
  return catchingFs(await original<typeof import("node:fs")>());
});

/** Runs `main` and gives its exit code with what it wrote. */
async function oftr(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout: out, stderr: err } = await ranWith(main, argv);
  return { code, out, err };
}

describe("oftr", () => {
  it("shows its usage on stderr and fails when no command is given", async () => {
    const { code, out, err } = await oftr();
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toMatch(/^Usage: oftr COMMAND \[options\] \[operands\]\n/);
    expect(err).toMatch(/oftr COMMAND --help\n$/);
  });

  it.each([["-h"], ["-help"], ["--help"]])("shows its usage on stdout for %s", async (word) => {
    const { code, out, err } = await oftr(word);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Usage: oftr COMMAND/);
  });

  it.each([["version"], ["-v"], ["-version"], ["--version"]])(
    "shows its version in five lines for %s",
    async (word) => {
      const { code, out } = await oftr(word);
      expect(code).toBe(0);
      expect(out.split("\n")).toHaveLength(6);
      expect(out).toContain(`oftr ${VERSION}\n`);
    },
  );

  it("has the version of the package", () => {
    const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    expect(VERSION).toBe((JSON.parse(text) as { version: string }).version);
  });

  it.each([["decode"], ["encode"], ["jsonrpc"], ["help"], ["demo"]])(
    "lists %s and passes the words after it on",
    async (name) => {
      const { out: usage } = await oftr("--help");
      expect(usage).toMatch(new RegExp(`^  ${name} +\\w`, "m"));
      const { code, out } = await oftr(name, "--help");
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`^Usage: oftr ${name} \\[options\\]`));
    },
  );

  it.each([["foo"], ["constructor"], [""], ["--json"]])("refuses %j, which is no command", async (word) => {
    expect(await oftr(word)).toEqual({
      code: 1,
      out: "",
      err: `oftr: '${word}' is not a oftr command. See 'oftr --help'.\n`,
    });
  });
});

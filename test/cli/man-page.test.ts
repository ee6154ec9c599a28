import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.js";
import { commandManPage, type Manual, programManPage } from "../../src/cli/man-page.js";

const manual: Manual = {
  summary: "does things",
  spec: {
    name: "do",
    description: "Does what is asked.\nLike so:\n  oftr do   it\n.here",
    operands: "[FILE...]",
    options: {
      json: { kind: "flag", letter: "j", help: "print C:\\JSON" },
      "how-many": { kind: "number", value: "N", help: "how often" },
      mode: { kind: "choice", choices: ["one", "two"], help: "'one' at a time, or two" },
      secret: { kind: "flag", help: "not told", hidden: true },
    },
    manual: () => [{ title: "ENVIRONMENT", entries: [["OFTR_THING", "What it is."]] }],
  },
};

describe("the man page of a command", () => {
  it("has its options and sections, and nothing that roff could take for its own", () => {
    const page = commandManPage(manual, [manual, { ...manual, spec: { ...manual.spec, name: "see" } }]);
    expect(page.split("\n").slice(2)).toEqual([
      ".SH NAME",
      "oftr\\-do \\- does things",
      ".SH SYNOPSIS",
      ".B oftr do",
      "[options] [FILE...]",
      ".SH DESCRIPTION",
      "Does what is asked.",
      ".PP",
      "Like so:",
      ".PP",
      ".nf",
      "  oftr do   it",
      ".fi",
      ".PP",
      "\\&.here",
      ".SH OPTIONS",
      ".TP",
      "\\fB\\-j\\fR, \\fB\\-\\-json\\fR",
      "print C:\\eJSON",
      ".TP",
      "\\fB\\-\\-how\\-many\\fR <N>",
      "how often",
      ".TP",
      "\\fB\\-\\-mode\\fR <one|two>",
      "\\&'one' at a time, or two",
      ".TP",
      "\\fB\\-h\\fR, \\fB\\-\\-help\\fR",
      "show the options",
      ".SH ENVIRONMENT",
      ".TP",
      "\\fBOFTR_THING\\fR",
      "What it is.",
      ".SH EXIT STATUS",
      "0 when all went well; oftr(1) has the other codes.",
      ".SH SEE ALSO",
      ".BR oftr (1) ,",
      ".BR oftr\\-see (1)",
      "",
    ]);
  });
});

describe("man pages", () => {
  it("tell of each command and of each option that is not hidden", async () => {
    const manuals = await Promise.all(
      COMMANDS.map(async ({ summary, load }) => ({ summary, spec: (await load()).run.spec })),
    );
    const program = programManPage(manuals);
    for (const one of manuals) {
      expect(program).toContain(`.BR oftr\\-${one.spec.name} (1)`);
      const page = commandManPage(one, manuals);
      for (const [name, { hidden }] of Object.entries(one.spec.options)) {
        expect(page.includes(`\\-\\-${name.replaceAll("-", "\\-")}\\fR`)).toBe(hidden !== true);
      }
    }
    const daemon = commandManPage(manuals.find(({ spec }) => spec.name === "jsonrpc") as Manual, manuals);
    expect(daemon).toContain("\\fBOFTR_TLS_CERT\\fR\nAs \\-\\-tls\\-cert.");
    expect(daemon).toContain("\\fBopenflow: [ENDPOINT, ...]\\fR");
    expect(daemon).toContain("Default: 16384; 1 to 1000000.");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type OptionTable, parseArguments, UsageError } from "../../src/cli/arguments.js";

const TABLE = {
  json: { kind: "flag", letter: "j", help: "" },
  hex: { kind: "flag", letter: "x", help: "" },
  "keep-going": { kind: "flag", letter: "k", help: "" },
  output: { kind: "text", letter: "o", value: "FILE", help: "" },
  ofversion: { kind: "number", value: "N", min: 1, max: 255, help: "" },
  timestamp: { kind: "choice", choices: ["none", "secs"], help: "" },
  listen: { kind: "list", value: "WHERE", bare: "here", help: "" },
  metrics: { kind: "text", value: "WHERE", bare: "there", help: "" },
} as const satisfies OptionTable;

const parse = (...argv: string[]) => parseArguments("encode", TABLE, argv);

function refusal(...argv: string[]): string {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("options", () => {
  it("are false or undefined where they are not given", () => {
    expect(parse()).toEqual({
      help: false,
      operands: [],
      options: {
        json: false,
        hex: false,
        "keep-going": false,
        output: undefined,
        ofversion: undefined,
        timestamp: undefined,
        listen: [],
        metrics: undefined,
      },
      given: new Set(),
    });
  });

  it.each([["-json"], ["--json"], ["-j"], ["--j"], ["-json=1"], ["--json=true"]])(
    "take a flag as %s",
    (word) => {
      expect(parse(word).options.json).toBe(true);
    },
  );

  it("turn a flag off with =0, the last of several counts", () => {
    expect(parse("-j", "--json=0").options.json).toBe(false);
  });

  it.each([[["-o", "f"]], [["--output", "f"]], [["-output=f"]], [["--o=f"]]])(
    "take a value as %j",
    (argv) => {
      expect(parse(...argv).options.output).toBe("f");
    },
  );

  it("take an empty value, one with an equals sign, and one that looks like an option", () => {
    expect(parse("--output=").options.output).toBe("");
    expect(parse("--output=a=b").options.output).toBe("a=b");
    expect(parse("-o", "-j").options).toMatchObject({ output: "-j", json: false });
  });

  it("may be grouped when they are single letters, the last may take a value", () => {
    expect(parse("-xj").options).toMatchObject({ hex: true, json: true, "keep-going": false });
    expect(parse("-xo", "f").options).toMatchObject({ hex: true, output: "f" });
    expect(parse("-jxo=f").options).toMatchObject({ json: true, hex: true, output: "f" });
  });

  it("are not grouped after two dashes, nor behind a letter that takes a value, nor with an unknown letter", () => {
    expect(refusal("--xj")).toContain("'--xj'");
    expect(refusal("-ox")).toContain("'-ox'");
    expect(refusal("-xz")).toContain("'-xz'");
    expect(refusal("-zx")).toContain("'-zx'");
  });

  it("read numbers in decimal and hexadecimal, within their range", () => {
    expect(parse("--ofversion=4").options.ofversion).toBe(4);
    expect(parse("-ofversion", "0x06").options.ofversion).toBe(6);
    for (const bad of ["abc", "", "-1", "1.5", "1e1", "0", "256", "0x", "99999999999999999999"]) {
      expect(refusal(`--ofversion=${bad}`)).toBe(
        `encode: for the -ofversion option: '${bad}' value invalid for uint argument! (expected: 1 to 255)`,
      );
    }
  });

  it("are known to be given, whatever their value", () => {
    expect([...parse("-j=0", "-xk", "--output=", "--listen").given]).toEqual([
      "json",
      "hex",
      "keep-going",
      "output",
      "listen",
    ]);
  });

  it("are lists where each of them counts", () => {
    expect(parse("--listen=a", "-listen", "b", "--listen=a").options.listen).toEqual(["a", "b", "a"]);
  });

  it("that may stand bare take the next word unless it looks like an option", () => {
    expect(parse("--listen").options.listen).toEqual(["here"]);
    expect(parse("--listen", "-j").options).toMatchObject({ listen: ["here"], json: true });
    expect(parse("--listen", "--", "a")).toMatchObject({ options: { listen: ["here"] }, operands: ["a"] });
    expect(parse("--listen", "-", "--metrics", "x").options).toMatchObject({ listen: ["-"], metrics: "x" });
    expect(parse("--metrics", "--listen=").options).toMatchObject({ listen: [""], metrics: "there" });
  });

  it("read choices", () => {
    expect(parse("--timestamp=secs").options.timestamp).toBe("secs");
  });

  it("are those of the table only, whatever objects inherit", () => {
    for (const name of ["constructor", "__proto__", "toString"]) expect(refusal(`--${name}`)).toContain(name);
  });
});

describe("operands", () => {
  it("stand between options, after -- and as a lone dash", () => {
    expect(parse("a", "-j", "-", "--", "-x", "--").operands).toEqual(["a", "-", "-x", "--"]);
  });
});

describe("help", () => {
  it.each([["-h"], ["-help"], ["--help"]])("is asked for by %s, before later errors are seen", (word) => {
    expect(parse("-j", word, "--bogus")).toMatchObject({ help: true, options: { json: true } });
  });

  it("is not asked for by a value", () => {
    expect(parse("-o", "--help")).toMatchObject({ help: false, options: { output: "--help" } });
  });
});

describe("errors of usage", () => {
  it("name the unknown option and a near one", () => {
    expect(refusal("--jsn")).toBe(
      "encode: Unknown command line argument '--jsn'.  Try: 'encode -help'\nencode: Did you mean '--json'?",
    );
    expect(refusal("-keepgoing=1")).toBe(
      "encode: Unknown command line argument '-keepgoing'.  Try: 'encode -help'\nencode: Did you mean '--keep-going'?",
    );
  });

  it("do not suggest what is far away", () => {
    expect(refusal("--bogus")).toBe("encode: Unknown command line argument '--bogus'.  Try: 'encode -help'");
  });

  it("say what is wrong with a value", () => {
    expect(refusal("--output")).toBe("encode: for the -output option: requires a value!");
    expect(refusal("-j=maybe")).toBe(
      "encode: for the -json option: 'maybe' is invalid value for boolean argument! Try 0 or 1",
    );
    expect(refusal("--timestamp=bogus")).toBe(
      "encode: for the -timestamp option: Cannot find option named 'bogus'! (expected: none, secs)",
    );
  });

  it("are the only thing that odd words throw", () => {
    const word = fc.oneof(
      fc.string(),
      fc.string().map((s) => `-${s}`),
      fc.constantFrom("-xj", "--output", "-o="),
    );
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        try {
          const { operands, help } = parse(...argv);
          expect(help || operands.length <= argv.length).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { message, problemsOf } from "./mini.js";

/** Problems of an enum `E`, flags `F`, a number `N` or a code `C`, which a message uses. */
function names(...definitions: string[]): string[] {
  const text = definitions.join("\n");
  const fields = [
    ["e", "E", "u16"],
    ["f", "F", "u32"],
    ["n", "N", "u32"],
  ].filter(([, name]) => text.includes(`${name}: {kind`));
  const json = fields.map(([key, name]) => `${key}: ${name === "F" ? "[F]" : name}`);
  const rows = fields.map(([key, , width]) => `{${key}: ${width}}`);
  if (text.includes("kind: code")) {
    json.push("c: {type: C, by: e}");
    rows.push("{c: u16}");
  }
  return problemsOf(message(json.join(", "), `{all: [${rows.join(", ")}]}`, text));
}

describe("the checker of names", () => {
  it("refuses two names for one value in one version", () => {
    expect(
      names("E: {kind: enum, doc: e, values: {A: {1.0: 3, 1.1+: 5}, B: {1.0: 4, 1.1: 5}, C: 6, D: 0x6}}"),
    ).toEqual([
      "x.yaml:8:1: E: C and D are both 6 in all versions",
      "x.yaml:8:1: E: A and B are both 5 in 1.1",
    ]);
    expect(names("N: {kind: number, doc: n, widths: {u32: as_is}, names: {A: 1, B: 1}}")).toEqual([
      "x.yaml:8:1: N: A and B are both 1 in all versions",
    ]);
  });

  it("refuses two names for one code of one type", () => {
    expect(
      names(
        "E: {kind: enum, doc: e, values: {A: 1, B: 2}}",
        "C: {kind: code, by: E, doc: c, values: {A: {X: 0, Y: 0}, B: {Z: 0}}}",
      ),
    ).toEqual(["x.yaml:9:1: C A: X and Y are both 0 in all versions"]);
  });

  it("refuses tables of codes for values that the enum has not", () => {
    expect(
      names(
        "E: {kind: enum, doc: e, values: {A: 1}}",
        "C: {kind: code, by: E, doc: c, values: {A: {X: 0}, B: {Z: 0}}}",
      ),
    ).toEqual(["x.yaml:9:1: C: E has no value B"]);
  });

  it("refuses names of scalars that do not fit, or that are no numbers", () => {
    const scalar = (rest: string): string[] => problemsOf(`S: {kind: scalar, doc: s, ${rest}}`);
    expect(scalar("form: uint, widths: [u8, u16], also: {A: 255}")).toEqual([]);
    expect(scalar("form: uint, widths: [u8, u16], also: {A: 256}")).toEqual([
      "x.yaml:1:1: S: A does not fit 8 bits",
    ]);
    expect(scalar("form: uint, bits: 3, widths: [u8], also: {A: 8}")).toEqual([
      "x.yaml:1:1: S: A does not fit 3 bits",
    ]);
    expect(scalar("form: mac, widths: [bytes(6)], also: {A: 1}")).toEqual([
      "x.yaml:1:1: S: only values of form uint have names",
    ]);
    expect(scalar("form: uint, widths: [u8], also: {a-b: 1}")).toEqual([
      'x.yaml:1:1: "a-b" cannot be the name of a value of S: it is not of the form [A-Z0-9][A-Za-z0-9_]*',
    ]);
  });

  it("refuses values beyond 32 bits", () => {
    expect(names("E: {kind: enum, doc: e, values: {A: 0x100000000}}")).toContain(
      "x.yaml:8:1: E: A is larger than 32 bits",
    );
  });

  it("refuses bits that overlap, unless they are values of one field", () => {
    const field = "L: 0x000/0x300, M: 0x100/0x300";
    expect(names(`F: {kind: flags, doc: f, bits: {A: 0, B: 1, ${field}}}`)).toEqual([]);
    expect(names(`F: {kind: flags, doc: f, bits: {A: 0, B: 0, C: {1.0: 3}, D: {1.0-1.1: 3}}}`)).toEqual([
      "x.yaml:8:1: F: A and B overlap in all versions",
      "x.yaml:8:1: F: C and D overlap in 1.0",
    ]);
    expect(names(`F: {kind: flags, doc: f, bits: {A: 8, ${field}, N: 0x100/0x300, O: 0x200/0x200}}`)).toEqual(
      [
        "x.yaml:8:1: F: A and L overlap in all versions",
        "x.yaml:8:1: F: A and M overlap in all versions",
        "x.yaml:8:1: F: A and N overlap in all versions",
        "x.yaml:8:1: F: M and N overlap in all versions",
        "x.yaml:8:1: F: L and O overlap in all versions",
        "x.yaml:8:1: F: M and O overlap in all versions",
        "x.yaml:8:1: F: N and O overlap in all versions",
      ],
    );
  });

  it("knows the highest bit", () => {
    expect(names("F: {kind: flags, doc: f, bits: {A: 31, B: 0x80000000/0xc0000000}}")).toEqual([
      "x.yaml:8:1: F: A and B overlap in all versions",
    ]);
  });

  it("refuses names of numbers that their words cannot hold", () => {
    expect(
      names("N: {kind: number, doc: n, widths: {u32: as_is, u8: as_is}, names: {A: 0xff, B: 0x100}}"),
    ).toEqual(["x.yaml:8:1: N: B does not fit u8"]);
    expect(
      names(
        "N: {kind: number, doc: n, widths: {u32: as_is, u16: sign_extend}, names: {A: 0xfeff, B: 0xff00, C: 0xfffffeff, D: 0xffffff00}}",
      ),
    ).toEqual(["x.yaml:8:1: N: B does not fit u16", "x.yaml:8:1: N: C does not fit u16"]);
    expect(names("N: {kind: number, doc: n, widths: {u32: as_is, u8: sign_extend}, names: {}}")).toEqual([
      "x.yaml:8:1: N: sign_extend is for u16",
    ]);
  });

  it("refuses aliases of nothing, aliases that are names, docs of nothing", () => {
    expect(
      names(
        "E: {kind: enum, doc: e, values: {A: 1, B: 2}, also: {X: A, Y: Z, B: A}, docs: {A: First., Q: None.}}",
      ),
    ).toEqual([
      "x.yaml:8:1: E: Y stands for Z, which is not there",
      "x.yaml:8:1: E: B is a name already and cannot be an alias",
      "x.yaml:8:1: E: docs has Q, which is not there",
    ]);
    expect(names("F: {kind: flags, doc: f, bits: {A: 1}, also: {X: B}, docs: {B: None.}}")).toEqual([
      "x.yaml:8:1: F: X stands for B, which is not there",
      "x.yaml:8:1: F: docs has B, which is not there",
    ]);
    expect(names("N: {kind: number, doc: n, widths: {u32: as_is}, names: {A: 1}, also: {X: B}}")).toEqual([
      "x.yaml:8:1: N: X stands for B, which is not there",
    ]);
    expect(
      names(
        "E: {kind: enum, doc: e, values: {A: 1}}",
        "C: {kind: code, by: E, doc: c, values: {A: {X: 0}}, also: {OLD: X, ELD: Y}}",
      ),
    ).toEqual(["x.yaml:9:1: C: ELD stands for Y, which is not there"]);
  });
});

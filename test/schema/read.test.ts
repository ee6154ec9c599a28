import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  type Definition,
  readNatives,
  readSchemaSources,
  readSchemas,
  type Union,
  WIRE_VERSIONS,
} from "../../src/schema/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { model, problems } = readSchemas(`${root}/schemas`, readNatives(`${root}/src/codec/native`));
const definitions = [...model.definitions.values()];

/** How many of some things each version has, 1.0 to 1.5. */
function perVersion(of: readonly { readonly type: readonly unknown[] }[]): number[] {
  return WIRE_VERSIONS.map((v) => of.filter((one) => one.type[v] !== undefined).length);
}

const ofKind = <K extends Definition["kind"]>(kind: K) =>
  definitions.filter((d): d is Extract<Definition, { kind: K }> => d.kind === kind);

function union(name: string): Union {
  const d = model.definitions.get(name);
  if (d?.kind !== "union") throw new Error(`${name} is not a union`);
  return d;
}

describe("the schemas of this project", () => {
  it("keep all rules of the language", () => {
    expect(problems.map((p) => p.message)).toEqual([]);
  });

  it("have all message types of each version", () => {
    // The two types that carry multiparts are counted; they have no layout of their own.
    const multipartTypes = 2;
    const standard = ofKind("message").filter((d) => d.experimenter === undefined);
    expect(perVersion(standard).map((n) => n + multipartTypes)).toEqual([22, 24, 26, 30, 33, 34]);
  });

  it("have all multipart types of each version, as request and as reply", () => {
    // PORT_DESC is in all versions, because switches have it as an extension: one more than specified up to 1.2.
    const specified = [7, 9, 10, 15, 18, 21];
    const extra = [1, 1, 1, 0, 0, 0];
    for (const part of ["request", "reply"]) {
      const standard = ofKind("multipart").filter((d) => d.experimenter === undefined);
      const found = perVersion(standard.filter((d) => d.part === part));
      expect(found, part).toEqual(specified.map((n, i) => n + (extra[i] as number)));
    }
  });

  it("have a reply for each request", () => {
    const names = new Set(ofKind("multipart").map((d) => d.name));
    for (const name of names) expect(names).toContain(name.replace(/REQUEST$/, "REPLY"));
    expect([...names].filter((name) => name.endsWith("REQUEST")).length * 2).toBe(names.size);
  });

  it("have all actions of each version, those of vendors apart", () => {
    const standard = union("Action").cases.filter((c) => !/^(NX|ONF)_/.test(c.name));
    expect(perVersion(standard)).toEqual([13, 26, 15, 17, 17, 19]);
    expect(union("Action").cases.length - standard.length).toBe(52);
  });

  it("have all instructions and meter bands of each version", () => {
    expect(perVersion(union("Instruction").cases)).toEqual([0, 6, 6, 7, 7, 7]);
    expect(perVersion(union("MeterBand").cases)).toEqual([0, 0, 0, 3, 3, 3]);
  });

  it("have all properties of each version", () => {
    const counts = Object.fromEntries(
      ofKind("union")
        .filter((d) => d.name.endsWith("Property"))
        .map((d) => [d.name, perVersion(d.cases).join(" ")]),
    );
    expect(counts).toEqual({
      PortProperty: "0 0 0 0 3 6",
      PortModProperty: "0 0 0 0 3 3",
      PortStatsProperty: "0 0 0 0 3 3",
      QueueProperty: "2 2 3 3 0 0",
      QueueDescProperty: "0 0 0 0 3 3",
      QueueStatsProperty: "0 0 0 0 1 1",
      TableModProperty: "0 0 0 0 3 3",
      TableFeaturesProperty: "0 0 0 16 17 22",
      AsyncProperty: "12 12 12 12 14 18",
      RoleProperty: "0 0 0 0 1 1",
      BundleProperty: "0 0 0 0 1 2",
      BundleFeaturesProperty: "0 0 0 0 0 2",
      BucketProperty: "0 0 0 0 0 4",
      GroupProperty: "2 0 0 0 0 2",
      ControllerStatusProperty: "0 0 0 0 0 2",
      NxEncapProperty: "0 0 0 2 2 2",
      NxControllerProperty: "6 6 6 6 6 6",
      NxBucketProperty: "3 0 0 0 0 0",
      NxCtFlushProperty: "7 7 7 7 7 7",
      NxCtTupleProperty: "7 7 7 7 7 7",
      NxPacketIn2Property: "9 9 9 9 9 9",
    });
  });

  it("have all error types and codes", () => {
    const types = model.definitions.get("ErrorType");
    const codes = model.definitions.get("ErrorCode");
    if (types?.kind !== "enum" || codes?.kind !== "code") throw new Error("ErrorType, ErrorCode");
    // Types that later versions added are named in earlier ones too, where the number is free.
    expect(perVersion([...types.values.values()].map((type) => ({ type })))).toEqual([6, 14, 15, 15, 19, 19]);
    const all = [...codes.values.values()].flatMap((table) => [...table.values()]);
    expect(perVersion(all.map((type) => ({ type })))).toEqual([110, 111, 111, 111, 153, 170]);
  });

  it("have all match fields and statistics", () => {
    const count = (name: string, inClass: number): number => {
      const d = model.definitions.get(name);
      return d?.kind === "tlv_table" ? d.cases.filter((c) => c.oxmClass === inClass).length : 0;
    };
    expect([count("Field", 0x8000), count("Field", 0x8001), count("Stat", 0x8002)]).toEqual([44, 16, 5]);
    expect([count("Field", 0), count("Field", 1), count("Field", 0xffff)]).toEqual([18, 122, 44]);
  });
});

describe("readSchemaSources", () => {
  it("tells of all files that cannot be read, and checks nothing then", () => {
    const found = readSchemaSources([
      { name: "a.yaml", text: "a: [" },
      { name: "b.yaml", text: "- x" },
      { name: "c.yaml", text: "C: {kind: enum, doc: unused, values: {}}" },
    ]);
    expect(found.problems.map((p) => p.file)).toEqual(["a.yaml", "b.yaml"]);
    expect(found.problems[1]?.message).toBe("b.yaml:1:1: a schema file is a map of definitions");
  });

  it("checks files together", () => {
    const found = readSchemaSources([
      {
        name: "a.yaml",
        text: "M: {kind: message, type: 1, spec: '1', doc: m, json: {e: E}, wire: {all: [{e: u8}]}}",
      },
      {
        name: "b.yaml",
        text: "E: {kind: enum, doc: e, values: {A: 1}}\nF: {kind: enum, doc: f, values: {}}",
      },
    ]);
    expect(found.problems.map((p) => p.message)).toEqual(["b.yaml:2:1: nothing uses F"]);
    expect(found.model.files.get("E")).toBe("b.yaml");
  });
});

describe("readNatives", () => {
  it("names the hand-written functions as schemas spell them", () => {
    const natives = readNatives(`${root}/src/codec/native`);
    for (const direction of ["decode", "encode"] as const) {
      for (const name of ["hello", "learn", "match_1_0", "match_1_1"])
        expect(natives[direction]).toContain(name);
    }
    expect(natives.decode).toContain("error_text");
    expect(natives.encode).not.toContain("error_text");
  });
});

import { describe, expect, it } from "vitest";
import { openRpc } from "../../src/codegen/emit-openrpc.js";
import { generateRpc } from "../../src/codegen/generate.js";
import { modelOf } from "../schema/mini.js";

const MODEL = modelOf(`
  Text: {kind: value, form: text, pattern: 'a+', doc: Any text.}
  Seconds: {kind: value, form: number, doc: A time.}
  Way: {kind: words, doc: Which way., words: {UP: To the top., DOWN: To the bottom.}}
  Shared: {kind: record, doc: s, json: {name: {type: Text}}}
  Pause: {kind: record, doc: p, json: {n: {type: UInt8, doc: How many.}}}
  Found: {kind: record, doc: f, json: {n: {type: UInt8, doc: How many.}}}
  Errors: {kind: failures, doc: e, failures: {GONE: {code: -65000, data: Found, doc: Not here.}}}
  OFP.GO:
    kind: method
    doc: Goes.
    params:
      $with: Shared
      way: {type: Way, default: UP}
      timeout: {type: Seconds, default: 10, min: 1, max: 60, unit: seconds, doc: How long.}
      wait: {type: Seconds | Pause, optional: yes, above: 0, max: 9, doc: A wait.}
    result: Found | null
    errors: [GONE]
    example: {params: '{"name":"aa"}', result: '{"n":1}'}
  OFP.TELL:
    kind: method
    doc: Tells.
    params: {$with: Message, loud: {type: Way, optional: yes}}
    result: {all: {type: '[Found]', doc: All.}}
    example: {params: '{"type":"M"}', result: '{"all":[]}'}
  NEWS:
    kind: event
    doc: Something.
    params: {found: {type: Found, optional: yes}}
    example: '{"type":"NEWS"}'
  M: {kind: message, type: 1, spec: '1', doc: m, json: {a: {type: UInt8}}, wire: {all: [{a: u8}]}}
`);

const source = (name: string): string => generateRpc(MODEL).get(name) ?? "";

describe("the types of the interface", () => {
  it("are an interface for params and result of a method", () => {
    expect(source("types.ts")).toContain(`/** OFP.GO: Goes. */
export interface OfpGoParams {
  /** Any text. */
  name: Text;
  /** Which way. */
  way?: Way;
  /** How long. */
  timeout?: Seconds;
  /** A wait. */
  wait?: Seconds | Pause;
}`);
    expect(source("types.ts")).toContain('"OFP.GO": { params: OfpGoParams; result: Found | null };');
  });

  it("have the keys of a message where the schema says so", () => {
    expect(source("types.ts")).toContain(`export type OfpTellParams = Message & {
  /** Which way. */
  loud?: Way;
};`);
  });

  it("have texts for words, and the name of an event", () => {
    expect(source("types.ts")).toContain('export type Way = "UP" | "DOWN";');
    expect(source("types.ts")).toMatch(
      /export interface NewsEvent \{\n {2}type: "NEWS";\n {2}\/\*\* f \*\/\n {2}found\?: Found;\n\}/,
    );
  });
});

describe("the tables that methods check by", () => {
  it("have keys, words and codes", () => {
    expect(source("params.ts")).toContain(
      '"OFP.GO": { keys: ["name","way","timeout","wait"], required: ["name"], optional: false },',
    );
    expect(source("params.ts")).toContain('"OFP.TELL": { keys: ["loud"], required: [], optional: false },');
    expect(source("params.ts")).toContain('Way: ["UP","DOWN"],');
    expect(source("params.ts")).toContain("GONE: -65000,");
  });
});

describe("the catalog", () => {
  it("says of each key what it may be and what a missing one means", () => {
    const text = source("catalog.ts");
    expect(text).toContain(
      '{"name":"timeout","type":"Seconds","assumed":"10","range":"1 to 60 seconds","doc":"How long."}',
    );
    expect(text).toContain(
      '{"name":"way","type":"UP | DOWN","assumed":"UP","doc":"Which way. UP: To the top. DOWN: To the bottom."}',
    );
    expect(text).toContain(
      '{"name":"all","type":"","list":true,"keys":[{"name":"n","type":"UInt8","required":true,"doc":"How many."}]',
    );
    expect(text).toContain(
      '{"name":"wait","type":"Seconds","keys":[{"name":"n","type":"UInt8","required":true,"doc":"How many."}],"range":"above 0, at most 9","doc":"A wait."}',
    );
    expect(text).toContain('{"name":"type","type":"NEWS","required":true,"doc":""}');
  });
});

describe("the OpenRPC document", () => {
  const { methods, components, ...document } = openRpc(MODEL) as {
    methods: Record<string, unknown>[];
    components: { schemas: Record<string, unknown>; errors: unknown };
  };

  it("describes the params of a method one by one, its result, errors and example", () => {
    expect(methods[0]).toEqual({
      name: "OFP.GO",
      description: "Goes.",
      paramStructure: "by-name",
      params: [
        { name: "name", required: true, schema: { $ref: "#/$defs/Text", description: "Any text." } },
        {
          name: "way",
          required: false,
          schema: { $ref: "#/$defs/Way", description: "Which way.", default: "UP" },
        },
        {
          name: "timeout",
          required: false,
          schema: {
            $ref: "#/$defs/Seconds",
            minimum: 1,
            maximum: 60,
            description: "How long. Unit: seconds.",
            default: 10,
          },
        },
        {
          name: "wait",
          required: false,
          schema: {
            anyOf: [{ $ref: "#/$defs/Seconds" }, { $ref: "#/$defs/Pause" }],
            maximum: 9,
            exclusiveMinimum: 0,
            description: "A wait.",
          },
        },
      ],
      result: { name: "result", required: true, schema: { $ref: "#/$defs/OFP.GO.result" } },
      errors: [{ $ref: "#/components/errors/GONE" }],
      examples: [
        {
          name: "OFP.GO",
          params: [{ name: "name", value: "aa" }],
          result: { name: "result", value: { n: 1 } },
        },
      ],
    });
    expect(components.errors).toEqual({ GONE: { code: -65000, message: "Not here." } });
    expect(document).toMatchObject({ "x-error-data": { GONE: { $ref: "#/$defs/Found" } } });
  });

  it("closes what clients write and leaves open what the daemon writes", () => {
    expect(components.schemas["OFP.GO.params"]).toMatchObject({
      additionalProperties: false,
      required: ["name"],
    });
    expect(components.schemas.Found).not.toHaveProperty("additionalProperties");
    expect(components.schemas["OFP.GO.result"]).toEqual({
      title: "result of OFP.GO",
      anyOf: [{ $ref: "#/$defs/Found" }, { type: "null" }],
    });
  });

  it("lets the type of a message say what its body is", () => {
    expect(components.schemas["Message.msg"]).toMatchObject({
      allOf: [
        {
          if: { properties: { type: { enum: ["M"] } } },
          // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
          then: { properties: { msg: { $ref: "#/$defs/M.msg" } }, required: ["msg"] },
        },
      ],
    });
    expect(components.schemas["OFP.TELL.params"]).toMatchObject({
      required: ["type"],
      allOf: [{ $ref: "#/$defs/Message.msg" }],
    });
  });

  it("lists events as notifications of the daemon", () => {
    expect(document["x-notifications" as keyof typeof document]).toMatchObject([
      { name: "OFP.MESSAGE", "x-params-schema": { anyOf: [{ $ref: "#/$defs/NEWS" }] } },
    ]);
    expect(components.schemas.NEWS).toMatchObject({
      properties: { type: { const: "NEWS" }, found: { $ref: "#/$defs/Found" } },
      required: ["type"],
    });
  });
});

import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, it } from "vitest";
import { loadOpenRpc, loadRpcSchema } from "../../src/rpc/catalog.js";
import { newAjv } from "../ajv.js";

interface Document {
  readonly openrpc: string;
  readonly methods: readonly { readonly name: string; readonly params: object[] }[];
  readonly components: { readonly schemas: Record<string, object>; readonly errors: Record<string, object> };
}

let document: Document;
beforeAll(async () => {
  document = (await loadOpenRpc()) as Document;
});

const LENIENT = { strict: false, validateFormats: false, inlineRefs: false } as const;

/** OpenRPC's own schema. The one of JSON Schema that it refers to is only on the web, and is draft 7. */
function metaSchema(): object {
  const { openrpcDocument } = createRequire(import.meta.url)("@open-rpc/meta-schema") as {
    openrpcDocument: object;
  };
  const { $schema, ...schema } = JSON.parse(
    JSON.stringify(openrpcDocument).replaceAll(
      '"https://meta.json-schema.tools"',
      '"https://meta.json-schema.tools/"',
    ),
  ) as { $schema: string };
  return schema;
}

function refsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" && typeof inner === "string" ? [inner] : refsOf(inner),
  );
}

describe("the OpenRPC document", () => {
  it("is one by OpenRPC's own schema, which refuses others", () => {
    const ajv = new Ajv(LENIENT);
    ajv.addSchema({
      $id: "https://meta.json-schema.tools/",
      allOf: [{ $ref: "http://json-schema.org/draft-07/schema#" }],
      definitions: { JSONSchemaObject: { properties: { $ref: { type: "string" } } } },
    });
    const isOpenRpc = ajv.compile(metaSchema());
    expect(isOpenRpc(document), JSON.stringify(isOpenRpc.errors)).toBe(true);
    expect(isOpenRpc({ ...document, methods: [{ name: "OFP.X" }] })).toBe(false);
  });

  it("has what it refers to", () => {
    const refs = new Set(refsOf(document));
    expect(refs.size).toBeGreaterThan(100);
    const lost = [...refs].filter((ref) => {
      const [, kind, name] = /^#\/components\/(schemas|errors)\/(.+)$/.exec(ref) ?? [];
      return kind === undefined || !Object.hasOwn(document.components[kind as "schemas"], name as string);
    });
    expect(lost).toEqual([]);
  });

  it("has nothing beside a reference, which draft 7 of JSON Schema would not see", () => {
    const crowded = (value: unknown): unknown[] => {
      if (typeof value !== "object" || value === null) return [];
      const isRef = "$ref" in value && typeof value.$ref === "string";
      const here = isRef && Object.keys(value).length > 1 ? [value] : [];
      return [...here, ...Object.values(value).flatMap(crowded)];
    };
    expect(crowded(document)).toEqual([]);
  });

  it.each([
    ["draft 7", () => new Ajv({ ...LENIENT, code: { optimize: false } })],
    ["draft 2020-12", () => newAjv({ strict: false, validateFormats: false })],
  ])("has schemas that say the same in %s", (_draft, make) => {
    const ajv = make();
    ajv.addSchema(document, "openrpc");
    const accepts = (name: string, value: unknown): boolean =>
      ajv.validate(`openrpc#/components/schemas/${name}`, value) as boolean;
    expect(accepts("OFP.SEND.params", { type: "BARRIER_REQUEST", conn_id: 1 })).toBe(true);
    expect(accepts("OFP.SEND.params", { type: "BARRIER_REQUEST", conn: 1 })).toBe(false);
    expect(accepts("OFP.SEND.params", { type: "FLOW_MOD", msg: { command: "ADD", table_id: 0 } })).toBe(true);
    expect(accepts("OFP.SEND.params", { type: "FLOW_MOD", msg: { command: "ADDD", table_id: 0 } })).toBe(
      false,
    );
    expect(accepts("OFP.SEND.params", { type: "FLOW_MOD" })).toBe(false);
    expect(accepts("OFP.LISTEN.params", { endpoint: "6653", options: ["FEATURES_REQ"] })).toBe(true);
    expect(accepts("OFP.LISTEN.params", { endpoint: "6653", options: ["FEATURES"] })).toBe(false);
    expect(accepts("OFP.LISTEN.params", { versions: [1] })).toBe(false);
    expect(accepts("OFP.SET_FILTER.params", [{ filter: "", action: "NONE", escalate: "5/1" }])).toBe(true);
    expect(accepts("OFP.SET_FILTER.params", [{ filter: "", action: "NONE", escalate: "5x" }])).toBe(false);
  });
});

describe("the JSON Schema of requests", () => {
  it("accepts a request whose params are those of its method", async () => {
    const isRequest = newAjv({ strict: false, validateFormats: false }).compile(await loadRpcSchema());
    expect(isRequest({ id: 1, method: "OFP.CLOSE", params: { conn_id: 2 } })).toBe(true);
    expect(isRequest({ jsonrpc: "2.0", id: "a", method: "OFP.DESCRIPTION" })).toBe(true);
    expect(isRequest({ id: 1, method: "OFP.CLOSE", params: { con_id: 2 } })).toBe(false);
    expect(isRequest({ id: 1, method: "OFP.NONE" })).toBe(false);
    expect(isRequest({ id: 1, method: "OFP.SEND", params: { type: "NONE", conn_id: 2 } })).toBe(false);
  });
});

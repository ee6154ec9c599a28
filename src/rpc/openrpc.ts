// The OpenRPC document: methods, events and errors as they are generated, with the schemas of messages, which stand elsewhere.
import { loadJsonSchema } from "../codec/catalog.js";

/** Version of the RPC interface. Clients compare it as a number: it changes when they have to change. */
export const API_VERSION = "0.9";

interface Schemas {
  readonly [name: string]: object;
}

interface Document {
  readonly openrpc: string;
  readonly info: object;
  readonly components: { readonly schemas: Schemas };
}

const DEFS = "#/$defs/";
const COMPONENTS = "#/components/schemas/";

/** Loads the OpenRPC 1.3 document of the daemon. Its schemas mean the same in drafts 7 and 2020-12 of JSON Schema. */
export async function loadOpenRpc(): Promise<object> {
  const document = await loadDocument();
  const schemas = { ...(await loadMessageSchemas()), ...document.components.schemas };
  const whole = {
    ...document,
    info: { ...document.info, version: API_VERSION },
    components: { ...document.components, schemas },
  };
  return asOpenRpc(whole) as object;
}

/**
 * Loads the JSON Schema (draft 2020-12) of what is said to and by the daemon: one request. Params, results and events are definitions of it:
 * `OFP.SEND.params`, `OFP.SEND.result`, `CHANNEL_UP`.
 */
export async function loadRpcSchema(): Promise<object> {
  const { components } = await loadDocument();
  const requests = Object.keys(components.schemas).filter((name) => `${name}.params` in components.schemas);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:oftr:rpc-request",
    anyOf: requests.map((name) => ({ $ref: `${DEFS}${name}` })),
    $defs: { ...(await loadMessageSchemas()), ...components.schemas },
  };
}

async function loadDocument(): Promise<Document> {
  return JSON.parse((await import("./gen/openrpc.js")).openRpcText) as Document;
}

/** The definitions of messages, and `Message`, which is any of them. */
async function loadMessageSchemas(): Promise<Schemas> {
  const { $schema, $id, $defs, ...message } = (await loadJsonSchema()) as {
    $schema: string;
    $id: string;
    $defs: Schemas;
  };
  return withoutRoot({ Message: message, ...$defs }) as Schemas;
}

/** What refers to the root refers to `Message`. */
function withoutRoot(value: unknown): unknown {
  return mapRefs(value, (ref) => (ref === "#" ? `${DEFS}Message` : ref));
}

/** References to components. Before draft 2019-09 a reference has nothing beside it, so others stand around it. */
function asOpenRpc(value: unknown): unknown {
  const moved = mapRefs(value, (ref) => ref.replace(DEFS, COMPONENTS));
  return wrapRefs(moved);
}

function mapRefs(value: unknown, change: (ref: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => mapRefs(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string" ? change(inner) : mapRefs(inner, change),
    ]),
  );
}

function wrapRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wrapRefs);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, wrapRefs(inner)] as const);
  const ref = entries.find(([key, inner]) => key === "$ref" && typeof inner === "string");
  if (ref === undefined || entries.length === 1) return Object.fromEntries(entries);
  const { allOf = [], ...others } = Object.fromEntries(entries.filter((entry) => entry !== ref)) as {
    allOf?: object[];
  };
  return { allOf: [{ $ref: ref[1] }, ...allOf], ...others };
}

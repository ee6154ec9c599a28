// The forms of requests, replies and events as lines in the manner of YAML.
import type { RpcEntry, RpcKey, RpcShape } from "../rpc/catalog.js";

/** A line of the form of a text, in the manner of YAML, and what there is to say about it. */
export interface RpcLine {
  readonly code: string;
  readonly comment: string;
}

const line = (code: string, comment = ""): RpcLine => ({ code, comment });

/** What pages call an entry. */
export const RPC_KINDS: Readonly<Record<RpcEntry["kind"], string>> = {
  method: "a method",
  event: "an event",
  error: "a reply",
  value: "a type",
  words: "a type",
};

/** The lines of an entry. */
export function rpcLines(entry: RpcEntry): RpcLine[] {
  switch (entry.kind) {
    case "method":
      return [
        line("id: Text | UInt64", "Comes back in the reply; a request without it gets none."),
        line(`method: ${entry.name}`),
        ...(entry.params ? shapeLines("params", entry.params, TAKEN) : []),
        ...shapeLines("result", entry.result),
        ...(entry.errors.length === 0 ? [] : [line(`errors: ${entry.errors.join(", ")}`, "See rpc.error.")]),
      ];
    case "event":
      return [line("method: OFP.MESSAGE"), ...shapeLines("params", entry.params)];
    case "value":
      return [];
    case "words":
      return entry.words.map(({ word, doc }) => line(word, doc));
    case "error":
      return [
        line("id: Text | UInt64 | null", "null when the request had no readable one."),
        line("error:"),
        line("  code: Integer", "One of those below, or an error number of the system or of OpenSSL."),
        line("  message: Text"),
        line("  data:", "Depends on the code; may be missing."),
        ...entry.failures.flatMap(({ name, code, doc, data }) => [
          line(`${code}:`, `${name}. ${doc}`),
          ...(data === undefined ? [] : shapeLines("data", data, { indent: "  ", taken: false })),
        ]),
      ];
  }
}

/** How keys are shown. */
interface Manner {
  readonly indent: string;
  /** Written by clients: it is said which keys they need. */
  readonly taken: boolean;
}

const GIVEN: Manner = { indent: "", taken: false };
const TAKEN: Manner = { indent: "", taken: true };

function shapeLines(name: string, { type, keys, list }: RpcShape, manner = GIVEN): RpcLine[] {
  return keyLines({ name, type, keys, doc: "", ...(list ? { list } : {}) }, manner);
}

function keyLines(key: RpcKey, { indent, taken }: Manner): RpcLine[] {
  const { name, type, keys = [], list } = key;
  const head = line(`${indent}${name}:${type === "" ? "" : ` ${type}`}`, keyComment(key, taken));
  const inner = { indent: `${indent}${list ? "    " : "  "}`, taken };
  const below = keys.flatMap((one) => keyLines(one, inner));
  const [first, ...others] = below;
  if (!list || first === undefined) return [head, ...below];
  return [head, { ...first, code: first.code.replace(`${indent}    `, `${indent}  - `) }, ...others];
}

function keyComment({ required, assumed, range, doc }: RpcKey, taken: boolean): string {
  const parts = [
    taken && required ? "Required." : "",
    doc,
    ...(range === undefined ? [] : [`${range[0]?.toUpperCase() ?? ""}${range.slice(1)}.`]),
    ...(assumed === undefined ? [] : [`Default ${assumed}.`]),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** Whole JSON texts of an entry as they go over the wire: a request and its reply, or an event. */
export function rpcExample(entry: RpcEntry): string[] {
  if (entry.kind === "event")
    return [JSON.stringify({ method: "OFP.MESSAGE", params: entry.example.params })];
  if (entry.kind !== "method") return [];
  const { params, result } = entry.example;
  const request = { id: 1, method: entry.name, ...(params === undefined ? {} : { params }) };
  return [JSON.stringify(request), JSON.stringify({ id: 1, result })];
}

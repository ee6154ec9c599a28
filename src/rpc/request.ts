// The text of a request -> its parts. JSON is read by JSON.parse; what is not JSON is read as YAML, which people type.
import type { PathParts } from "../base/index.js";
import { parseJson, parseJsonLossless, parseYaml } from "../text/index.js";
import type { Mapping } from "./params.js";

/** How a request is answered: the id as JSON text, `null` too. Undefined: a notification, it is not answered. */
export type ReplyId = string | undefined;

/** Where a request came from, to find places in it. */
export interface RequestText {
  /** As it came. */
  readonly text: string;
  /** The way to the request in the value of the text: none, or its place in a batch. */
  readonly base: PathParts;
  /** All scalars came as texts. */
  readonly yaml: boolean;
}

/** A request whose envelope is sound. */
export interface Request {
  readonly id: ReplyId;
  readonly method: string;
  /** Undefined when there are none. */
  readonly params: unknown;
  readonly source: RequestText;
}

/** The keys of a request. */
export const REQUEST_KEYS: readonly string[] = ["jsonrpc", "id", "method", "params"];

/** Reads a text as JSON, or else as YAML, whose scalars stay texts. Throws TextError. */
export function parseRequestText(text: string): { readonly value: unknown; readonly yaml: boolean } {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return { value: parseJson(body), yaml: false };
  } catch {
    return { value: parseYaml(body).value, yaml: true };
  }
}

/** Reads a request again, keeping all digits of its integers. The text is known to be readable. */
export function parseRequestLossless({ text, base }: RequestText): Mapping {
  let value: unknown;
  try {
    value = parseJsonLossless(text);
  } catch {
    value = parseRequestText(text).value;
  }
  for (const step of base) value = (value as Readonly<Record<string | number, unknown>>)[step];
  return value as Mapping;
}

/** A member of a request, undefined when it has none of this name. */
export function own(request: Mapping, key: string): unknown {
  return Object.hasOwn(request, key) ? request[key] : undefined;
}

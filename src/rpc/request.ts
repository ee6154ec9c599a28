// The text of a request -> its parts. JSON is read by JSON.parse; what is not JSON is read as YAML, which people type.
import { countLimitHit, type Limits, type PathParts, TextError } from "../base/index.js";
import {
  parseJson,
  parseJsonLossless,
  parseYaml,
  type YamlDocument,
  type YamlLimits,
} from "../text/index.js";
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
export function parseRequestText(
  text: string,
  limits: Limits,
): { readonly value: unknown; readonly yaml: boolean } {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return { value: parseJson(body), yaml: false };
  } catch {
    return { value: parseLimitedYaml(body, limits), yaml: true };
  }
}

function parseLimitedYaml(text: string, limits: Limits): unknown {
  const {
    yamlBytes: maxLength,
    yamlDepth: maxDepth,
    yamlTokens: maxTokens,
    yamlAliases: maxAliases,
  } = limits;
  try {
    return parseYaml(text, { maxLength, maxDepth, maxTokens, maxAliases }).value;
  } catch (error) {
    const code = error instanceof TextError ? error.code : undefined;
    if (code === "TOO_LARGE") countLimitHit(text.length > maxLength ? "yamlBytes" : "yamlTokens");
    else if (code === "TOO_DEEP") countLimitHit("yamlDepth");
    else if (code === "ALIAS") countLimitHit("yamlAliases");
    throw error;
  }
}

const NO_LIMITS: Required<YamlLimits> = {
  maxLength: Number.POSITIVE_INFINITY,
  maxDepth: Number.POSITIVE_INFINITY,
  maxTokens: Number.POSITIVE_INFINITY,
  maxAliases: Number.POSITIVE_INFINITY,
};

/** Reads once more as YAML what was read before within the limits, to find places in it. Throws TextError where it is JSON that YAML refuses. */
export function readYamlAgain(text: string): YamlDocument {
  return parseYaml(text, NO_LIMITS);
}

/** Reads a request again, keeping all digits of its integers. The text is known to be readable. */
export function parseRequestLossless({ text, base }: RequestText): Mapping {
  let value: unknown;
  try {
    value = parseJsonLossless(text);
  } catch {
    value = readYamlAgain(text.startsWith("\ufeff") ? text.slice(1) : text).value;
  }
  for (const step of base) value = (value as Readonly<Record<string | number, unknown>>)[step];
  return value as Mapping;
}

/** A member of a request, undefined when it has none of this name. */
export function own(request: Mapping, key: string): unknown {
  return Object.hasOwn(request, key) ? request[key] : undefined;
}

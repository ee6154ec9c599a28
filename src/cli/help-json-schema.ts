/** `oftr help --json-schema NAME`: the part of the JSON Schema that describes something, with all that it refers to. */

type Schema = { readonly [key: string]: unknown };

/** What the schema of all messages is called where a part refers to it: BUNDLE_ADD_MESSAGE has any message in it. */
const WHOLE = "Message";

const PREFIX = "#/$defs/";

/**
 * A schema of its own for definitions of the whole schema: a document is one of them. Undefined when there is none of these names.
 * @param whole  the JSON Schema of messages, or of requests
 */
export function schemaOf(whole: object, names: readonly string[]): object | undefined {
  const { $schema, $id, $defs, ...message } = whole as Schema & { readonly $defs: Schema };
  const all: Schema = { [WHOLE]: message, ...$defs };
  const found = names.filter((name) => Object.hasOwn(all, name));
  if (found.length === 0) return undefined;
  const used = new Map<string, unknown>();
  const queue = [...found];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (used.has(name)) continue;
    const part = withoutRoot(all[name], (ref) => queue.push(ref));
    used.set(name, part);
  }
  const refs = found.map((name) => ({ $ref: `${PREFIX}${name}` }));
  return {
    $schema,
    $id: `${$id}:${found.join(",")}`,
    ...(refs.length === 1 ? refs[0] : { anyOf: refs }),
    $defs: Object.fromEntries(used),
  };
}

/** A copy in which what referred to the whole schema refers to a definition; tells the names of all that it refers to. */
function withoutRoot(value: unknown, refersTo: (name: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutRoot(item, refersTo));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== "$ref" || typeof inner !== "string") return [key, withoutRoot(inner, refersTo)];
      const name = inner === "#" ? WHOLE : inner.slice(PREFIX.length);
      refersTo(name);
      return [key, `${PREFIX}${name}`];
    }),
  );
}

// Which versions have a name that not all of them have: what errors say of a name that stands in the wrong version.
import { ALL_VERSIONS } from "../base/index.js";
import type { ByVersion, Definition, Model } from "../schema/index.js";
import { SourceModule } from "./printer.js";
import { caseVersions, namedCases, versionsOf } from "./shape.js";

/** Wire versions by name. */
type NameVersions = Map<string, Set<number>>;

/** Emits gen/encode/name-versions.ts. */
export function emitNameVersions(model: Model): SourceModule {
  const module = new SourceModule("codec/gen/encode/name-versions", "*");
  const table: Record<string, Record<string, string>> = { MessageType: {} };
  for (const d of model.definitions.values()) {
    const names = namesOf(model, d);
    const type = d.kind === "message" || d.kind === "multipart" ? "MessageType" : d.name;
    for (const [name, versions] of names) {
      if (versions.size === ALL_VERSIONS.length || versions.size === 0) continue;
      table[type] = { ...table[type], [name]: [...versions].sort().join("") };
    }
  }
  const lines = Object.entries(table).map(([type, names]) => `  ${JSON.stringify({ [type]: names })}`);
  module.add(
    [
      "/** Types and their names, with the digits of the wire versions that have them; JSON, parsed when an error needs it. */",
      `export const nameVersions = ${JSON.stringify(`[${lines.map((line) => line.trim()).join(",")}]`)};`,
    ].join("\n"),
  );
  return module;
}

/** The names of a definition and of its values, with their versions. */
function namesOf(model: Model, d: Definition): NameVersions {
  const names: NameVersions = new Map();
  const add = (name: string, versions: Iterable<number>): void => {
    names.set(name, new Set([...(names.get(name) ?? []), ...versions]));
  };
  const addAll = (values: ReadonlyMap<string, ByVersion<unknown>>): void => {
    for (const [name, by] of values) add(name, versionsOf(by));
  };
  switch (d.kind) {
    case "message":
    case "multipart":
      add(d.name, versionsOf(d.type));
      break;
    case "union":
      for (const c of namedCases(d)) add(c.name, caseVersions(model, d, c));
      break;
    case "enum":
      addAll(d.values);
      break;
    case "flags":
      addAll(d.bits);
      break;
    case "code":
      for (const values of d.values.values()) addAll(values);
      break;
    default:
      return names;
  }
  if ("also" in d) for (const [alias, of] of d.also) add(alias, names.get(of) ?? []);
  return names;
}

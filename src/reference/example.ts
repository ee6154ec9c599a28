// Examples of the catalog, as YAML that `oftr encode` reads.
import type { Version } from "../base/index.js";
import { Text, writeYamlDocument } from "../text/index.js";

/** The version that most switches speak. */
const USUAL: Version = 4;

/** The version to show a message in: the usual one, or the first that has it. */
export function exampleVersion(versions: readonly Version[]): Version {
  return versions.includes(USUAL) ? USUAL : (versions[0] ?? USUAL);
}

/** The lines of an example; a message gets the version after its xid, and the marks of a document. */
export function formatExample(example: unknown, version?: Version): string[] {
  const out = new Text(1 << 14);
  writeYamlDocument(JSON.stringify(version === undefined ? example : withVersion(example, version)), out);
  const lines = out.take().toString("latin1").trimEnd().split("\n");
  return (version === undefined ? lines.slice(1, -1) : lines).map((line) => line.trimEnd());
}

/** A message of the catalog in a version. */
function withVersion(example: unknown, version: Version): object {
  const { type, xid, ...rest } = example as Record<string, unknown>;
  return { type, xid, version, ...rest };
}

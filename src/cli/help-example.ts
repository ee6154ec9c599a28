/** Examples of the catalog, as YAML that `oftr encode` reads. */
import type { Version } from "../base/index.js";
import type { CatalogTlv } from "../codec/catalog.js";
import { encodeMessage, MessageWriter } from "../codec/encode.js";
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
  return version === undefined ? lines.slice(1, -1) : lines;
}

/** A message of the catalog in a version. */
export function withVersion(example: unknown, version: Version): object {
  const { type, xid, ...rest } = example as Record<string, unknown>;
  return { type, xid, version, ...rest };
}

/** From this wire version on a match is a list of TLVs, which can have any field. */
const FIRST_WITH_TLVS: Version = 3;

/** Versions whose matches can have a field: the older ones are asked, their matches have a fixed form. */
export function fieldVersions(field: CatalogTlv): Version[] {
  const since = Math.max(field.since, FIRST_WITH_TLVS);
  return ([1, 2, 3, 4, 5, 6] as const).filter((v) => (v < FIRST_WITH_TLVS ? canMatch(field, v) : v >= since));
}

function canMatch(field: CatalogTlv, version: Version): boolean {
  const msg = { table_id: 0, command: "ADD", match: field.example };
  try {
    encodeMessage({ type: "FLOW_MOD", version, msg }, new MessageWriter(), {});
    return true;
  } catch {
    return false;
  }
}

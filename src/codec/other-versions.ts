// Names that the version of a message does not have and others do: an error that says so is worth more than one that
// takes them for unknown. Nothing here is done before an error.
import { EncodeError, formatVersionRange, type Version, versionName } from "../base/index.js";
import { nameVersions } from "./gen/encode/name-versions.js";

let byType: ReadonlyMap<string, Readonly<Record<string, string>>> | undefined;

/**
 * The versions that have a name of a type (an enum, flags, a union, `MessageType`), when these are not all; undefined for a name
 * that all have, or none.
 */
export function versionsOfName(type: string, name: string): Version[] | undefined {
  byType ??= new Map(
    (JSON.parse(nameVersions) as Record<string, Record<string, string>>[]).flatMap((one) =>
      Object.entries(one),
    ),
  );
  const names = byType.get(type);
  if (names === undefined || !Object.hasOwn(names, name)) return undefined;
  return [...names[name]!].map((digit) => Number(digit) as Version);
}

/** `, only in 1.3+`; empty when nothing is known of the name. */
export function onlyIn(type: string, name: string): string {
  const versions = versionsOfName(type, name);
  return versions === undefined ? "" : `, only in ${formatVersionRange(versions)}`;
}

/** An error that passes by, or, when it refuses a name that only other versions have, one that says so. */
export function toldOfVersion(error: unknown, version: number): unknown {
  if (!(error instanceof EncodeError) || error.code !== "INVALID" || error.expected === undefined)
    return error;
  const { found, expected } = error;
  const name = typeof found === "string" ? found : "";
  const versions = versionsOfName(expected, name);
  if (versions === undefined || versions.includes(version as Version)) return error;
  const detail = `${name} cannot be expressed in OpenFlow ${versionName(version as Version)}${onlyIn(expected, name)}`;
  return new EncodeError(error.path, detail, { code: "UNSUPPORTED", found, expected });
}

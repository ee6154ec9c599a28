// OpenFlow versions: their names "1.0" to "1.5", their numbers on the wire 1 to 6, and ranges of them.

/** The version byte of an OpenFlow header: 1 is OpenFlow 1.0, 6 is OpenFlow 1.5. */
export type Version = 1 | 2 | 3 | 4 | 5 | 6;

/** All versions, ascending. */
export const ALL_VERSIONS: readonly Version[] = [1, 2, 3, 4, 5, 6];

const NAMES: readonly string[] = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"];

/** True for the version bytes this program speaks. */
export function isVersion(wire: unknown): wire is Version {
  return Number.isInteger(wire) && (wire as number) >= 1 && (wire as number) <= 6;
}

/** "1.3" for 4. */
export function versionName(version: Version): string {
  return NAMES[version - 1] as string;
}

/** 4 for "1.3"; undefined for anything but the six names. */
export function parseVersion(name: string): Version | undefined {
  const i = NAMES.indexOf(name);
  return i < 0 ? undefined : ((i + 1) as Version);
}

/** Reads `1.0`, `1.1-1.3`, `1.4+` or `all`: the versions it names, ascending. Undefined when it is none of these. */
export function parseVersionRange(text: string): Version[] | undefined {
  if (text === "all") return [...ALL_VERSIONS];
  const open = text.endsWith("+");
  const dash = text.indexOf("-");
  const first = parseVersion(open ? text.slice(0, -1) : dash < 0 ? text : text.slice(0, dash));
  const last = open ? 6 : dash < 0 ? first : parseVersion(text.slice(dash + 1));
  if (first === undefined || last === undefined || last < first) return undefined;
  return ALL_VERSIONS.filter((v) => v >= first && v <= last);
}

/** Writes versions as a range: `all`, `1.0`, `1.1-1.3`, `1.4+`; gaps give several, joined by ", ". "none" when empty. */
export function formatVersionRange(versions: Iterable<Version>): string {
  const set = new Set(versions);
  if (set.size === 0) return "none";
  if (set.size === ALL_VERSIONS.length) return "all";
  const runs: string[] = [];
  for (const first of ALL_VERSIONS) {
    if (!set.has(first) || set.has((first - 1) as Version)) continue;
    let last: number = first;
    while (set.has((last + 1) as Version)) last++;
    const name = versionName(first);
    runs.push(last === first ? name : last === 6 ? `${name}+` : `${name}-${versionName(last as Version)}`);
  }
  return runs.join(", ");
}

/** The versions as bits of the HELLO version bitmap: bit n stands for wire version n (OF 1.3.5 §7.5.1). */
export function versionBits(versions: Iterable<Version>): number {
  let bits = 0;
  for (const v of versions) bits |= 1 << v;
  return bits;
}

/** The versions whose bits are set, ascending; bits of unknown versions are ignored. */
export function versionsOfBits(bits: number): Version[] {
  return ALL_VERSIONS.filter((v) => (bits & (1 << v)) !== 0);
}

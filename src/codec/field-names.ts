// Names of match fields as other programs have them: NXM_NX_REG0 is our NX_REG0.

/** Beginnings of other programs' names, and those of ours that may stand for them. */
export type Prefixes = readonly (readonly [other: string, ours: readonly string[]])[];

/** The kind of a field by its name, or by that of another program; undefined for a name that nobody has. */
export function kindNamed(
  index: ReadonlyMap<string, number>,
  prefixes: Prefixes,
  name: string,
): number | undefined {
  const kind = index.get(name);
  if (kind !== undefined) return kind;
  for (const [other, ours] of prefixes) {
    if (!name.startsWith(other)) continue;
    for (const own of ours) {
      const found = index.get(own + name.slice(other.length));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

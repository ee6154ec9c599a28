// Short texts of the catalog: values by version, sections, codes, sizes, prerequisites.
import { ALL_VERSIONS, formatVersionRange, type Version, versionName } from "../base/index.js";
import {
  type BodyUnit,
  type ByVersion,
  fixedBytes,
  leastOf,
  type Model,
  type Need,
} from "../schema/index.js";

/** One text when it holds for all versions of the map, else `15 (1.0), 16 (1.1+)`. */
export function byVersionText<T>(map: ByVersion<T>, format: (value: T) => string): string {
  const groups = new Map<string, Version[]>();
  for (const v of ALL_VERSIONS) {
    const value = map[v];
    if (value === undefined) continue;
    const text = format(value);
    groups.set(text, [...(groups.get(text) ?? []), v]);
  }
  if (groups.size === 1) return [...groups.keys()].join();
  return [...groups].map(([text, versions]) => `${text} (${formatVersionRange(versions)})`).join(", ");
}

/** `OpenFlow 1.0 §5.3.3, 1.3 §7.3.4.1`; a text without versions as it is. */
export function specText(spec: ByVersion<string>): string {
  const said = ALL_VERSIONS.flatMap((v) => (spec[v] === undefined ? [] : [[v, spec[v]] as const]));
  const first = said[0]?.[1];
  if (first === undefined) return "";
  if (said.length === ALL_VERSIONS.length && said.every(([, text]) => text === first)) {
    return /^\d/.test(first) ? `OpenFlow ${first}` : first;
  }
  return `OpenFlow ${said.map(([v, text]) => `${versionName(v)} ${text}`).join(", ")}`;
}

/** `4`, `0xffff:0x2320:6` for cases of vendors. */
export function codeText(code: readonly number[]): string {
  return code.length === 1 ? String(code[0]) : code.map((n) => `0x${n.toString(16)}`).join(":");
}

/** `ETH_TYPE=0x0800|0x86dd`, `VLAN_VID&0x1000`, `NX_CT_STATE=1/1|32/48`, `IN_PORT`. */
export function needText(need: Need): string {
  const number = (n: number): string => (n < 256 ? String(n) : `0x${n.toString(16).padStart(4, "0")}`);
  if (need.values) return `${need.field}=${need.values.map(number).join("|")}`;
  if (need.under === undefined) return need.field;
  const [only, ...more] = need.under;
  if (only !== undefined && more.length === 0 && only.value === only.mask)
    return `${need.field}&${number(only.value)}`;
  return `${need.field}=${need.under.map(({ value, mask }) => `${number(value)}/${number(mask)}`).join("|")}`;
}

/**
 * Bytes on the wire: `16`, `8 or more`, `8 (1.0), 16 (1.1+)`.
 * @param head  bytes before the rows
 * @param multiple  what the size is rounded up to
 */
export function sizeText(
  model: Model,
  unit: BodyUnit,
  head: (version: Version) => number,
  multiple = 1,
): string {
  const sizes = ALL_VERSIONS.reduce<(string | undefined)[]>((all, v) => {
    const rows = unit.rows[v];
    if (rows === undefined) return all;
    const least = head(v) + leastOf(model, unit, v);
    const isFixed =
      unit.jsonList === undefined && rows.every((row) => fixedBytes(model, unit, row, v) !== undefined);
    all[v] = isFixed ? String(Math.ceil(least / multiple) * multiple) : `${least} or more`;
    return all;
  }, []);
  return byVersionText(sizes, String);
}

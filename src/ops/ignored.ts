// Which values may differ without being told: paths, and names that stand for lists of them.
import { compileGlob } from "../text/index.js";

/** Tells which places do not count: `msg.match[2].value`. */
export type Ignored = (path: string) => boolean;

/** Keys that differ from one run to the next, or from one switch to the next, though nobody says anything else. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  [
    // What grows with time and traffic; `stat` has such values in OpenFlow 1.5.
    "counters",
    [
      ...["duration", "idle_age", "hard_age", "stat"],
      ...["packet_count", "byte_count", "packet_in_count", "byte_in_count", "lookup_count", "matched_count"],
      ...["rx_packets", "rx_bytes", "rx_dropped", "rx_errors", "rx_frame_err", "rx_over_err", "rx_crc_err"],
      ...["tx_packets", "tx_bytes", "tx_dropped", "tx_errors", "collisions"],
    ],
  ],
  ["identity", ["datapath_id", "hw_addr", "serial_num"]],
]);

/** The names that `ignorePaths` knows. */
export const IGNORE_NAMES: readonly string[] = [...NAMED.keys()];

/**
 * Makes the test of a list of paths such as `msg.cookie`: without the numbers of elements, `*` for any text. What is
 * below a path belongs to it. The names of IGNORE_NAMES stand for lists of paths.
 */
export function ignorePaths(paths: readonly string[]): Ignored {
  const patterns = paths.flatMap(pathsOf).map(compileGlob);
  // A long reply has the same few paths again and again.
  const known = new Map<string, boolean>();
  return (path) => {
    const plain = path.replaceAll(/\[\d+\]/g, "");
    let isIgnored = known.get(plain);
    if (isIgnored === undefined) {
      const parts = plain.split(".");
      isIgnored = parts.some((_, i) => patterns.some((matches) => matches(parts.slice(0, i + 1).join("."))));
      known.set(plain, isIgnored);
    }
    return isIgnored;
  };
}

function pathsOf(path: string): string[] {
  const keys = NAMED.get(path);
  return keys?.flatMap((key) => [`msg.${key}`, `msg.*.${key}`]) ?? [path];
}

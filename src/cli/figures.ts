/** Figures in tables for people. */

/** `1,234,567`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `812 B`, `41.5 kB`, `1.23 MB`: three digits, powers of 1000. */
export function formatBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : threeDigits(bytes, ["kB", "MB", "GB", "TB", "PB"]);
}

/** Of something in a second: `0.0833`, `12.5`, `1.23 k`. */
export function formatRate(rate: number): string {
  if (rate < 1) return rate.toPrecision(3);
  return rate < 999.5 ? digitsOf(rate) : threeDigits(rate, ["k", "M", "G"]);
}

/** The time of the day, UTC, of seconds since 1970 as messages have them: `12:34:56.123456`; "" for none. */
export function formatTime(time: string | undefined): string {
  if (time === undefined) return "";
  const [seconds = "", fraction = ""] = time.split(".");
  const clock = new Date(Number(seconds) * 1000).toISOString().slice(11, 19);
  return `${clock}.${fraction.slice(0, 6)}`;
}

/**
 * Lines of a table, two blanks in front of each column. Columns that are empty but for their head are left out;
 * without rows there are no lines.
 * @param left  columns whose cells begin, and do not end, in one line
 */
export function alignTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[],
): string[] {
  if (rows.length === 0) return [];
  const columns = head.flatMap((_, i) => {
    const width = Math.max(...rows.map((row) => row[i]?.length ?? 0));
    return width === 0 ? [] : [{ i, width: Math.max(width, head[i]?.length ?? 0) }];
  });
  return [head, ...rows].map((row) =>
    columns
      .map(({ i, width }) => {
        const cell = row[i] ?? "";
        return `  ${left.includes(i) ? cell.padEnd(width) : cell.padStart(width)}`;
      })
      .join("")
      .trimEnd(),
  );
}

/** A number of at least 1000 in one of some units, each a thousand times that before. */
function threeDigits(value: number, units: readonly string[]): string {
  let scaled = value / 1000;
  let i = 0;
  for (; scaled >= 999.5 && i < units.length - 1; i++) scaled /= 1000;
  return `${digitsOf(scaled)} ${units[i]}`;
}

function digitsOf(value: number): string {
  return value < 999.5 ? value.toPrecision(3) : value.toFixed(0);
}

// Markdown as forges show it: tables, code, headings and the anchors that headings get.

/** A table; empty for no rows. Cells are Markdown already. */
export function mdTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line), ""];
}

/** Text of a schema as it may stand in a cell. Underscores within words are no markup. */
export function mdText(text: string): string {
  return text
    .replace(/[|*]/g, "\\$&")
    .replace(/(^|[^\w])_/g, "$1\\_")
    .replaceAll("<", "&lt;");
}

/** A name or value as code; nothing for nothing. */
export function mdCode(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``;
}

/** A block of code. */
export function mdBlock(language: string, lines: readonly string[]): string[] {
  return [`\`\`\`${language}`, ...lines, "```", ""];
}

/** The anchor that a heading gets. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

/** Least rows that are worth folding. */
const MIN_RUN = 4;

/**
 * Folds rows that differ by the number at the end of their name alone into one: `NX_REG0` to `NX_REG7`.
 * @param name  which cell has the name, as code
 * @param free  other cells that may differ; the first row's and the last row's are shown
 */
export function foldRuns(
  rows: readonly (readonly string[])[],
  name = 0,
  free: readonly number[] = [],
): string[][] {
  const folded: string[][] = [];
  for (let i = 0; i < rows.length; ) {
    let end = i + 1;
    while (end < rows.length && follows(rows[end - 1], rows[end], name, free)) end++;
    const [first, last] = [rows[i] ?? [], rows[end - 1] ?? []];
    if (end - i >= MIN_RUN) {
      folded.push(first.map((cell, k) => (k === name || free.includes(k) ? `${cell} to ${last[k]}` : cell)));
    } else {
      folded.push(...rows.slice(i, end).map((row) => [...row]));
    }
    i = end;
  }
  return folded;
}

function follows(
  before: readonly string[] | undefined,
  row: readonly string[] | undefined,
  name: number,
  free: readonly number[],
): boolean {
  const number = /^(`\w*?)(\d+)`$/;
  const [a, b] = [number.exec(before?.[name] ?? ""), number.exec(row?.[name] ?? "")];
  if (a === null || b === null || a[1] !== b[1] || Number(a[2]) + 1 !== Number(b[2])) return false;
  return (row ?? []).every((cell, k) => k === name || free.includes(k) || cell === before?.[k]);
}

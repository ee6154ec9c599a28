/** Columns and line ends of the texts that `oftr help` prints. */

import { mayBeTerminal } from "./color.js";

/** Columns that a line may take. */
export const WIDTH = 100;

/** Columns of a terminal that is taken for too narrow. */
const MIN_WIDTH = 60;

/** Columns of a line on stdout: on a terminal no more than it has. @param usual  where stdout is no terminal */
export function helpWidth(usual: number = WIDTH): number {
  // A pipe must not become a stream of Node: these do not wait for their reader.
  const columns = mayBeTerminal(1) ? process.stdout.columns : undefined;
  return Math.min(WIDTH, Math.max(MIN_WIDTH, columns ?? usual));
}

/** Least columns of a text beside a wide left column. */
const MIN_TEXT = 36;

/** Breaks a text at blanks into lines of at most `width` columns; words that are longer stay whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Rows of a table: all cells but the last as wide as the widest of their column, the last one broken into lines. */
export function table(rows: readonly (readonly string[])[], indent = "  "): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count - 1 }, (_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  );
  const left = indent.length + widths.reduce((sum, width) => sum + width + 2, 0);
  return rows.flatMap((row) => {
    const cells = widths.map((width, i) => (row[i] ?? "").padEnd(width));
    const [first, ...more] = wrap(row[count - 1] ?? "", Math.max(MIN_TEXT, helpWidth() - left));
    return [
      `${indent}${[...cells, first].join("  ")}`.trimEnd(),
      ...more.map((line) => `${" ".repeat(left)}${line}`),
    ];
  });
}

/** Widest left side that comments are lined up behind. */
const MAX_CODE = 44;

/** A line of YAML and what there is to say about it. */
export interface Commented {
  readonly code: string;
  readonly comment: string;
}

/** Lines of YAML with their comments lined up behind them, or below where the line is too wide; broken where they are long. */
export function comments(lines: readonly Commented[]): string[] {
  const commented = lines.filter(({ comment }) => comment !== "").map(({ code }) => code.length);
  const column = Math.min(MAX_CODE, Math.max(0, ...commented)) + 2;
  return lines.flatMap(({ code, comment }) => {
    if (comment === "") return [code];
    const indent = " ".repeat(column);
    const lines = wrap(comment, Math.max(MIN_TEXT, helpWidth() - column - 2)).map(
      (text) => `${indent}# ${text}`,
    );
    if (code.length >= column) return [code, ...lines];
    return [`${code.padEnd(column)}${lines[0]?.trimStart()}`, ...lines.slice(1)];
  });
}

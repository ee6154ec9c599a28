/** `--color`: when the text of messages is coloured, and how. */
import { fstatSync, statSync } from "node:fs";
import type { OptionTable } from "./arguments.js";
import type { Output } from "./output.js";
import type { Painter } from "./paint.js";

/** The option of all commands that print messages. */
export const COLOR_OPTION = {
  color: {
    kind: "choice",
    choices: ["auto", "always", "never"],
    help: "colours; auto (default): on terminals, unless NO_COLOR is set or TERM is dumb",
  },
} as const satisfies OptionTable;

/** Loads what colours text of a form; undefined where there shall be no colour. */
export async function loadPainter(
  wish: "auto" | "always" | "never" | undefined,
  form: keyof typeof import("./paint.js").PAINTERS,
  output: Output | undefined,
): Promise<Painter | undefined> {
  const wanted = wish === undefined || wish === "auto" ? await suitsColor(output) : wish === "always";
  return wanted ? (await import("./paint.js")).PAINTERS[form] : undefined;
}

/** Whether an output shows colours: a terminal, in an environment that does not say otherwise. */
async function suitsColor(output: Output | undefined): Promise<boolean> {
  const { NO_COLOR = "", TERM } = process.env;
  if (NO_COLOR !== "" || TERM === "dumb") return false;
  if (output === undefined || !mayBeTerminal(output.fd)) return false;
  return (await import("node:tty")).isatty(output.fd);
}

/** Tells terminals from files, pipes and /dev/null, without node:tty, which brings all of Node's streams with it. */
export function mayBeTerminal(fd: number): boolean {
  const status = fstatSync(fd);
  return status.isCharacterDevice() && status.rdev !== statSync("/dev/null", { throwIfNoEntry: false })?.rdev;
}

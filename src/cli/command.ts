/** What the files of single commands have in common: options, `--help`, errors of usage. */
import {
  type OptionTable,
  type OptionValues,
  parseArguments,
  UsageError,
  type WordSource,
} from "./arguments.js";
import { EXIT } from "./exit-codes.js";
import { print, say } from "./print.js";

/** A part of a man page: a list of terms, each with what there is to say about it. */
export interface ManualSection {
  readonly title: string;
  readonly entries: readonly (readonly [term: string, text: string])[];
}

/** A command of `oftr`, as its `--help` shows it. */
export interface CommandSpec<T extends OptionTable> {
  /** The word after `oftr`. */
  readonly name: string;
  /** What it does, in sentences. */
  readonly description: string;
  /** The operands as `--help` shows them, `[FILE...]`; without it the command takes none. */
  readonly operands?: string;
  /** What shells complete operands to, by position: the last one holds for all that follow. */
  readonly completes?: readonly WordSource[];
  readonly options: T;
  /** Options that belong together, by the title that help texts give them; the others come before these. */
  readonly groups?: Readonly<Record<string, readonly (keyof T & string)[]>>;
  /** What the man page says besides; made when one is printed. */
  readonly manual?: () => readonly ManualSection[];
}

/** Runs a command with the words after its name; gives the exit code. */
export interface Command {
  (argv: readonly string[]): Promise<number>;
  /** For whoever describes the command instead. */
  readonly spec: CommandSpec<OptionTable>;
}

/**
 * Makes the `run` function of a command: parses the options, answers `--help` on stdout and errors of usage on stderr,
 * else calls `action`. It rejects only with what `action` rejects with.
 */
export function defineCommand<const T extends OptionTable>(
  spec: CommandSpec<T>,
  action: (
    options: OptionValues<T>,
    operands: readonly string[],
    given: ReadonlySet<string>,
  ) => Promise<number> | number,
): Command {
  const run = async (argv: readonly string[]): Promise<number> => {
    try {
      const { help, options, operands, given } = parseArguments(spec.name, spec.options, argv);
      if (help) {
        const { formatCommandUsage } = await import("./usage.js");
        print(formatCommandUsage(spec));
        return EXIT.OK;
      }
      if (spec.operands === undefined && operands.length > 0) {
        throw new UsageError(
          `${spec.name}: Too many positional arguments specified: '${operands[0]}'.  Try: '${spec.name} -help'`,
        );
      }
      return await action(options, operands, given);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      say(`${error.message}\n`);
      return EXIT.USAGE;
    }
  };
  return Object.assign(run, { spec });
}

/** Options that every command of the C++ `oftr` takes; spread them into a command's own. */
export const COMMON_OPTIONS = {
  loglevel: {
    kind: "choice",
    choices: ["none", "debug", "info", "warning", "error", "fatal"],
    help: "lowest level to log, on stderr (default fatal)",
    hidden: true,
  },
  logfile: { kind: "text", value: "FILE", help: "append the log to FILE", hidden: true },
  trace: {
    kind: "text",
    value: "LIST",
    completes: { list: ["rpc", "msg"] },
    help: "what to trace in the log: rpc, msg",
    hidden: true,
  },
  "initial-sleep": { kind: "number", value: "MSEC", help: "wait before doing anything", hidden: true },
} as const satisfies OptionTable;

/** What the files of single commands have in common: options, `--help`, errors of usage. */
import { type OptionTable, type OptionValues, parseArguments, UsageError } from "./arguments.js";
import { EXIT } from "./exit-codes.js";

/** A command of `oftr`, as its `--help` shows it. */
export interface CommandSpec<T extends OptionTable> {
  /** The word after `oftr`. */
  readonly name: string;
  /** What it does, in sentences. */
  readonly description: string;
  /** The operands as `--help` shows them, `[FILE...]`; without it the command takes none. */
  readonly operands?: string;
  readonly options: T;
}

/**
 * Makes the `run` function of a command: parses the options, answers `--help` on stdout and errors of usage on stderr,
 * else calls `action`. `run` gives the exit code; it rejects only with what `action` rejects with.
 */
export function defineCommand<const T extends OptionTable>(
  spec: CommandSpec<T>,
  action: (
    options: OptionValues<T>,
    operands: readonly string[],
    given: ReadonlySet<string>,
  ) => Promise<number> | number,
): (argv: readonly string[]) => Promise<number> {
  return async (argv) => {
    try {
      const { help, options, operands, given } = parseArguments(spec.name, spec.options, argv);
      if (help) {
        const { formatCommandUsage } = await import("./usage.js");
        process.stdout.write(formatCommandUsage(spec));
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
      process.stderr.write(`${error.message}\n`);
      return EXIT.USAGE;
    }
  };
}

/** Options that every command of the C++ `oftr` takes; spread them into a command's own. */
export const COMMON_OPTIONS = {
  loglevel: {
    kind: "choice",
    choices: ["none", "debug", "info", "warning", "error", "fatal"],
    help: "least level to log, on stderr (default fatal)",
    hidden: true,
  },
  logfile: { kind: "text", value: "FILE", help: "append the log to FILE", hidden: true },
  trace: { kind: "text", value: "LIST", help: "what to trace in the log: rpc, msg", hidden: true },
  "initial-sleep": { kind: "number", value: "MSEC", help: "wait before doing anything", hidden: true },
} as const satisfies OptionTable;

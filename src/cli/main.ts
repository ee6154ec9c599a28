/**
 * The `oftr` command: picks the command by the first word and loads only that one's code.
 * Nothing is imported here that a command may not need: the start of the process is most of the cost of a short run.
 */
import { COMMANDS } from "./commands.js";
import { EXIT } from "./exit-codes.js";
import { OutputGone, openOutput, writeOutput } from "./output.js";
import { formatVersion } from "./version.js";

/** Runs `oftr` with the words after its name; gives the exit code. Rejects only for defects of oftr itself. */
export async function main(argv: readonly string[]): Promise<number> {
  const [word, ...rest] = argv;
  switch (word) {
    case "version":
    case "-v":
    case "-version":
    case "--version":
      printVersion();
      return EXIT.OK;
    case undefined:
      process.stderr.write(await usage());
      return EXIT.USAGE;
    case "-h":
    case "-help":
    case "--help":
      process.stdout.write(await usage());
      return EXIT.OK;
  }
  const command = COMMANDS.find(({ name }) => name === word);
  if (command === undefined) {
    process.stderr.write(`oftr: '${word}' is not a oftr command. See 'oftr --help'.\n`);
    return EXIT.USAGE;
  }
  return (await command.load()).run(rest);
}

/** Not by process.stdout: to load the streams of Node would take longer than all the rest. */
function printVersion(): void {
  try {
    writeOutput(openOutput(undefined), Buffer.from(formatVersion()));
  } catch (error) {
    if (!(error instanceof OutputGone)) throw error;
  }
}

async function usage(): Promise<string> {
  return (await import("./usage.js")).formatProgramUsage(COMMANDS);
}

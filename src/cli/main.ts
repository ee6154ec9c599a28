/**
 * The `oftr` command: picks the command by the first word and loads only that one's code.
 * Nothing is imported here that a command may not need: the start of the process is most of the cost of a short run.
 */
import { COMMANDS } from "./commands.js";
import { EXIT } from "./exit-codes.js";
import { OutputFailed, OutputGone } from "./output.js";
import { print, say } from "./print.js";
import { formatVersion } from "./version.js";

/** Runs `oftr` with the words after its name; gives the exit code. Rejects only for defects of oftr itself. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await runCommand(argv);
  } catch (error) {
    // Whoever has gone away with what was printed so far wants no more.
    if (error instanceof OutputGone) return EXIT.OK;
    if (!(error instanceof OutputFailed)) throw error;
    say(`Error: ${error.message}\n`);
    return EXIT.FAILED;
  }
}

async function runCommand(argv: readonly string[]): Promise<number> {
  const [word, ...rest] = argv;
  switch (word) {
    case "version":
    case "-v":
    case "-version":
    case "--version":
      print(formatVersion());
      return EXIT.OK;
    case undefined:
      say(await usage());
      return EXIT.USAGE;
    case "-h":
    case "-help":
    case "--help":
      print(await usage());
      return EXIT.OK;
  }
  const command = COMMANDS.find(({ name }) => name === word);
  if (command === undefined) {
    say(`oftr: '${word}' is not a oftr command. See 'oftr --help'.\n`);
    return EXIT.USAGE;
  }
  return (await command.load()).run(rest);
}

async function usage(): Promise<string> {
  return (await import("./usage.js")).formatProgramUsage(COMMANDS);
}

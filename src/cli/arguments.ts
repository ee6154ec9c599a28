/**
 * Command line options in the style of the C++ `oftr` (LLVM's `cl` library), which its users' scripts rely on:
 * `-opt` is `--opt`; values come as `--opt=v` or `--opt v`; flags as `--opt` or `--opt=0|1|true|false`;
 * one-letter options may be grouped (`-xj`); `--` ends the options; `-` is an operand. An option that may stand bare
 * takes the next word as its value unless that looks like an option.
 */
import { didYouMeanOneOf, suggest } from "../base/index.js";

interface OptionBase {
  /** One-letter form, without the dash. */
  readonly letter?: string;
  /** What it does, one line, for `--help`. */
  readonly help: string;
  /** Accepted, but not shown by `--help`. */
  readonly hidden?: true;
}

/**
 * What a shell completes a word to: `files`; names of message types, with commas between; names of RPC methods; names that
 * `oftr help` knows; or some words. `{ list: ... }`: some of these words, with commas between.
 */
export type WordSource =
  | "files"
  | "message types"
  | "methods"
  | "help names"
  | readonly string[]
  | { readonly list: readonly string[] };

interface ValueOption extends OptionBase {
  /** The placeholder that `--help` shows. */
  readonly value: string;
  /** What the value is completed to. A placeholder FILE means files where this is missing. */
  readonly completes?: WordSource;
}

/** One option of a command; its long name is its key in the OptionTable. */
export type OptionSpec =
  | (OptionBase & { readonly kind: "flag" })
  /** Any text. `bare` is what the option means without a value. */
  | (ValueOption & { readonly kind: "text"; readonly bare?: string })
  /** A text for each time that the option is given. */
  | (ValueOption & { readonly kind: "list"; readonly bare?: string })
  /** An integer of `min`..`max` (0..2^32-1 unless told), decimal or `0x` hexadecimal. */
  | (ValueOption & { readonly kind: "number"; readonly min?: number; readonly max?: number })
  | (OptionBase & { readonly kind: "choice"; readonly choices: readonly string[] });

/** The options of a command by long name, without dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

type OptionValue<S extends OptionSpec> = S extends { readonly kind: "flag" }
  ? boolean
  : S extends { readonly kind: "number" }
    ? number | undefined
    : S extends { readonly kind: "choice"; readonly choices: readonly (infer C)[] }
      ? C | undefined
      : S extends { readonly kind: "list" }
        ? readonly string[]
        : string | undefined;

/**
 * What was given: flags are false, lists empty, others undefined where they were not. The last of repeated options
 * counts, but for lists.
 */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: OptionValue<T[K]> };

/** A command line split up. With `help` the rest is what stood before `--help`, unchecked. */
export interface ParsedArguments<T extends OptionTable> {
  readonly help: boolean;
  readonly options: OptionValues<T>;
  /** The options that were given, by long name: `--flag=0` is, and false all the same. */
  readonly given: ReadonlySet<string>;
  readonly operands: readonly string[];
}

interface Known {
  readonly option: string;
  readonly spec: OptionSpec;
}

/** A command line that cannot be understood. The message is whole: it starts with the command's name. */
export class UsageError extends Error {}

/**
 * Splits `argv` (what follows the command's name) into options and operands.
 * `--help`, `-help` and `-h` are known to every command. Throws UsageError.
 */
export function parseArguments<const T extends OptionTable>(
  command: string,
  table: T,
  argv: readonly string[],
): ParsedArguments<T> {
  const byName = new Map<string, Known>();
  const values = new Map<string, unknown>();
  for (const [name, spec] of Object.entries(table)) {
    byName.set(name, { option: name, spec });
    if (spec.letter !== undefined) byName.set(spec.letter, { option: name, spec });
    values.set(name, spec.kind === "flag" ? false : spec.kind === "list" ? [] : undefined);
  }
  const operands: string[] = [];
  const found = new Set<string>();
  const finish = (help: boolean): ParsedArguments<T> => ({
    help,
    options: Object.fromEntries(values) as OptionValues<T>,
    given: found,
    operands,
  });

  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") {
      operands.push(...argv.slice(i + 1));
      break;
    }
    if (word === "-" || !word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    const body = word.replace(/^--?/, "");
    const equals = body.indexOf("=");
    const name = equals < 0 ? body : body.slice(0, equals);
    let given = equals < 0 ? undefined : body.slice(equals + 1);
    if (given === undefined && (name === "help" || name === "h")) return finish(true);

    const whole = byName.get(name);
    const group = whole ? [whole] : word.startsWith("--") ? [] : lettersOf(name, byName);
    const last = group.pop();
    if (last === undefined) throw unknownOption(command, word, name, table);
    for (const letter of group) {
      values.set(letter.option, true);
      found.add(letter.option);
    }
    const { option, spec } = last;
    if (given === undefined && spec.kind !== "flag") {
      const bare = "bare" in spec ? spec.bare : undefined;
      const next = argv[i + 1];
      if (bare !== undefined && (next === undefined || /^-./.test(next))) given = bare;
      else given = argv[++i];
      if (given === undefined)
        throw new UsageError(`${command}: for the -${option} option: requires a value!`);
    }
    const value = parseValue(spec, given, (why) => `${command}: for the -${option} option: ${why}`);
    values.set(option, spec.kind === "list" ? [...(values.get(option) as string[]), value] : value);
    found.add(option);
  }
  return finish(false);
}

/** The options of a group such as `xj`; none unless each letter is an option, all but the last being flags. */
function lettersOf(group: string, byName: ReadonlyMap<string, Known>): Known[] {
  const found: Known[] = [];
  for (const letter of group) {
    const known = byName.get(letter);
    if (known === undefined || (found.length > 0 && found.at(-1)?.spec.kind !== "flag")) return [];
    found.push(known);
  }
  return found;
}

function parseValue(spec: OptionSpec, given: string | undefined, because: (why: string) => string): unknown {
  const text = given ?? "";
  switch (spec.kind) {
    case "flag":
      if (/^(|1|true|TRUE|True)$/.test(text)) return true;
      if (/^(0|false|FALSE|False)$/.test(text)) return false;
      throw new UsageError(because(`'${text}' is invalid value for boolean argument! Try 0 or 1`));
    case "text":
    case "list":
      return text;
    case "number": {
      const number = /^(\d+|0[xX][0-9a-fA-F]+)$/.test(text) ? Number(text) : Number.NaN;
      const { min = 0, max = 0xffffffff } = spec;
      if (number >= min && number <= max) return number;
      const expected = ` (expected: ${min} to ${max})`;
      throw new UsageError(because(`'${text}' value invalid for uint argument!${expected}`));
    }
    case "choice":
      if (spec.choices.includes(text)) return text;
      throw new UsageError(
        because(`Cannot find option named '${text}'!${didYouMeanOneOf(text, spec.choices)}`),
      );
  }
}

function unknownOption(command: string, word: string, name: string, table: OptionTable): UsageError {
  const shown = word.split("=", 1)[0];
  let text = `${command}: Unknown command line argument '${shown}'.  Try: '${command} -help'`;
  const near = suggest(name, Object.keys(table));
  if (near !== undefined) text += `\n${command}: Did you mean '--${near}'?`;
  return new UsageError(text);
}

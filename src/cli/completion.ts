/** `oftr completion`: scripts that teach shells to complete command lines of `oftr`. */
import { UsageError } from "./arguments.js";
import { defineCommand } from "./command.js";
import { bashCompletion } from "./completion-bash.js";
import { fishCompletion } from "./completion-fish.js";
import { type CompletionModel, loadCompletionModel } from "./completion-model.js";
import { zshCompletion } from "./completion-zsh.js";
import { EXIT } from "./exit-codes.js";
import { print } from "./print.js";

const SHELLS: Readonly<Record<string, (model: CompletionModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const run = defineCommand(
  {
    name: "completion",
    description:
      "Prints a script that completes commands, options, message types, RPC methods and files in a shell.\n" +
      "  bash: source <(oftr completion bash)           in ~/.bashrc\n" +
      "  zsh:  source <(oftr completion zsh)            in ~/.zshrc, after compinit\n" +
      "  fish: oftr completion fish | source            in ~/.config/fish/config.fish",
    operands: Object.keys(SHELLS).join("|"),
    completes: [Object.keys(SHELLS)],
    options: {},
  },
  async (_options, [shell = "", ...more]) => {
    const make = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (make === undefined || more.length > 0) {
      throw new UsageError(
        `completion: one of ${Object.keys(SHELLS).join(", ")} is expected.  Try: 'completion -help'`,
      );
    }
    print(make(await loadCompletionModel()));
    return EXIT.OK;
  },
);

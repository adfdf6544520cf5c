import { Argument, Command } from "commander";
import { type Shell, shells } from "../completion/shells.js";
import { type CommandDefinition, define } from "./command-definition.js";

/** `bertkit completion`. */
export function completionDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("completion")
    .summary("the Tab key in bash, zsh and fish")
    .description("Print a script that teaches a shell bertkit's commands, flags and models.")
    .addArgument(new Argument("<shell>", "the shell").choices(shells));
  command.action(async (shell: Shell) => {
    await (await import("../completion/shell-script.js")).printShellScript(shell, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit completion bash > ~/.local/share/bash-completion/completions/bertkit" },
      { line: "bertkit completion zsh > ~/.zfunc/_bertkit" },
      { line: "bertkit completion fish > ~/.config/fish/completions/bertkit.fish" },
    ],
  });
}

/** `bertkit complete -- WORDS…`, which the scripts of `bertkit completion` call; not for people. */
export function completeCommand(signal: AbortSignal, root: () => Command): Command {
  return new Command("complete").argument("[words...]").action(async (words: string[]) => {
    await (await import("../completion/complete.js")).complete(root(), words, signal);
  });
}

import { Command } from "commander";
import type { ConfigFlags } from "../commands/config.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions } from "./options.js";

/** `bertkit config`; `all` gives the commands whose options are settings. */
export function configDefinition(signal: AbortSignal, all: () => readonly Command[]): CommandDefinition {
  const command = new Command("config")
    .summary("the settings in force, and where they come from")
    .description("List every setting, its value, and where it comes from: the environment, the file, or the default.");
  commonOptions(command, "print JSON").action(async (flags: ConfigFlags) => {
    await (await import("../commands/config.js")).config(all(), flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit config" },
      { line: "BERTKIT_DEVICE=reference bertkit config --json | jq .settings.device" },
    ],
    sections: [
      {
        title: "The file",
        body: `TOML, at $BERTKIT_CONFIG, else $XDG_CONFIG_HOME/bertkit/config.toml, else ~/.config/bertkit/config.toml. Keys are
the long names of flags; those under a command's name hold for that command alone, [eval] for all that is under it:

  model = "sentence-transformers/all-MiniLM-L6-v2"
  offline = true
  [encode]
  batch-tokens = 512
  [eval.classify]
  model = "./sentiment"`,
      },
    ],
  });
}

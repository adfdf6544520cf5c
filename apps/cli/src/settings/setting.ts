import type { Command, Option } from "commander";

/** The flags that may also stand in the environment and in the configuration file, by their long names. */
export const settingNames = [
  "model",
  "offline",
  "device",
  "precision",
  "threads",
  "batch-tokens",
  "max-length",
  "normalize",
  "output-type",
  "progress",
  "quiet",
  "verbose",
] as const;

/** One of {@link settingNames}. */
export type SettingName = (typeof settingNames)[number];

/** What holds where nobody says anything, in words. */
export const usualValues: Readonly<Record<SettingName, string>> = {
  model: "sentence-transformers/all-MiniLM-L6-v2",
  offline: "false",
  device: "the fastest",
  precision: "as stored",
  threads: "the physical cores",
  "batch-tokens": "256",
  "max-length": "as the model states",
  normalize: "as the model states",
  "output-type": "float32",
  progress: "true",
  quiet: "false",
  verbose: "false",
};

/** Where a setting's value comes from. */
export type SettingSource = "flag" | "environment" | "file" | "default";

/** The name of a setting in the environment: `batch-tokens` is `BERTKIT_BATCH_TOKENS`. */
export function variableOf(name: SettingName): string {
  return `BERTKIT_${name.replaceAll("-", "_").toUpperCase()}`;
}

/** The table of the file that is a command's: its name after those of the commands that it is under, `eval.classify`. */
export function tableOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${tableOf(parent)}.${command.name()}` : command.name();
}

/** Flags that are called like a setting but are none: by the tables of their commands. */
const namesakes: ReadonlyMap<string, SettingName> = new Map([
  // What a model is written in; the setting is what models are loaded in.
  ["convert", "precision"],
]);

/** The options of a command that are settings; of a pair such as `--normalize` and `--no-normalize` the first. */
export function settingsOf(command: Command): ReadonlyMap<SettingName, Option> {
  const found = new Map<SettingName, Option>();
  const namesake = namesakes.get(tableOf(command));
  for (const option of command.options) {
    const name = settingNames.find((known) => known === option.name().replace(/^no-/, ""));
    if (name !== undefined && name !== namesake && !found.has(name)) found.set(name, option);
  }
  return found;
}

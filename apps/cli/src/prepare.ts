import type { Command } from "commander";
import { applySettings } from "./settings/apply-settings.js";
import { readConfigFile } from "./settings/config-file.js";
import { settingsOf, tableOf } from "./settings/setting.js";

/** What happens between reading a command line and running its command: settings come from elsewhere too. */
export async function prepare(command: Command, all: readonly Command[]): Promise<void> {
  if (settingsOf(command).size === 0) return;
  applySettings(command, await readConfigFile(all.map(tableOf)));
}

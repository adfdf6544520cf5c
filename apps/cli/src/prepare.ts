import type { Command } from "commander";
import { applySettings } from "./settings/apply-settings.js";
import { readConfigFile } from "./settings/config-file.js";
import { settingsOf } from "./settings/setting.js";

/** What happens between reading a command line and running its command: settings come from elsewhere too. */
export async function prepare(command: Command, tables: readonly string[]): Promise<void> {
  if (settingsOf(command).size === 0) return;
  applySettings(command, await readConfigFile(tables));
}

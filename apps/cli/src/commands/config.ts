import type { Command } from "commander";
import type { CommonFlags } from "../flags.js";
import { printText } from "../output/print-text.js";
import { settingValue } from "../settings/apply-settings.js";
import { type ConfigFile, fileValue, readConfigFile } from "../settings/config-file.js";
import {
  type SettingName,
  type SettingSource,
  settingNames,
  settingsOf,
  tableOf,
  usualValues,
  variableOf,
} from "../settings/setting.js";

/** The flags of `bertkit config`. */
export type ConfigFlags = CommonFlags;

/** A setting as it is in force for the commands that have it. */
export interface SettingInForce {
  readonly name: SettingName;
  readonly value: unknown;
  readonly source: SettingSource;
  /** The one command it holds for, by its table in the file; undefined where it holds for all. */
  readonly command: string | undefined;
}

/** Lists every setting with its value and where it comes from. */
export async function config(commands: readonly Command[], flags: ConfigFlags, signal: AbortSignal): Promise<void> {
  const file = await readConfigFile(commands.map(tableOf));
  const found = settingsInForce(commands, file);
  await printText(flags.json ? json(found, file) : page(found, file), signal);
}

/** Every setting: as it holds for all commands, then what the file says for single commands. */
export function settingsInForce(
  commands: readonly Command[],
  file: ConfigFile,
  environment: NodeJS.ProcessEnv = process.env,
): SettingInForce[] {
  const shared = { ...file, commands: new Map() };
  return settingNames.flatMap((name) => {
    const having = commands.filter((command) => settingsOf(command).has(name));
    const [first] = having;
    if (first === undefined) return [];
    const valueFor = (command: Command, from: ConfigFile) =>
      settingValue(command, { name, option: settingsOf(command).get(name)!, file: from, environment });
    const special = having.filter((command) => fileValue(file, tableOf(command), name) !== undefined);
    return [
      { name, ...valueFor(first, shared), command: undefined },
      ...special.map((command) => ({ name, ...valueFor(command, file), command: tableOf(command) })),
    ];
  });
}

function json(found: readonly SettingInForce[], { path, exists }: ConfigFile): string {
  const settings: Record<string, unknown> = {};
  for (const { name, value, source, command } of found) {
    const key = command === undefined ? name : `${command}.${name}`;
    settings[key] = { value: value ?? usualValues[name], source, variable: variableOf(name) };
  }
  return `${JSON.stringify({ file: { path, exists }, settings }, null, 2)}\n`;
}

function page(found: readonly SettingInForce[], { path, exists }: ConfigFile): string {
  const rows = found.map(({ name, value, source, command }) => [
    command === undefined ? name : `${command}.${name}`,
    value === undefined ? usualValues[name] : String(value),
    source === "environment" ? `environment, ${variableOf(name)}` : source,
    variableOf(name),
  ]);
  const table = [["setting", "value", "from", "in the environment"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n\nfile: ${path}${exists ? "" : " (there is none)"}\n`;
}

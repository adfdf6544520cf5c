import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { nearest } from "../did-you-mean.js";
import { codeOf, Failure, systemFailure } from "../failure.js";
import { type SettingName, settingNames } from "./setting.js";

/** A value as the file spells it, before the flag it stands for has looked at it. */
export type FileValue = string | boolean;

/** What a configuration file says. */
export interface ConfigFile {
  readonly path: string;
  readonly exists: boolean;
  /** For every command. */
  readonly shared: ReadonlyMap<SettingName, FileValue>;
  /** By the tables of commands, `encode` or `eval.classify`. */
  readonly commands: ReadonlyMap<string, ReadonlyMap<SettingName, FileValue>>;
}

/** Where the configuration file is looked for. */
export function configPath(environment: NodeJS.ProcessEnv = process.env): string {
  const { BERTKIT_CONFIG, XDG_CONFIG_HOME, APPDATA } = environment;
  if (BERTKIT_CONFIG) return BERTKIT_CONFIG;
  const base = process.platform === "win32" && APPDATA ? APPDATA : XDG_CONFIG_HOME || join(homedir(), ".config");
  return join(base, "bertkit", "config.toml");
}

/** What a file says for a command by its table, or else that of a command above it; undefined where neither does. */
export function fileValue(file: ConfigFile, table: string, name: SettingName): FileValue | undefined {
  const above = table.lastIndexOf(".");
  return file.commands.get(table)?.get(name) ?? (above < 0 ? undefined : fileValue(file, table.slice(0, above), name));
}

/**
 * Reads the configuration file; one that isn't there says nothing, unless it was named by BERTKIT_CONFIG.
 * @param commands the tables that there may be
 * @throws {Failure} for what is not TOML, unknown keys, and values of a kind that no setting has.
 */
export async function readConfigFile(
  commands: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ConfigFile> {
  const path = configPath(environment);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (codeOf(error) === "ENOENT" && !environment.BERTKIT_CONFIG) return undefined;
    throw systemFailure(path, error);
  });
  if (text === undefined) return { path, exists: false, shared: new Map(), commands: new Map() };
  const { parse, TomlError } = await import("smol-toml");
  try {
    return { path, exists: true, ...tablesOf(parse(text), path, commands) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split("\n")[0] ?? "";
    throw new Failure(`${path}:${error.line}: this is not TOML: ${reason.replace(/^Invalid TOML document: /, "")}`, {
      cause: error,
      hint: 'settings are lines such as  device = "wasm"',
    });
  }
}

function tablesOf(
  document: TomlTable,
  path: string,
  commands: readonly string[],
): Pick<ConfigFile, "shared" | "commands"> {
  const shared = new Map<SettingName, FileValue>();
  const tables = new Map<string, ReadonlyMap<SettingName, FileValue>>();
  for (const [key, value] of Object.entries(document)) {
    if (isTable(value)) readTable(key, value, { path, commands, tables });
    else shared.set(...entryOf(key, value, { path, others: commands }));
  }
  return { shared, commands: tables };
}

type TomlTable = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is TomlTable =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface Reading {
  readonly path: string;
  readonly commands: readonly string[];
  /** Those that were read. */
  readonly tables: Map<string, ReadonlyMap<SettingName, FileValue>>;
}

/** Reads a command's table and those of the commands under it. */
function readTable(table: string, values: TomlTable, reading: Reading): void {
  const { path, commands, tables } = reading;
  if (!commands.includes(table)) throw unknownKey(`[${table}]`, table, commands, path);
  const found = new Map<SettingName, FileValue>();
  for (const [key, value] of Object.entries(values)) {
    const isCommand = isTable(value) && !settingNames.some((name) => name === key);
    if (isCommand) readTable(`${table}.${key}`, value, reading);
    else found.set(...entryOf(key, value, { path, table }));
  }
  tables.set(table, found);
}

interface Place {
  readonly path: string;
  readonly table?: string;
  /** Names that would have been right as a table. */
  readonly others?: readonly string[];
}

function entryOf(key: string, value: unknown, { path, table, others = [] }: Place): [SettingName, FileValue] {
  const shown = table === undefined ? key : `${table}.${key}`;
  const name = settingNames.find((known) => known === key);
  if (name === undefined) throw unknownKey(shown, key, [...settingNames, ...others], path);
  if (typeof value === "boolean" || typeof value === "string") return [name, value];
  if (typeof value === "number" || typeof value === "bigint") return [name, String(value)];
  throw new Failure(`${path}: ${shown} wants a text, a number, true or false`, {
    hint: `see the values in force with "bertkit config"`,
  });
}

function unknownKey(shown: string, key: string, known: readonly string[], path: string): Failure {
  const [guess] = nearest(key, known);
  const hint = guess === undefined ? `settings are ${settingNames.join(", ")}` : `did you mean ${guess}?`;
  return new Failure(`${path}: there is no setting ${shown}`, { hint });
}

import { type Command, InvalidArgumentError, type Option } from "commander";
import { Failure, usageFailure } from "../failure.js";
import { type ConfigFile, type FileValue, fileValue } from "./config-file.js";
import { type SettingName, type SettingSource, settingsOf, tableOf, variableOf } from "./setting.js";

/** A setting's value for a command, and where it comes from. */
export interface SettingValue {
  readonly value: unknown;
  readonly source: SettingSource;
}

/**
 * Fills the options that the command line left open from the environment, then from the file.
 * @throws {Failure} for values that the option would refuse, with the place they come from.
 */
export function applySettings(command: Command, file: ConfigFile, environment: NodeJS.ProcessEnv = process.env): void {
  for (const [name, option] of settingsOf(command)) {
    const { value, source } = settingValue(command, { name, option, file, environment });
    if (source === "environment" || source === "file") {
      command.setOptionValueWithSource(option.attributeName(), value, source);
    }
  }
}

interface Asked {
  readonly name: SettingName;
  readonly option: Option;
  readonly file: ConfigFile;
  readonly environment: NodeJS.ProcessEnv;
}

/** The value of one setting for a command. Throws as {@link applySettings} does. */
export function settingValue(command: Command, { name, option, file, environment }: Asked): SettingValue {
  const key = option.attributeName();
  const given = command.getOptionValueSource(key);
  if (given !== undefined && given !== "default") return { value: command.getOptionValue(key), source: "flag" };
  const variable = variableOf(name);
  const inEnvironment = environment[variable];
  if (inEnvironment) return { value: parsed(option, inEnvironment, variable), source: "environment" };
  const inFile = fileValue(file, tableOf(command), name) ?? file.shared.get(name);
  if (inFile !== undefined) return { value: parsed(option, inFile, `${file.path}: ${name}`), source: "file" };
  return { value: command.getOptionValue(key), source: "default" };
}

/** What the option makes of a value that somebody wrote elsewhere than on the command line. */
function parsed(option: Option, value: FileValue, place: string): unknown {
  if (!option.required && !option.optional) return claim(value, place);
  if (typeof value === "boolean") throw usageFailure(`${place} wants a value, got ${value}`, hintOf(option));
  if (option.parseArg === undefined) return value;
  try {
    return option.parseArg(value, undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw usageFailure(`${place} is ${JSON.stringify(value)}. ${error.message}`.replace(/\.$/, ""), hintOf(option));
  }
}

function claim(value: FileValue, place: string): boolean {
  if (typeof value === "boolean") return value;
  if (/^(1|true|yes|on)$/i.test(value)) return true;
  if (/^(0|false|no|off)$/i.test(value)) return false;
  throw new Failure(`${place} is ${JSON.stringify(value)}, wanted true or false`, {
    exitCode: 2,
    hint: "1 and 0 work too",
  });
}

const hintOf = ({ flags, description }: Option): string => `it stands for ${flags}: ${description}`;

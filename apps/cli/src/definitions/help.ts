import { styleText } from "node:util";
import type { Command, HelpConfiguration } from "commander";
import { settingsOf, variableOf } from "../settings/setting.js";
import type { CommandDefinition, Example, HelpSection } from "./command-definition.js";

/** How help looks: commander takes the styles out again where the terminal has no colours. */
export const helpConfiguration: HelpConfiguration = {
  showGlobalOptions: false,
  sortSubcommands: false,
  styleTitle: (text) => always("bold", text),
  styleCommandText: (text) => always("cyan", text),
  styleSubcommandText: (text) => always("cyan", text),
  styleOptionText: (text) => always("cyan", text),
  styleArgumentText: (text) => always("cyan", text),
};

/** Adds a definition's examples and sections below its options, and those of the commands under it. */
export function addHelp(definition: CommandDefinition, more: readonly HelpSection[]): void {
  const { command, examples, sections, subcommands } = definition;
  command.configureHelp(helpConfiguration);
  command.addHelpText("after", () => {
    const parts = [exampleText(examples), ...[...sections, settingSection(command), ...more].map(sectionText)];
    return `\n${parts.filter((part) => part !== "").join("\n\n")}`;
  });
  for (const subcommand of subcommands) addHelp(subcommand, more);
}

/** The flags of a command that may stand elsewhere, by the name they have in the environment. */
export function settingSection(command: Command): HelpSection {
  const lines = [...settingsOf(command)].map(([name, { long, negate }]) => {
    const variable = negate ? `${variableOf(name)}=0` : variableOf(name);
    return `${variable.padEnd(22)} ${long}`;
  });
  return { title: lines.length > 0 ? "Environment" : "", body: lines.join("\n") };
}

function exampleText(examples: readonly Example[]): string {
  if (examples.length === 0) return "";
  const lines = examples.map(({ line, shows }) => {
    const command = `  ${always("dim", "$")} ${line}`;
    if (shows === undefined) return command;
    return line.length <= 56
      ? `${command}${" ".repeat(60 - line.length)}${always("dim", shows)}`
      : `${command}\n      ${always("dim", shows)}`;
  });
  return [always("bold", "Examples:"), ...lines].join("\n");
}

function sectionText({ title, body }: HelpSection): string {
  if (title === "") return "";
  const lines = body.split("\n").map((line) => (line === "" ? "" : `  ${line}`));
  return [always("bold", `${title}:`), ...lines].join("\n");
}

/** Styled whatever the stream is: who prints it decides whether the styles stay. */
function always(style: Parameters<typeof styleText>[0], text: string): string {
  return styleText(style, text, { validateStream: false });
}

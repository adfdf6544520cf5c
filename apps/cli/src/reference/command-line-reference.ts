import type { Command } from "commander";
import type { CommandDefinition, HelpSection } from "../definitions/command-definition.js";
import { exitCodeRules } from "../definitions/sections.js";
import { program } from "../program.js";

/** The whole command line as a page of Markdown, from the same definitions as `--help`. */
export function commandLineReference(): string {
  const root = program(new AbortController().signal);
  const parts = [
    "# The command line",
    "Made from the definitions that `--help` prints, by `npm run reference`; do not edit.",
    root.command.description(),
    ...sectionsOf(root),
    sectionText(exitCodeRules),
    ...root.subcommands.flatMap((definition) => commandPage(definition, 2)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function commandPage(definition: CommandDefinition, level: number): string[] {
  const { command, subcommands } = definition;
  const help = command.createHelp();
  return [
    `${"#".repeat(level)} ${pathOf(command)}`,
    command.description(),
    codeBlock(help.commandUsage(command).trim(), "sh"),
    argumentTable(command),
    ...optionTables(command),
    ...sectionsOf(definition),
    ...subcommands.flatMap((subcommand) => commandPage(subcommand, level + 1)),
  ].filter((part) => part !== "");
}

/** Of `models list` all three words, as they are typed. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function sectionsOf({ examples, sections }: CommandDefinition): string[] {
  const lines = examples.map(({ line, shows }) => (shows === undefined ? line : `${line}  # ${shows}`));
  return [codeBlock(lines.join("\n"), "sh"), ...sections.map(sectionText)];
}

function argumentTable(command: Command): string {
  const help = command.createHelp();
  const rows = help
    .visibleArguments(command)
    .map((argument) => [help.argumentTerm(argument), help.argumentDescription(argument)]);
  return table("Argument", rows);
}

/** A table for each group of options, in the order in which help lists them. */
function optionTables(command: Command): string[] {
  const help = command.createHelp();
  const groups = new Map<string, string[][]>();
  for (const option of help.visibleOptions(command)) {
    const group = option.helpGroupHeading ?? "Options:";
    const rows = groups.get(group) ?? [];
    rows.push([`\`${help.optionTerm(option)}\``, help.optionDescription(option)]);
    groups.set(group, rows);
  }
  return [...groups].map(([group, rows]) => table(group.replace(/:$/, ""), rows));
}

function table(head: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map((row) => `| ${row.map(cell).join(" | ")} |`);
  return [`| ${head} | |`, "|---|---|", ...lines].join("\n");
}

/** Outside of code, `<` would begin a tag. */
function cell(text: string): string {
  const safe = text.startsWith("`") ? text : text.replaceAll("<", "&lt;");
  return safe.replaceAll("|", "\\|");
}

function sectionText({ title, body }: HelpSection): string {
  return title === "" ? "" : `**${title}**\n\n${codeBlock(body, "text")}`;
}

function codeBlock(text: string, language: string): string {
  return text === "" ? "" : `\`\`\`${language}\n${text}\n\`\`\``;
}

import type { Command } from "commander";

/** A command line that works as it stands (a test runs it), and what it shows. */
export interface Example {
  readonly line: string;
  readonly shows?: string;
}

/** What help says after the options. */
export interface HelpSection {
  readonly title: string;
  /** Lines, the first one too, without indent. */
  readonly body: string;
}

/** A command with what its help, the reference and the tests need besides its options. */
export interface CommandDefinition {
  readonly command: Command;
  readonly examples: readonly Example[];
  readonly sections: readonly HelpSection[];
  /** The commands under it, such as `models list`. */
  readonly subcommands: readonly CommandDefinition[];
}

interface Parts {
  readonly examples: readonly Example[];
  readonly sections?: readonly HelpSection[];
  readonly subcommands?: readonly CommandDefinition[];
}

/** Joins a command with its help. */
export function define(command: Command, { examples, sections = [], subcommands = [] }: Parts): CommandDefinition {
  for (const { command: subcommand } of subcommands) command.addCommand(subcommand);
  return { command, examples, sections, subcommands };
}

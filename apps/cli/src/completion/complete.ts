import type { Command, Option } from "commander";
import { printText } from "../output/print-text.js";

/** A word that may stand next, and what it means. */
export interface Completion {
  readonly word: string;
  readonly meaning: string;
}

/** What a shell offers for the last word of a line. */
export interface Offer {
  readonly completions: readonly Completion[];
  /** Whether the shell should offer files too. */
  readonly files: boolean;
}

/** Answers a shell's Tab key, in the protocol of the scripts: a line a word, then a directive. */
export async function complete(root: Command, words: readonly string[], signal: AbortSignal): Promise<void> {
  const { completions, files } = await offer(root, words, cachedModels);
  const lines = completions.map(({ word, meaning }) => `${word}\t${meaning}`);
  await printText(`${[...lines, `:${files ? offerFiles : noFiles}`].join("\n")}\n`, signal);
}

// What the scripts look for in the last line.
const offerFiles = 0;
const noFiles = 4;

/**
 * What may stand in the place of the last of `words`, which stand after `bertkit`.
 * @param models gives the names of models, which takes a look at the disk
 */
export async function offer(
  root: Command,
  words: readonly string[],
  models: () => Promise<readonly string[]>,
): Promise<Offer> {
  const current = words.at(-1) ?? "";
  const { command, expecting, afterDashes } = follow(root, words.slice(0, -1));
  if (expecting) return values(expecting, current, models);
  const [, flag, value] = /^(--[^=]+)=(.*)$/.exec(current) ?? [];
  if (flag !== undefined && !afterDashes) {
    const option = command.options.find(({ long }) => long === flag);
    const found = option ? await values(option, value ?? "", models) : nothing;
    return {
      ...found,
      completions: found.completions.map(({ word, ...rest }) => ({ word: `${flag}=${word}`, ...rest })),
    };
  }
  if (current.startsWith("-") && !afterDashes) return { completions: flags(command, current), files: false };
  const subcommands = root.createHelp().visibleCommands(command);
  if (subcommands.length > 0) {
    const all = subcommands.map((child) => ({ word: child.name(), meaning: child.summary() || child.description() }));
    return { completions: startingWith(current, all), files: false };
  }
  return argument(command, current, models);
}

const nothing: Offer = { completions: [], files: false };

interface Position {
  readonly command: Command;
  /** The option whose value comes next, if one does. */
  readonly expecting: Option | undefined;
  readonly afterDashes: boolean;
}

/** Where a line stands after these words. */
function follow(root: Command, words: readonly string[]): Position {
  let command = root;
  let expecting: Option | undefined;
  for (const word of words) {
    if (expecting) {
      expecting = undefined;
      continue;
    }
    if (word === "--") return { command, expecting, afterDashes: true };
    if (word.startsWith("-")) {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      if (option && (option.required || option.optional)) expecting = option;
      continue;
    }
    command = command.commands.find((child) => child.name() === word || child.aliases().includes(word)) ?? command;
  }
  return { command, expecting, afterDashes: false };
}

async function values(option: Option, current: string, models: () => Promise<readonly string[]>): Promise<Offer> {
  if (option.argChoices) {
    return {
      completions: startingWith(
        current,
        option.argChoices.map((word) => ({ word, meaning: "" })),
      ),
      files: false,
    };
  }
  if (option.long === "--model") return { completions: await modelsFor(current, models), files: true };
  return { completions: [], files: /<(file|folder)>/.test(option.flags) };
}

async function argument(command: Command, current: string, models: () => Promise<readonly string[]>): Promise<Offer> {
  const [first] = command.registeredArguments;
  if (first?.argChoices) {
    return {
      completions: startingWith(
        current,
        first.argChoices.map((word) => ({ word, meaning: "" })),
      ),
      files: false,
    };
  }
  const name = first?.name();
  if (name === "model" || name === "names") {
    return { completions: await modelsFor(current, models), files: name === "model" };
  }
  return nothing;
}

function flags(command: Command, current: string): Completion[] {
  const visible = command.createHelp().visibleOptions(command);
  const all = visible.map(({ long, short, description }) => ({
    word: (long ?? short) as string,
    meaning: description,
  }));
  return startingWith(current, all);
}

async function modelsFor(current: string, models: () => Promise<readonly string[]>): Promise<Completion[]> {
  return startingWith(
    current,
    (await models()).map((word) => ({ word, meaning: "fetched" })),
  );
}

function startingWith(current: string, completions: readonly Completion[]): Completion[] {
  return completions.filter(({ word }) => word.startsWith(current));
}

async function cachedModels(): Promise<readonly string[]> {
  const { listCachedModels } = await import("bertkit");
  return (await listCachedModels().catch(() => [])).map(({ name }) => name);
}

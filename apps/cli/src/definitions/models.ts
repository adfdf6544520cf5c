import { Command } from "commander";
import type { ModelsFlags } from "../commands/models.js";
import { type CommandDefinition, define } from "./command-definition.js";
import { commonOptions } from "./options.js";

/** `bertkit models` and what is under it. */
export function modelsDefinition(signal: AbortSignal): CommandDefinition {
  const command = new Command("models")
    .summary("the models fetched from the hub")
    .description(
      "List, fetch, remove and check models of the hub. They lie in Hugging Face's own cache, shared with Python.",
    );
  return define(command, {
    examples: [
      { line: "bertkit models list" },
      { line: "bertkit models download sentence-transformers/all-MiniLM-L6-v2" },
      { line: "bertkit models verify", shows: "reads every file again and compares it with its hash" },
      { line: "bertkit models remove sentence-transformers/all-MiniLM-L6-v2" },
    ],
    subcommands: [list(signal), download(signal), remove(signal), verify(signal)],
  });
}

function list(signal: AbortSignal): CommandDefinition {
  const command = new Command("list")
    .alias("ls")
    .summary("what has been fetched")
    .description("List what has been fetched.");
  commonOptions(command, "print JSON").action(async (flags: ModelsFlags) => {
    await (await import("../commands/models.js")).listModels(flags, signal);
  });
  return define(command, {
    examples: [{ line: "bertkit models list" }, { line: "bertkit models list --json | jq -r '.[].name'" }],
  });
}

function download(signal: AbortSignal): CommandDefinition {
  const command = new Command("download")
    .summary("fetch models, or their newest revision")
    .description("Fetch models, or what is new of them, so that they can be used offline.")
    .argument("<names...>", "namespace/name[@revision]");
  commonOptions(command, "print JSON").action(async (models: string[], flags: ModelsFlags) => {
    await (await import("../commands/models.js")).downloadModels(models, flags, signal);
  });
  return define(command, {
    examples: [
      { line: "bertkit models download sentence-transformers/all-MiniLM-L6-v2" },
      { line: "bertkit models download sentence-transformers/all-MiniLM-L6-v2@main", shows: "a branch, tag or commit" },
    ],
  });
}

function remove(signal: AbortSignal): CommandDefinition {
  const command = new Command("remove")
    .alias("rm")
    .summary("delete models from the cache")
    .description("Delete models from the cache that Python shares; with @revision, that revision alone.")
    .argument("<names...>", "namespace/name[@revision]");
  commonOptions(command, "print JSON").action(async (models: string[], flags: ModelsFlags) => {
    await (await import("../commands/models.js")).removeModels(models, flags, signal);
  });
  return define(command, { examples: [{ line: "bertkit models remove sentence-transformers/all-MiniLM-L6-v2" }] });
}

function verify(signal: AbortSignal): CommandDefinition {
  const command = new Command("verify")
    .summary("check files against their hashes")
    .description(
      "Read every file of the models again and compare it with its hash. What is wrong ends with exit code 1.",
    )
    .argument("[names...]", "default: all that have been fetched");
  commonOptions(command, "print JSON").action(async (models: string[], flags: ModelsFlags) => {
    await (await import("../commands/models.js")).verifyModels(models, flags, signal);
  });
  return define(command, { examples: [{ line: "bertkit models verify" }] });
}

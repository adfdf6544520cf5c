import { Command } from "commander";
import { answerDefinition } from "./definitions/answer.js";
import { classifyDefinition } from "./definitions/classify.js";
import { type CommandDefinition, define } from "./definitions/command-definition.js";
import { completeCommand, completionDefinition } from "./definitions/completion.js";
import { configDefinition } from "./definitions/config.js";
import { convertDefinition } from "./definitions/convert.js";
import { doctorDefinition } from "./definitions/doctor.js";
import { encodeDefinition } from "./definitions/encode.js";
import { evalDefinition } from "./definitions/eval.js";
import { featuresDefinition } from "./definitions/features.js";
import { fillDefinition } from "./definitions/fill.js";
import { addHelp, helpConfiguration } from "./definitions/help.js";
import { infoDefinition } from "./definitions/info.js";
import { inspectDefinition } from "./definitions/inspect.js";
import { modelsDefinition } from "./definitions/models.js";
import { nextDefinition } from "./definitions/next.js";
import { quantizeDefinition } from "./definitions/quantize.js";
import { rankDefinition } from "./definitions/rank.js";
import { exitCodeRules, settingRules } from "./definitions/sections.js";
import { similarDefinition } from "./definitions/similar.js";
import { tagDefinition } from "./definitions/tag.js";
import { tokenizeDefinition } from "./definitions/tokenize.js";
import { vocabularyDefinition } from "./definitions/vocabulary.js";
import { prepare } from "./prepare.js";
import { commanderOutput } from "./terminal/error-output.js";
import { version } from "./version.js";

/** All of the command line: the root and, under it, every command. What a command needs is loaded when it runs. */
export function program(signal: AbortSignal): CommandDefinition {
  const root = new Command("bertkit")
    .description("BERT on the command line: texts to vectors and tokens, without Python.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print help for a command")
    .exitOverride()
    .configureOutput(commanderOutput);
  const definitions: readonly CommandDefinition[] = [
    encodeDefinition(signal),
    similarDefinition(signal),
    classifyDefinition(signal),
    fillDefinition(signal),
    tagDefinition(signal),
    answerDefinition(signal),
    nextDefinition(signal),
    rankDefinition(signal),
    featuresDefinition(signal),
    inspectDefinition(signal),
    evalDefinition(signal),
    tokenizeDefinition(signal),
    vocabularyDefinition(signal),
    infoDefinition(signal),
    modelsDefinition(signal),
    quantizeDefinition(signal),
    convertDefinition(signal),
    configDefinition(signal, () => commands()),
    doctorDefinition(signal),
    completionDefinition(signal),
  ];
  const commands = (): Command[] => definitions.flatMap(({ command }) => [command, ...commandsUnder(command)]);
  const whole = define(root, {
    examples: [
      { line: 'bertkit encode "A lovely library." "Eine schöne Bibliothek."' },
      { line: "bertkit encode --input texts.txt --output vectors.npy" },
      { line: 'bertkit similar "one of them" --in texts.txt' },
      { line: 'bertkit tokenize "unaffable"' },
      { line: "bertkit models list" },
    ],
    sections: [settingRules],
    subcommands: definitions,
  });
  addHelp(whole, [exitCodeRules]);
  root.addCommand(
    completeCommand(signal, () => root),
    { hidden: true },
  );
  for (const command of commandsUnder(root)) command.copyInheritedSettings(root).configureHelp(helpConfiguration);
  root.hook("preAction", (_root, command) => prepare(command, commands()));
  return whole;
}

/** Every command below, at any depth. */
function commandsUnder(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...commandsUnder(child)]);
}

import { stripVTControlCharacters } from "node:util";
import type { OutputConfiguration } from "commander";
import { colorsOn, paint } from "./colors.js";

/** An error as a person sees it: a line that says what, a line that says what to do. */
export function errorText(sentence: string, hint: string | undefined): string {
  const lines = [`${paint(["bold", "red"], "error:", process.stderr)} ${sentence}`];
  if (hint !== undefined) lines.push(`${paint("cyan", "hint:", process.stderr)} ${hint}`);
  return `${lines.join("\n")}\n`;
}

/** Commander's own errors, such as an unknown flag, in the same form, and its help in the same colours. */
export const commanderOutput: OutputConfiguration = {
  getOutHasColors: () => colorsOn(process.stdout),
  getErrHasColors: () => colorsOn(process.stderr),
  outputError(message, write) {
    const [first = "", ...rest] = stripVTControlCharacters(message).trim().split("\n");
    // With no command at all, commander shows help.
    if (!first.startsWith("error: ")) return write(message);
    const sentence = first.slice("error: ".length);
    write(errorText(sentence.replace(/\.$/, ""), hintFor(sentence, rest.join(" "))));
  },
};

function hintFor(sentence: string, suggestion: string): string {
  const [, guess] = /^\(Did you mean (.*)\?\)$/.exec(suggestion) ?? [];
  const dashes = sentence.startsWith("unknown option") ? "texts that begin with - go last, after --" : undefined;
  const parts = [guess && `did you mean ${guess}?`, dashes].filter((part) => part);
  if (parts.length > 0) return parts.join(" ");
  return "bertkit --help and bertkit COMMAND --help show what there is";
}

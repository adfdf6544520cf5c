import { codeOf, Failure, messageOf } from "../failure.js";

/** The sentence for an error of any origin, on one line. */
export function sentenceOf(error: unknown): string {
  const sentence = messageOf(error).replace(/\s*\n\s*/g, " ");
  return isExpected(error) ? sentence : `unexpected: ${sentence}`;
}

/** What to do about an error of any origin. */
export function hintOf(error: unknown): string | undefined {
  const { suggestions, hint } = Object(error) as { suggestions?: unknown; hint?: unknown };
  const guess = Array.isArray(suggestions) && suggestions.length > 0 ? `did you mean ${suggestions.join(" or ")}?` : "";
  const parts = [guess, typeof hint === "string" ? hint : ""].filter((part) => part !== "");
  if (parts.length > 0) return parts.join(" ");
  if (!isExpected(error)) return 'this is a bug: please report it with what --verbose and "bertkit doctor" print';
  return hints.get(codeOf(error) ?? "") ?? "the same with --verbose shows where it comes from";
}

// The packages' own errors carry a code and were written for people; anything else is our bug.
const isExpected = (error: unknown): boolean => error instanceof Failure || codeOf(error) !== undefined;

const fetchAgain = 'fetch it again; "bertkit models verify" checks what came from the hub';

/** For errors of the packages that have none of their own, by their code. */
const hints: ReadonlyMap<string, string> = new Map([
  ["missing", "name a folder with a config.json and weights, or a model of the hub as namespace/name"],
  ["malformed", `the file is damaged or of another format: ${fetchAgain}`],
  ["truncated", `the file is incomplete: ${fetchAgain}`],
  ["io", "check the path or address, and that it can be read; then try again"],
  ["unsupported", '"bertkit info MODEL" says what a model is, "bertkit convert --help" what it can become'],
  ["changed", "somebody changed the file meanwhile: run the command again"],
  ["CHECKPOINT_MISMATCH", "the weights are of another model than config.json says: fetch the model again"],
  [
    "OUTPUT_FOLDER",
    "name another folder; --overwrite (of convert --force) replaces one that holds nothing but an older model",
  ],
  ["CONFIG", '"bertkit info MODEL" shows what a model says of itself'],
  ["UNSUPPORTED", '"bertkit doctor" shows which devices there are'],
  ["not-found", '"bertkit models list" shows what has been fetched'],
  ["invalid_file", `a file of the tokenizer is damaged: ${fetchAgain}`],
]);

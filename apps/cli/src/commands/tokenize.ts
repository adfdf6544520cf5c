import type { Encoding } from "@bertkit/tokenizer";
import { usageFailure } from "../failure.js";
import { type InputFlags, openRows } from "../input/open-rows.js";
import { modelOf } from "../model-flag.js";
import { warn } from "../notices.js";
import { standardOutput } from "../output/destination.js";
import { fileDestination } from "../output/file-destination.js";

/** How tokens can be written. */
export const tokenForms = ["jsonl", "table"] as const;

/** The flags of `bertkit tokenize`. */
export interface TokenizeFlags extends InputFlags {
  readonly model?: string;
  readonly maxLength?: number;
  readonly output?: string;
  readonly outputFormat?: (typeof tokenForms)[number];
  readonly quiet?: true;
}

/** Writes the tokens of each text, in their order: ids, tokens and their ranges in the text. */
export async function tokenize(texts: readonly string[], flags: TokenizeFlags, signal: AbortSignal): Promise<void> {
  const model = modelOf(flags);
  const { output = "-", maxLength } = flags;
  const form = flags.outputFormat ?? formOf(output);
  const source = await openRows(texts, flags, signal);
  await using destination = output === "-" ? standardOutput(signal) : await fileDestination(output, signal);
  const { loadTokenizer } = await import("bertkit");
  const tokenizer = await loadTokenizer(model, { signal });
  const write = form === "table" ? (await import("../output/token-table.js")).tokenTable : jsonLine;
  for await (const { text } of source.rows) {
    signal.throwIfAborted();
    await destination.write(write(text, tokenizer.encode(text, { maxLength })));
  }
  await destination.complete();
  const problem = source.warning();
  if (problem && !flags.quiet) warn(problem);
}

function formOf(output: string): (typeof tokenForms)[number] {
  if (output === "-") return process.stdout.isTTY ? "table" : "jsonl";
  if (/\.(jsonl|ndjson)$/i.test(output)) return "jsonl";
  throw usageFailure(`${output}: name it .jsonl, or add --output-format ${tokenForms.join("|")}`);
}

function jsonLine(text: string, { ids, tokens, ranges }: Encoding): string {
  const pairs = Array.from(ids, (_, token) => [ranges[2 * token], ranges[2 * token + 1]]);
  return `${JSON.stringify({ text, ids: [...ids], tokens, ranges: pairs })}\n`;
}

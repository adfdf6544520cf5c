import type { BertTokenizer, Encoding } from "@bertkit/tokenizer";
import { usageFailure } from "../failure.js";
import type { CommonFlags, ModelFlags } from "../flags.js";
import { type InputFlags, openRows } from "../input/open-rows.js";
import { modelOf } from "../model-flag.js";
import { openDestination } from "../output/open-destination.js";
import { type TokenForm, tokenForms } from "../output/token-forms.js";
import { DownloadDisplay } from "../terminal/download-display.js";
import { warn } from "../terminal/notices.js";

/** The flags of `bertkit tokenize`. */
export interface TokenizeFlags extends CommonFlags, ModelFlags, InputFlags {
  readonly maxLength?: number;
  readonly output?: string;
  readonly outputFormat?: TokenForm;
}

/** Writes the tokens of each text, in their order: ids, tokens and their ranges in the text. */
export async function tokenize(texts: readonly string[], flags: TokenizeFlags, signal: AbortSignal): Promise<void> {
  const { output = "-", maxLength } = flags;
  const form = flags.outputFormat ?? (flags.json ? "jsonl" : formOf(output));
  const source = await openRows(texts, flags, signal);
  await using destination = await openDestination(output, signal);
  const tokenizer = await openTokenizer(flags, signal);
  const write = form === "table" ? (await import("../output/token-table.js")).tokenTable : jsonLine;
  for await (const { text } of source.rows) {
    signal.throwIfAborted();
    await destination.write(write(text, tokenizer.encode(text, { maxLength })));
  }
  await destination.complete();
  const problem = source.warning();
  if (problem && !flags.quiet) warn(problem);
}

async function openTokenizer(flags: TokenizeFlags, signal: AbortSignal): Promise<BertTokenizer> {
  const { loadTokenizer } = await import("bertkit");
  await using download = new DownloadDisplay(flags);
  return await loadTokenizer(await modelOf(flags), { ...download.options, signal });
}

function formOf(output: string): TokenForm {
  if (output === "-") return process.stdout.isTTY ? "table" : "jsonl";
  if (/\.(jsonl|ndjson)$/i.test(output)) return "jsonl";
  throw usageFailure(
    `${output}: its name does not say how to write tokens`,
    `name it .jsonl, or add --output-format ${tokenForms.join("|")}`,
  );
}

function jsonLine(text: string, { ids, tokens, ranges }: Encoding): string {
  const pairs = Array.from(ids, (_, token) => [ranges[2 * token], ranges[2 * token + 1]]);
  return `${JSON.stringify({ text, ids: [...ids], tokens, ranges: pairs })}\n`;
}

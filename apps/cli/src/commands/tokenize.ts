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
  /** Whether to write numbers of tokens alone. */
  readonly count?: boolean;
}

/** Writes the tokens of each text, in their order: ids, tokens and their ranges in the text; or how many there are. */
export async function tokenize(texts: readonly string[], flags: TokenizeFlags, signal: AbortSignal): Promise<void> {
  if (flags.count) return count(texts, flags, signal);
  const { output = "-", maxLength } = flags;
  const form = flags.outputFormat ?? (flags.json ? "jsonl" : formOf(output, "view"));
  const source = await openRows(texts, flags, signal);
  await using destination = await openDestination(output, signal);
  const tokenizer = await openTokenizer(flags, signal);
  const write = await writerOf(form, tokenizer);
  for await (const { text } of source.rows) {
    signal.throwIfAborted();
    await destination.write(write(text, tokenizer.encode(text, { maxLength })));
  }
  await destination.complete();
  const problem = source.warning();
  if (problem && !flags.quiet) warn(problem);
}

async function count(texts: readonly string[], flags: TokenizeFlags, signal: AbortSignal): Promise<void> {
  const { output = "-" } = flags;
  const form = countForm(flags);
  const { countTokens } = await import("./count-tokens.js");
  await using destination = await openDestination(output, signal);
  const tokenizer = await openTokenizer(flags, signal);
  const problems = await countTokens(texts, flags, { tokenizer, destination, form, signal });
  await destination.complete();
  if (!flags.quiet) problems.forEach(warn);
}

/** @throws {Failure} for flags that say something of single tokens. */
function countForm({ outputFormat, json, output = "-", maxLength }: TokenizeFlags): "jsonl" | "table" {
  if (maxLength !== undefined) {
    throw usageFailure("--count counts all tokens, but --max-length cuts some off", "leave one of them out");
  }
  const form = outputFormat ?? (json ? "jsonl" : formOf(output, "table"));
  if (form === "jsonl" || form === "table") return form;
  throw usageFailure(`--count has no ${form} to write`, "add --output-format jsonl|table, or leave it out");
}

type WriteTokens = (text: string, encoding: Encoding) => string;

async function writerOf(form: TokenForm, { settings: { unknownToken } }: BertTokenizer): Promise<WriteTokens> {
  if (form === "table") return (await import("../output/token-table.js")).tokenTable;
  if (form === "ids") return idsLine;
  if (form === "jsonl") return jsonLine;
  const { tokenView } = await import("../output/token-view.js");
  return (text, encoding) => tokenView(text, encoding, { unknownToken });
}

async function openTokenizer(flags: TokenizeFlags, signal: AbortSignal): Promise<BertTokenizer> {
  const { loadTokenizer } = await import("bertkit");
  await using download = new DownloadDisplay(flags);
  return await loadTokenizer(await modelOf(flags), { ...download.options, signal });
}

/** @param forPeople the form on a terminal */
function formOf(output: string, forPeople: TokenForm): TokenForm {
  if (output === "-") return process.stdout.isTTY ? forPeople : "jsonl";
  if (/\.(jsonl|ndjson)$/i.test(output)) return "jsonl";
  throw usageFailure(
    `${output}: its name does not say how to write tokens`,
    `name it .jsonl, or add --output-format ${tokenForms.join("|")}`,
  );
}

const idsLine = (_text: string, { ids }: Encoding): string => `${ids.join(" ")}\n`;

function jsonLine(text: string, { ids, tokens, ranges }: Encoding): string {
  const pairs = Array.from(ids, (_, token) => [ranges[2 * token], ranges[2 * token + 1]]);
  return `${JSON.stringify({ text, ids: [...ids], tokens, ranges: pairs })}\n`;
}

import type { BertTokenizer } from "@bertkit/tokenizer";
import { findInputs } from "../input/find-inputs.js";
import { type InputFlags, openRows } from "../input/open-rows.js";
import type { Destination } from "../output/destination.js";
import type { RowSource } from "../rows/row.js";
import { visibleText } from "../terminal/visible-text.js";

/** How many tokens a source has: a file, standard input, or the texts of the command line; or all sources together. */
export interface TokenCounts {
  /** Undefined for all together. */
  readonly source: string | undefined;
  readonly texts: number;
  readonly tokens: number;
}

/** Where counts come from and go to. */
export interface Counting {
  readonly tokenizer: BertTokenizer;
  readonly destination: Destination;
  readonly form: "jsonl" | "table";
  readonly signal: AbortSignal;
}

/**
 * Writes how many tokens each file has, special tokens apart, and, of several, how many all have together. Texts are read
 * as they are counted, and not kept.
 * @returns what a person should know about what was read
 */
export async function countTokens(
  texts: readonly string[],
  flags: InputFlags,
  { tokenizer, destination, form, signal }: Counting,
): Promise<readonly string[]> {
  const write = form === "table" ? countLine : jsonLine;
  const warnings: string[] = [];
  let [sources, allTexts, allTokens] = [0, 0, 0];
  for await (const [name, rows] of sourcesOf(texts, flags, signal)) {
    const counts = await countsOf(rows, tokenizer, signal);
    await destination.write(write({ source: name, ...counts }));
    sources++;
    allTexts += counts.texts;
    allTokens += counts.tokens;
    const warning = rows.warning();
    if (warning) warnings.push(warning);
  }
  if (sources > 1) await destination.write(write({ source: undefined, texts: allTexts, tokens: allTokens }));
  return warnings;
}

/** Each file by itself, opened when it is its turn; all have been found before. */
async function* sourcesOf(
  texts: readonly string[],
  flags: InputFlags,
  signal: AbortSignal,
): AsyncGenerator<readonly [string, RowSource]> {
  const { input, ...rest } = flags;
  if (input === undefined || texts.length > 0) {
    const name = texts.length === 0 || texts[0] === "-" ? "standard input" : "command line";
    yield [name, await openRows(texts, flags, signal)];
    return;
  }
  for (const { name, path = "-" } of await findInputs(input, flags.format)) {
    yield [name, await openRows([], { ...rest, input: [path] }, signal)];
  }
}

async function countsOf(
  { rows }: RowSource,
  tokenizer: BertTokenizer,
  signal: AbortSignal,
): Promise<Omit<TokenCounts, "source">> {
  let [texts, tokens] = [0, 0];
  for await (const { text } of rows) {
    signal.throwIfAborted();
    texts++;
    tokens += tokenizer.countTokens(text, { addSpecialTokens: false });
  }
  return { texts, tokens };
}

const jsonLine = ({ source, texts, tokens }: TokenCounts): string =>
  `${JSON.stringify({ source: source ?? null, texts, tokens })}\n`;

/** As `wc` has them: lines can be written before all widths are known. */
function countLine({ source, texts, tokens }: TokenCounts): string {
  const column = (count: number): string => count.toLocaleString("en").padStart(14);
  const name = source === undefined ? "in all" : visibleText(source);
  return `${column(tokens)} tokens ${column(texts)} ${texts === 1 ? "text " : "texts"}  ${name}\n`;
}

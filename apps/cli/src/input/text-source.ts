import { open } from "node:fs/promises";
import { addAbortSignal } from "node:stream";
import { Failure, systemFailure, usageFailure } from "../failure.js";
import { jsonLineTexts } from "./json-line-texts.js";
import { type InvalidLines, type Line, readLines } from "./read-lines.js";
import type { SourceText } from "./source-text.js";
import { formatOfFile, type TextFormat } from "./text-formats.js";

/** Where texts come from. */
export interface TextSource {
  /** The bytes of the file, or the number of texts of the command line; undefined where nobody knows. */
  readonly extent: number | undefined;
  /** The texts in order, read as they are asked for; can be gone through once. */
  readonly texts: AsyncIterable<SourceText>;
  /** What a person should know about what was read, once it was. */
  warning(): string | undefined;
}

/** The flags that say where texts come from. */
export interface InputFlags {
  readonly input?: string;
  readonly format?: TextFormat;
  readonly field?: string;
  readonly quotes: boolean;
}

/**
 * Opens the texts that a command line names: its own arguments, a file, or standard input.
 * @throws {Failure} for flags that contradict each other, and for what is not there or cannot be read.
 */
export async function openTexts(texts: readonly string[], flags: InputFlags, signal: AbortSignal): Promise<TextSource> {
  const fromInput = texts.length === 1 && texts[0] === "-";
  if (texts.length > 0 && flags.input !== undefined) {
    throw usageFailure("texts come from the command line or from --input, not from both");
  }
  if (texts.length > 0 && !fromInput) return givenTexts(texts, flags);
  if (flags.input !== undefined && flags.input !== "-") return openFile(flags.input, flags, signal);
  if (!fromInput && flags.input === undefined && process.stdin.isTTY) {
    throw usageFailure("no texts: give them as arguments, name a file with --input FILE, or - to type them");
  }
  const input = addAbortSignal(signal, process.stdin) as AsyncIterable<Uint8Array>;
  return parsedTexts(input, { name: "standard input", format: flags.format ?? "lines", flags, extent: undefined });
}

function givenTexts(texts: readonly string[], { format, field, quotes }: InputFlags): TextSource {
  if (texts.includes("-")) throw usageFailure("- is standard input and stands alone, without other texts");
  if (format !== undefined || field !== undefined || !quotes) {
    throw usageFailure("--format, --field and --no-quotes are for --input FILE or -, not for texts given as arguments");
  }
  async function* numbered(): AsyncGenerator<SourceText> {
    for (const [index, text] of texts.entries()) yield { text, position: index + 1 };
  }
  return { extent: texts.length, texts: numbered(), warning: () => undefined };
}

async function openFile(path: string, flags: InputFlags, signal: AbortSignal): Promise<TextSource> {
  const file = await open(path).catch((error: unknown) => {
    throw systemFailure(path, error);
  });
  try {
    const status = await file.stat();
    if (status.isDirectory()) throw new Failure(`${path}: this is a folder; name one file of texts`);
    const extent = status.isFile() ? status.size : undefined;
    const format = flags.format ?? formatOfFile(path);
    const chunks = file.createReadStream({ highWaterMark: 2 ** 18, signal }) as AsyncIterable<Uint8Array>;
    return await parsedTexts(chunks, { name: path, format, flags, extent });
  } catch (error) {
    await file.close();
    throw error;
  }
}

interface Content {
  readonly name: string;
  readonly format: TextFormat;
  readonly flags: InputFlags;
  readonly extent: number | undefined;
}

async function parsedTexts(chunks: AsyncIterable<Uint8Array>, content: Content): Promise<TextSource> {
  const { name, format, flags, extent } = content;
  if (format === "lines" && flags.field !== undefined) {
    throw usageFailure(`--field is for csv, tsv and jsonl, but ${name} is read as lines; add --format`);
  }
  if (!(flags.quotes || format === "csv" || format === "tsv")) throw usageFailure("--no-quotes is for csv and tsv");
  const invalid: InvalidLines = { count: 0, first: 0 };
  const lines = readLines(readable(chunks, name), { name, invalid });
  return { extent, texts: await textsIn(lines, content), warning: () => warningOf(invalid, name) };
}

async function textsIn(
  lines: AsyncIterable<Line>,
  { name, format, flags: { field, quotes } }: Content,
): Promise<AsyncIterable<SourceText>> {
  if (format === "lines") return lines;
  if (format === "jsonl") return jsonLineTexts(lines, { name, field });
  const { tableTexts } = await import("./table-texts.js");
  return tableTexts(lines, { name, delimiter: format === "csv" ? "," : "\t", quotes, field });
}

async function* readable(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw systemFailure(name, error);
  }
}

function warningOf({ count, first }: InvalidLines, name: string): string | undefined {
  if (count === 0) return undefined;
  const lines = count === 1 ? "1 line is" : `${count} lines are`;
  return `${name}:${first}: ${lines} not valid UTF-8, this the first; what is not became U+FFFD (is it another encoding?)`;
}

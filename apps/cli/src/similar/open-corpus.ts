import { usageFailure } from "../failure.js";
import { chooseColumns, rowNumber } from "../input/choose-columns.js";
import { type InputFlags, openRows } from "../input/open-rows.js";
import { jsonCell } from "../output/forms/json-cell.js";
import type { Cell, Column, RowSource } from "../rows/row.js";
import { VectorCheck } from "./check-vector.js";
import type { Corpus, CorpusRow, WantedWidth } from "./corpus.js";
import { textOfCell } from "./text-cell.js";
import { vectorColumn, vectorOfCell } from "./vector-cell.js";
import { findVectorFiles, vectorFileCorpus } from "./vector-files.js";

/**
 * Opens what is to be searched: files of vectors by their extension, rows that have a column of vectors, else texts.
 * @throws {Failure} for flags that contradict each other, and for what is not there or cannot be read.
 */
export async function openCorpus(flags: InputFlags, signal: AbortSignal): Promise<Corpus> {
  const files = await findVectorFiles(flags);
  if (files) return vectorFileCorpus(files, flags, signal);
  const { keep: _keep, id: _id, ...others } = flags;
  const all = await openRows([], { ...others, keep: ["*"] }, signal, { needsText: false });
  const columns = await all.columns();
  const hasVectors = columns.some(({ name }) => name === vectorColumn);
  // What can be read only once has been begun.
  if (hasVectors || all.extent === undefined) return pickedCorpus(all, { columns, hasVectors, flags });
  const source = await openRows([], flags, signal);
  return {
    hasVectors,
    isRaw: false,
    extent: source.extent,
    columns: await source.columns(),
    rows: () => textRows(source),
    warning: () => source.warning(),
  };
}

async function* textRows({ rows }: RowSource): AsyncGenerator<CorpusRow> {
  for await (const { text, cells, place, position } of rows) yield { text, cells, place, position, vector: undefined };
}

interface Picking {
  readonly columns: readonly Column[];
  readonly hasVectors: boolean;
  readonly flags: InputFlags;
}

/** Of rows with all their columns, those that the flags ask for. */
function pickedCorpus(source: RowSource, { columns, hasVectors, flags }: Picking): Corpus {
  const { keep, id } = flags;
  const place = source.files[0] ?? "standard input";
  const header = { place, word: "column" as const, columns: columns.filter(({ name }) => name !== vectorColumn) };
  // Beside vectors a text is welcome, not needed.
  const usual = hasVectors
    ? header.columns.find(({ name }) => /^(text|sentence)$/i.test(name.trim()))?.name
    : undefined;
  const field = flags.field ?? usual;
  const isEmpty = columns.length === 0;
  const needsText = field !== undefined || !(hasVectors || isEmpty);
  const { choice, columns: kept } = chooseColumns(header, { field, keep, id, needsText });
  const indexOf = (wanted: string | undefined): number => columns.findIndex(({ name }) => name === wanted);
  const [textIndex, vectorIndex] = [indexOf(choice.text), indexOf(vectorColumn)];
  const keptIndices = choice.kept.map(indexOf);
  return {
    hasVectors,
    isRaw: false,
    extent: source.extent,
    columns: kept,
    rows: (wanted) => pickedRows(source, wanted, { textIndex, vectorIndex, keptIndices, isNumbered: id === rowNumber }),
    warning: () => source.warning(),
  };
}

interface Picked {
  /** -1 where there are none. */
  readonly textIndex: number;
  readonly vectorIndex: number;
  readonly keptIndices: readonly number[];
  readonly isNumbered: boolean;
}

async function* pickedRows(
  { rows }: RowSource,
  wanted: WantedWidth | undefined,
  { textIndex, vectorIndex, keptIndices, isNumbered }: Picked,
): AsyncGenerator<CorpusRow> {
  const check = new VectorCheck(wanted);
  let number = 0;
  for await (const { cells, place, position } of rows) {
    const kept = keptIndices.map((index) => cells[index] ?? null);
    if (isNumbered) kept.unshift(++number);
    const isVector = vectorIndex >= 0;
    const vector = isVector ? check.check(vectorOfCell(cells[vectorIndex], place), place) : undefined;
    const text = isVector ? shownText(cells[textIndex]) : textOfCell(cells[textIndex], "the text", place);
    yield { text, cells: kept, place, position, vector };
  }
}

function shownText(cell: Cell | undefined): string {
  if (typeof cell === "string") return cell;
  return cell === undefined || cell === null ? "" : jsonCell(cell);
}

/**
 * Says what to do where nobody said what to search.
 * @throws {Failure} where no file is named and nothing is piped in.
 */
export function checkInput({ input }: InputFlags): void {
  if ((input !== undefined && [input].flat().length > 0) || !process.stdin.isTTY) return;
  throw usageFailure("no texts to search", "name a file of them with --in FILE, or pipe them in");
}

import { writeFile } from "node:fs/promises";
import type { TaskProgress } from "bertkit";
import { noBytes, type RowEncoder } from "../output/forms/vector-encoder.js";
import type { Tally } from "../output/journal.js";
import { openRun } from "../output/open-run.js";
import type { FilePlace } from "../output/output-place.js";
import type { PartialFile } from "../output/partial-file.js";
import type { Cell, Row } from "../rows/row.js";
import { withAnswers } from "../rows/with-answers.js";
import { type TokenLimit, warnOfCuts } from "../tasks/warn-of-cuts.js";
import { note } from "../terminal/notices.js";
import { progressDisplay } from "../terminal/progress-display.js";
import type { EvalFlags } from "./eval-flags.js";
import { counted } from "./report.js";

/** What is to be answered, and how. */
export interface PredictionJob<Item, Prediction> {
  readonly items: readonly Item[];
  /** What of an item its prediction depends on. */
  readonly cellsOf: (item: Item) => readonly Cell[];
  /** A prediction for each item, in their order. */
  readonly predict: (
    items: AsyncIterable<Item>,
    onProgress: (progress: Omit<TaskProgress, "inputs">) => void,
  ) => AsyncIterable<Prediction>;
  /** The file's text, when all predictions are there. */
  readonly fileText: (predictions: readonly Prediction[]) => string | Promise<string>;
  /** What predictions depend on besides the items, name → value. */
  readonly identity: () => Promise<Readonly<Record<string, string>>>;
  /** What cuts an item that is too long. */
  readonly limit: TokenLimit;
}

/**
 * Every item's prediction, as JSON can hold it. With a plan each is written down as it comes, so that an interrupted run
 * can be gone on with, and the file appears when all are there.
 * @throws {Failure} as `openRun`, and where the items are not those of the run that is resumed.
 */
export async function gatherPredictions<Item, Prediction>(
  job: PredictionJob<Item, Prediction>,
  plan: FilePlace | undefined,
  flags: EvalFlags,
  signal: AbortSignal,
): Promise<readonly Prediction[]> {
  const { items, cellsOf, predict, limit } = job;
  await using store = plan ? await openFile(job, plan, flags, signal) : new Memory<Prediction>();
  if (store.resumedRows > 0 && !flags.quiet) {
    note(`going on after ${counted(store.resumedRows, "prediction")} of an interrupted run`);
  }
  async function* rows(): AsyncGenerator<Row> {
    for (const [i, item] of items.entries())
      yield { text: "", cells: cellsOf(item), position: i + 1, place: `${i + 1}` };
  }
  async function* itemsOf(remaining: AsyncIterable<Row>): AsyncGenerator<Item> {
    for await (const { position } of remaining) yield items[position - 1] as Item;
  }
  const before = { ...store.tally };
  const onProgress = ({ tokens, truncated }: Tally): void => {
    store.tally.tokens = before.tokens + tokens;
    store.tally.truncated = before.truncated + truncated;
  };
  {
    using display = await progressDisplay(items.length, flags);
    const predicted = withAnswers(store.remaining(rows()), (remaining) => predict(itemsOf(remaining), onProgress));
    for await (const { row, answer } of predicted) {
      await store.write(row, answer);
      display?.update({ texts: row.position - store.resumedRows, position: row.position });
    }
  }
  const predictions = await store.complete();
  if (!flags.quiet) warnOfCuts({ inputs: items.length, truncated: store.tally.truncated }, limit);
  return predictions;
}

/** Where predictions wait for the last one. */
interface Store<Prediction> extends AsyncDisposable {
  readonly resumedRows: number;
  readonly tally: Tally;
  remaining(rows: AsyncIterable<Row>): AsyncIterable<Row>;
  write(row: Row, prediction: Prediction): Promise<void>;
  complete(): Promise<readonly Prediction[]>;
}

class Memory<Prediction> implements Store<Prediction> {
  readonly resumedRows = 0;
  readonly tally = { tokens: 0, truncated: 0 };
  readonly #predictions: Prediction[] = [];

  remaining(rows: AsyncIterable<Row>): AsyncIterable<Row> {
    return rows;
  }

  async write(_row: Row, prediction: Prediction): Promise<void> {
    this.#predictions.push(prediction);
  }

  async complete(): Promise<readonly Prediction[]> {
    return this.#predictions;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

async function openFile<Item, Prediction>(
  { fileText, identity }: PredictionJob<Item, Prediction>,
  plan: FilePlace,
  flags: EvalFlags,
  signal: AbortSignal,
): Promise<Store<Prediction>> {
  let predictions: readonly Prediction[] = [];
  const finalise = async (lines: PartialFile, path: string): Promise<void> => {
    predictions = await valuesIn<Prediction>(lines);
    await writeFile(path, await fileText(predictions), { flush: true });
  };
  const open = async () => ({ encoder: jsonLines, finalise });
  const output = await openRun<Prediction>(plan, { open, identity }, flags, signal);
  return {
    resumedRows: output.resumedRows,
    tally: output.tally,
    remaining: (rows) => output.remaining(rows),
    write: (row, prediction) => output.write(row, prediction),
    complete: async () => {
      await output.complete();
      return predictions;
    },
    [Symbol.asyncDispose]: () => output[Symbol.asyncDispose](),
  };
}

const jsonLines: RowEncoder<unknown> = {
  start: () => noBytes,
  append: (_row, prediction) => Buffer.from(`${JSON.stringify(prediction)}\n`),
  finish: () => noBytes,
  state: () => undefined,
};

/** What `jsonLines` wrote; nobody else can have changed it, since the run's digest is of these bytes. */
async function valuesIn<Value>(lines: PartialFile): Promise<Value[]> {
  const parts: Buffer[] = [];
  for await (const part of lines.read()) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Value]));
}

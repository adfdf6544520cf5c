import type { Aggregation, Tagger, Tagging, TextOrWords } from "bertkit";
import { usageFailure } from "../failure.js";
import type { Cell, CellObject } from "../rows/row.js";
import { resultFormOf } from "../similar/result-forms.js";
import { entitiesPage, entityColors } from "../tasks/entities-page.js";
import { openTaskRows, type TaskRow, type TaskRows } from "../tasks/open-task-rows.js";
import { roundedScore } from "../tasks/rounded-score.js";
import { runTask, type TaskCommand } from "../tasks/run-task.js";
import type { TaskFlags } from "../tasks/task-flags.js";

/** The flags of `bertkit tag`. */
export interface TagFlags extends TaskFlags {
  readonly aggregation?: Aggregation;
  /** Tokens from a window of a long text to the next. */
  readonly stride?: number;
  /** Whether white space divides texts into words, each with a label. */
  readonly words?: boolean;
}

/** Writes the entities of each text, in their order. */
export async function tag(texts: readonly string[], flags: TagFlags, signal: AbortSignal): Promise<void> {
  checkTable(flags);
  const source = await openTaskRows(texts, flags, signal);
  const { loadTagger } = await import("bertkit");
  const form = flags.words ? wordForm(flags) : textForm(flags);
  await runTask(flags.words ? inWords(source) : source, { load: loadTagger, ...form }, flags, signal);
}

function checkTable({ words, aggregation, ...flags }: TagFlags): void {
  const form = resultFormOf(flags, "jsonl");
  if (!words || aggregation === undefined || form === "page" || form === "jsonl") return;
  const hint = "leave --aggregation out, or write .jsonl, which has both";
  throw usageFailure(`with --words a ${form} file has a row a word and no entities to make of them`, hint);
}

/** The same rows with one space between words: the text that ranges count in. */
function inWords(source: TaskRows): TaskRows {
  async function* rows(): AsyncGenerator<TaskRow> {
    for await (const row of source.rows) yield { ...row, given: [wordsOf(row.text).join(" ")] };
  }
  return { ...source, rows: rows() };
}

const wordsOf = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== "");

type TagForm = Omit<TaskCommand<Tagger, Tagging>, "load">;

function textForm(flags: TagFlags): TagForm {
  return {
    answers: answersTo((text) => text, flags),
    columns: ["type", "score", "start", "end", "entity"],
    cells: ({ entities }) => entities.map(({ type, score, start, end, text }) => [type, score, start, end, text]),
    object: entityObject,
    page: pages(),
  };
}

function wordForm(flags: TagFlags): TagForm {
  const labelled = (
    { labels = [] }: Tagging,
    { text }: TaskRow,
  ): { word: string; label: Cell; score: number | null }[] =>
    wordsOf(text).map((word, i) => ({ word, label: labels[i]?.label ?? null, score: labels[i]?.score ?? null }));
  return {
    answers: answersTo(wordsOf, flags),
    columns: ["word", "label", "score"],
    cells: (answer, row) => labelled(answer, row).map(({ word, label, score }) => [word, label, score]),
    object: (answer, row) => ({
      ...entityObject(answer),
      labels: labelled(answer, row).map((word) => ({ ...word, score: word.score && roundedScore(word.score) })),
    }),
    page: pages(),
  };
}

function answersTo(inputOf: (text: string) => TextOrWords, { aggregation, stride }: TagFlags): TagForm["answers"] {
  return (tagger, rows, options) => {
    async function* inputs(): AsyncGenerator<TextOrWords> {
      for await (const { text } of rows) yield inputOf(text);
    }
    return tagger.tag(inputs(), { ...options, aggregation, stride });
  };
}

const entityObject = ({ entities }: Tagging): CellObject => ({
  entities: entities.map(({ type, score, start, end, text }) => ({
    type,
    score: roundedScore(score),
    start,
    end,
    text,
  })),
});

function pages(): TagForm["page"] {
  const colorOf = entityColors();
  return (answer, _row, columns) => entitiesPage(answer, { columns, colorOf });
}

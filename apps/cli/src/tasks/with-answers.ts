import type { TextOrPair } from "bertkit";
import type { TaskRow } from "./open-task-rows.js";

/** A row and what the model says of it. */
export interface AnsweredRow<Answer> {
  readonly row: TaskRow;
  readonly answer: Answer;
}

/** Rows with their answers, in their order; no more rows are held than the model has taken and not yet answered. */
export async function* withAnswers<Answer>(
  rows: AsyncIterable<TaskRow>,
  answers: (inputs: AsyncIterable<TextOrPair>) => AsyncIterable<Answer>,
): AsyncGenerator<AnsweredRow<Answer>> {
  const waiting: TaskRow[] = [];
  async function* inputs(): AsyncGenerator<TextOrPair> {
    for await (const row of rows) {
      waiting.push(row);
      const [text, pair] = row.texts;
      yield pair === undefined ? text : [text, pair];
    }
  }
  for await (const answer of answers(inputs())) yield { row: waiting.shift() as TaskRow, answer };
}

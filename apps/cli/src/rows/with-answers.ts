/** A row and what the model says of it. */
export interface AnsweredRow<Row, Answer> {
  readonly row: Row;
  readonly answer: Answer;
}

/** Rows with their answers, in their order; no more rows are held than the model has taken and not yet answered. */
export async function* withAnswers<Row, Answer>(
  rows: AsyncIterable<Row>,
  answers: (rows: AsyncIterable<Row>) => AsyncIterable<Answer>,
): AsyncGenerator<AnsweredRow<Row, Answer>> {
  const waiting: Row[] = [];
  async function* taken(): AsyncGenerator<Row> {
    for await (const row of rows) {
      waiting.push(row);
      yield row;
    }
  }
  for await (const answer of answers(taken())) yield { row: waiting.shift() as Row, answer };
}

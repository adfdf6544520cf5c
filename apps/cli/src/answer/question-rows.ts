import { Failure, usageFailure } from "../failure.js";
import { openTaskRows, type TaskRow, type TaskRows } from "../tasks/open-task-rows.js";
import type { TaskFlags } from "../tasks/task-flags.js";
import { readContext } from "./read-context.js";

/**
 * Opens questions, each with its context as the second of its `texts`: the `context` that all are about, else that of a
 * pair, by ` ||| ` or two columns. With an answer its question is written, and the context of a pair.
 * @throws {Failure} as `openTaskRows` and `readContext`, and for a question without a context.
 */
export async function openQuestionRows(
  questions: readonly string[],
  flags: TaskFlags & { readonly context?: string },
  signal: AbortSignal,
): Promise<TaskRows> {
  const { context, fields } = flags;
  if (context === undefined) return withOwnContexts(await openTaskRows(questions, flags, signal), fields);
  if (fields) throw usageFailure("--context and --fields exclude each other", "--field names the questions' column");
  const text = await readContext(context, questions, flags, signal);
  return withContext(text, await openTaskRows(questions, flags, signal));
}

function withOwnContexts(source: TaskRows, fields: TaskFlags["fields"]): TaskRows {
  async function* rows(): AsyncGenerator<TaskRow> {
    for await (const row of source.rows) {
      const [question, context] = row.texts;
      if (context === undefined) {
        const hint = 'name one with --context, put " ||| " before it, or name two columns: --fields question,context';
        throw new Failure(`${row.place}: this is a question without a context`, { hint });
      }
      yield { ...row, given: [question, context] };
    }
  }
  return { ...source, names: fields ?? ["question", "context"], rows: rows() };
}

function withContext(context: string, source: TaskRows): TaskRows {
  async function* rows(): AsyncGenerator<TaskRow> {
    for await (const row of source.rows) yield { ...row, texts: [row.text, context], given: [row.text] };
  }
  return { ...source, names: ["question"], rows: rows() };
}

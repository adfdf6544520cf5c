import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Answerer, loadAnswerer, type QuestionInContext } from "bertkit";

/** A side that takes questions and gives answers, with its own tokenizer, windows, batches and decoding. */
export interface AnswerSide {
  /** What runs, with what a comparison needs to know of it. */
  readonly name: string;
  answer(questions: readonly QuestionInContext[]): Promise<TimedAnswers>;
}

export interface TimedAnswers {
  /** The best of each question. */
  readonly answers: readonly string[];
  /** In milliseconds. */
  readonly time: number;
}

/** A process that answers, until it is closed. */
export interface RivalSide extends AnswerSide {
  close(): void;
}

/** Our side on so many threads, as wide as the engine can. */
export const openAnswerer = (folder: string, threads: number): Promise<Answerer> =>
  loadAnswerer(folder, { device: "wasm", threads, wide: true });

/** Our side as people use it; with one token a batch, every window is computed alone. */
export function answererSide(answerer: Answerer, name: string, batchTokens?: number): AnswerSide {
  return {
    name,
    async answer(questions) {
      const begin = performance.now();
      const answers = await answerer.answer(questions, { batchTokens });
      return { time: performance.now() - begin, answers: answers.map(({ text }) => text) };
    },
  };
}

const program = fileURLToPath(new URL("../../python/answer_questions.py", import.meta.url));

/** How transformers' pipeline is to compute. */
export interface PipelineOptions {
  readonly python: string;
  readonly folder: string;
  readonly threads: number;
  /** Windows of a batch, padded to the longest. */
  readonly batch: number;
}

/**
 * The question-answering pipeline of transformers 4 over PyTorch, in a process of its own that measures itself.
 * @returns undefined where `python` has no such pipeline, or is not there
 */
export async function openPipeline({
  python,
  folder,
  threads,
  batch,
}: PipelineOptions): Promise<RivalSide | undefined> {
  const args = [program, folder, String(threads), String(batch)];
  const child = spawn(python, args, { stdio: ["pipe", "pipe", "ignore"] });
  const reader = createInterface({ input: child.stdout });
  const lines = reader[Symbol.asyncIterator]();
  // A Python that isn't there is an error of the process; the lines end then, and that is the answer.
  child.on("error", () => reader.close());
  child.stdin.on("error", () => reader.close());
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const hello = (await next()) as { readonly name: string } | undefined;
  if (!hello) return undefined;
  return {
    name: `${hello.name}, ${batch === 1 ? "a window at a time" : `${batch} windows a batch`}`,
    async answer(questions) {
      child.stdin.write(`${JSON.stringify(questions)}\n`);
      const answer = await next();
      if (!answer) throw new Error("transformers' pipeline ended without an answer");
      return answer as TimedAnswers;
    },
    close: () => child.stdin.end(),
  };
}

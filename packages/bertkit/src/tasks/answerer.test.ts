import { readFile } from "node:fs/promises";
import type { TinyModelOptions } from "@bertkit-tooling/fixtures";
import { describe, expect, test } from "@jest/globals";
import { collect, streamOf } from "../fixtures/streams.js";
import { useTinyModels } from "../fixtures/tiny-models.js";
import { type AnswerOptions, loadAnswerer } from "./answerer.js";
import type { TaskProgress } from "./task-model.js";

const models = useTinyModels();

/** Answers are computed in float32, the recorded ones in double precision. */
const digits = 4;

/** What transformers' logits and run_squad's decoding give; `tooling/golden/answers.py` wrote it. */
interface Recorded {
  readonly model: TinyModelOptions;
  /** So many of the n best are recorded. */
  readonly shown: number;
  readonly cases: readonly {
    readonly question: string;
    readonly context: string;
    readonly options: AnswerOptions;
    readonly windows: number;
    readonly answer: string;
    readonly nullOdds: number | null;
    readonly count: number;
    readonly answers: readonly (readonly [string, number, number, number, number, number])[];
  }[];
}

const readRecorded = async (): Promise<Recorded> =>
  JSON.parse(await readFile(new URL("../fixtures/recorded-answers.json", import.meta.url), "utf8"));

const squad = (name = "squad", options: TinyModelOptions = {}) =>
  models.write(name, { head: "BertForQuestionAnswering", ...options });

const context = "The old library stands by the river. Río Naïve read 🌙 books in it, night and day.";
const long = `${context} `.repeat(9);

describe.each(["reference", "wasm"] as const)("answer on the %s backend", (device) => {
  test("gives what transformers' logits and run_squad's decoding give, through one window and several", async () => {
    const { cases, shown } = await readRecorded();
    using answerer = await loadAnswerer(await squad(), { device });
    expect(cases.filter(({ windows }) => windows > 1).length).toBeGreaterThan(15);
    for (const { question, context, options, answer, nullOdds, count, answers } of cases) {
      const [found] = await answerer.answer([{ question, context }], options);
      expect(found).toMatchObject({ text: answer });
      expect(found!.text).toBe(context.slice(found!.start, found!.end));
      if (nullOdds === null) expect(found!.nullOdds).toBeUndefined();
      else expect(found!.nullOdds).toBeCloseTo(nullOdds, digits);
      expect(found!.answers).toHaveLength(count);
      const rows = found!.answers.slice(0, shown);
      expect(rows.map(({ text, start, end }) => [text, start, end])).toEqual(answers.map((row) => row.slice(0, 3)));
      for (const [i, [, , , startLogit, endLogit, probability]] of answers.entries()) {
        expect(rows[i]!.startLogit).toBeCloseTo(startLogit, digits);
        expect(rows[i]!.endLogit).toBeCloseTo(endLogit, digits);
        expect(rows[i]!.probability).toBeCloseTo(probability, digits);
      }
    }
  });
});

describe("answer", () => {
  const questions = [
    { question: "Where is the library?", context },
    { question: "Who reads?", context: long },
    { question: "Anybody?", context: "" },
    { question: "", context: "one bird" },
    { question: "When?", context: long },
  ];

  test("a question has the same answer alone, with others, in batches of any size and from a stream", async () => {
    using answerer = await loadAnswerer(await squad());
    const together = await answerer.answer(questions, { stride: 20 });
    for (const [i, question] of questions.entries()) {
      expect(await answerer.answer([question], { stride: 20 })).toEqual([together[i]]);
    }
    for (const batchTokens of [1, 100, 4000]) {
      expect(await collect(answerer.answer(streamOf(questions), { stride: 20, batchTokens }))).toEqual(together);
    }
    expect(new Set(together.map(({ text }) => text)).size).toBeGreaterThan(3);
  });

  test("the answer is the first of the n best, and the context from its start to its end", async () => {
    using answerer = await loadAnswerer(await squad());
    for (const [i, answer] of (await answerer.answer(questions, { nBest: 3 })).entries()) {
      const { text, start, end, score, startLogit, endLogit } = answer;
      const best = { start, end, startLogit, endLogit, probability: score };
      expect(answer.answers[0]).toMatchObject(best);
      expect(text).toBe(questions[i]!.context.slice(start, end));
      expect(answer.answers.length).toBeLessThanOrEqual(3);
    }
  });

  test('a context without words has the answer "", which run_squad calls empty where there must be one', async () => {
    using answerer = await loadAnswerer(await squad());
    const none = { text: "", start: 0, end: 0, startLogit: 0, endLogit: 0 };
    const wordless = [{ question: "who?", context: " \n\u0000" }];
    expect(await answerer.answer(wordless)).toEqual([
      { ...none, score: 1, answers: [{ ...none, text: "empty", probability: 1 }], nullOdds: undefined },
    ]);
    expect(await answerer.answer(wordless, { nullThreshold: 0, maxQuestionLength: 0 })).toEqual([
      { ...none, score: 1, answers: [{ ...none, probability: 1 }], nullOdds: 1_000_000 },
    ]);
  });

  test("where there may be no answer the threshold decides, and the odds are those of every threshold", async () => {
    using answerer = await loadAnswerer(await squad());
    const [sure] = await answerer.answer([questions[0]!], { nullThreshold: 1000 });
    const [unsure] = await answerer.answer([questions[0]!], { nullThreshold: -1000 });
    expect(sure!.text).not.toBe("");
    expect(unsure).toMatchObject({ text: "", start: 0, end: 0, nullOdds: sure!.nullOdds });
    expect(unsure!.answers).toEqual(sure!.answers);
    const atOdds = await answerer.answer([questions[0]!], { nullThreshold: sure!.nullOdds });
    expect(atOdds[0]!.text).toBe(sure!.text);
  });

  test("progress counts questions, the tokens of all their windows, and questions that were cut", async () => {
    using answerer = await loadAnswerer(await squad());
    const seen: TaskProgress[] = [];
    const asked = [
      { question: "who is it?", context: "one bird" },
      { question: "who is it?", context: "a b c d e f g h" },
      { question: "who?", context: "" },
    ];
    const options = { maxLength: 10, stride: 3, maxQuestionLength: 3 };
    await answerer.answer(asked, { ...options, onProgress: (progress) => seen.push(progress) });
    // [CLS] 3 of the question [SEP] context [SEP]: 2 words; 4, 4 and 2 words; [CLS] who ? [SEP].
    expect(seen).toEqual([
      { inputs: 1, tokens: 8, truncated: 1 },
      { inputs: 2, tokens: 8 + 10 + 10 + 8, truncated: 2 },
      { inputs: 3, tokens: 36 + 4, truncated: 2 },
    ]);
  });

  test("a stream is read only a little ahead of its answers", async () => {
    using answerer = await loadAnswerer(await squad());
    let taken = 0;
    async function* endless() {
      for (;;) {
        taken++;
        yield questions[taken % questions.length]!;
      }
    }
    let answers = 0;
    for await (const { text } of answerer.answer(endless(), { batchTokens: 64 })) {
      expect(typeof text).toBe("string");
      if (++answers === 200) break;
    }
    expect(taken).toBeLessThan(300);
  });

  test("a signal ends it between two batches, with its reason", async () => {
    using answerer = await loadAnswerer(await squad());
    const controller = new AbortController();
    const reason = new Error("enough");
    const answers = answerer.answer(streamOf(Array.from({ length: 500 }, () => questions[1]!)), {
      signal: controller.signal,
    });
    await answers.next();
    controller.abort(reason);
    await expect(collect(answers)).rejects.toBe(reason);
  });

  test("windows are as long as the model allows, up to 384 tokens", async () => {
    const roomy = await squad("roomy", { sizes: { positions: 512 }, maxLength: 512 });
    using answerer = await loadAnswerer(roomy);
    const tokensOf = async (options: AnswerOptions = {}): Promise<number> => {
      let tokens = 0;
      const onProgress = (progress: TaskProgress) => {
        tokens = progress.tokens;
      };
      await answerer.answer([{ question: "", context: "a ".repeat(500) }], { ...options, onProgress });
      return tokens;
    };
    // 381 words a window beside three special tokens, the next 128 later.
    expect(await tokensOf()).toBe(384 + (500 - 128 + 3));
    expect(await tokensOf({ maxLength: 503 })).toBe(503);
    using limited = await loadAnswerer(roomy, { maxLength: 50 });
    expect(limited.maxLength).toBe(50);
    await expect(limited.answer([], { maxLength: 51 })).rejects.toThrow("from 1 to 50 for this model, got 51");
  });

  test("what is no question, and options that none can be, are errors that say all of it", async () => {
    using answerer = await loadAnswerer(await squad());
    const wrong = (...asked: unknown[]) => answerer.answer(asked as { question: string; context: string }[]);
    await expect(wrong("who?")).rejects.toThrow('answer: it wanted { question, context }, two strings, got "who?"');
    await expect(wrong({ question: "who?" })).rejects.toThrow('got question "who?" and context undefined');
    await expect(wrong(null)).rejects.toThrow("got null");
    await expect(
      answerer.answer(questions, {
        stride: 0,
        nBest: 1.5,
        maxAnswerTokens: 0,
        maxLength: 65,
        nullThreshold: Number.NaN,
      }),
    ).rejects.toMatchObject({
      code: "CONFIG",
      problems: [
        "stride must be a whole number from 1 on, got 0",
        "nBest must be a whole number from 1 on, got 1.5",
        "maxAnswerTokens must be a whole number from 1 on, got 0",
        "maxLength must be a whole number from 1 to 64 for this model, got 65",
        "nullThreshold must be a number, got NaN",
      ],
    });
  });

  test("a question that leaves no room in the window is an error", async () => {
    using answerer = await loadAnswerer(await squad());
    const asked = [{ question: "who ".repeat(70), context: "a bird" }];
    await expect(answerer.answer(asked)).rejects.toMatchObject({ code: "maximum_too_short" });
    await expect(answerer.answer(asked, { maxQuestionLength: 40 })).resolves.toHaveLength(1);
  });

  test("a model without a question answering head is an error that says what it is for", async () => {
    const folder = await models.write("sentiment", { head: "BertForSequenceClassification" });
    await expect(loadAnswerer(folder)).rejects.toThrow(
      /its weights lack a head that answers questions from a text; they are for: classify/,
    );
  });
});

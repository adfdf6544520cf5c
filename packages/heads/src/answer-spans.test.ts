import { readFileSync } from "node:fs";
import { ShapeError } from "@bertkit/tensor";
import { BertTokenizer } from "@bertkit/tokenizer";
import { describe, expect, test } from "@jest/globals";
import { type AnswerSpans, type AnswerWindow, answerSpans } from "./answer-spans.js";

/**
 * A window as one tokenizer would make it: [CLS], a question of one token, [SEP], words of the context from `first` on,
 * [SEP]. Logits are those of [CLS], then of the words; the rest is unlikely.
 */
function windowOf(
  context: string,
  starts: readonly number[],
  ends: readonly number[],
  { first = 0, maxContext = starts.slice(1).map(() => 1) } = {},
): AnswerWindow {
  const words = [...context.matchAll(/\S+/g)].slice(first, first + starts.length - 1);
  const around = <Value>(first: Value, values: readonly Value[], other: Value): Value[] => [
    ...[first, other, other],
    ...values,
    other,
  ];
  const logits = ([none = 0, ...rest]: readonly number[]) => Float32Array.from(around(none, rest, -50));
  const ranges = words.map(({ index, 0: { length } }) => [index, index + length]);
  return {
    encoding: {
      length: words.length + 4,
      ranges: Int32Array.from(around([0, 0], ranges, [0, 0]).flat()),
      sequenceIds: Int32Array.from(around(-1, [...words.map(() => 1)], -1)).fill(0, 1, 2),
    },
    maxContext: Uint8Array.from(around(0, maxContext, 0)),
    starts: logits(starts),
    ends: logits(ends),
  };
}

const textsOf = ({ nBest }: AnswerSpans) => nBest.map(({ text }) => text);
const context = "red  green blue\ngrey";

describe("answerSpans", () => {
  test("pairs likely starts with likely ends, and gives ranges, logits and probabilities among the n best", () => {
    const window = windowOf(context, [0, 1, 4, 0, 0], [0, 0, 2, 3, 0]);
    const { answer, nBest, nullOdds } = answerSpans([window], { context, nBest: 2 });
    const probability = 1 / (1 + Math.exp(-1));
    expect(answer).toEqual({ text: "green blue", start: 5, end: 15, startLogit: 4, endLogit: 3, probability });
    expect(nBest).toEqual([
      answer,
      {
        text: "green",
        start: 5,
        end: 10,
        startLogit: 4,
        endLogit: 2,
        probability: expect.closeTo(1 - probability, 12),
      },
    ]);
    expect(nullOdds).toBeUndefined();
  });

  test("the text is the context's own, white space and all", () => {
    const window = windowOf(context, [0, 9, 0, 0, 0], [0, 0, 0, 0, 9]);
    expect(answerSpans([window], { context }).answer).toMatchObject({ text: context, start: 0, end: context.length });
  });

  test("no answer begins or ends outside the context, ends before it begins, or is too long", () => {
    const window = windowOf(context, [99, 0, 0, 9, 0], [99, 0, 8, 0, 7]);
    window.starts[1] = window.ends[1] = window.starts[2] = window.ends[2] = 98;
    window.starts[7] = window.ends[7] = 97;
    const { answer } = answerSpans([window], { context });
    expect(answer).toMatchObject({ text: "blue\ngrey", startLogit: 9, endLogit: 7 });
    const texts = textsOf(answerSpans([window], { context, maxAnswerTokens: 1 }));
    expect(texts).toEqual(["blue", "green", "grey", "red"]);
    expect(textsOf(answerSpans([window], { context, nBest: 3 }))).toEqual(["empty"]);
  });

  test("equals stay in the order of their windows, starts and ends", () => {
    const window = windowOf(context, [0, 1, 1, 1, 1], [0, 2, 2, 2, 2]);
    expect(textsOf(answerSpans([window], { context, maxAnswerTokens: 2 }))).toEqual([
      "red",
      "red  green",
      "green",
      "green blue",
      "blue",
      "blue\ngrey",
      "grey",
    ]);
  });

  test("a text is given once, from where it is likeliest", () => {
    const repeated = "ab cd ab";
    const window = windowOf(repeated, [0, 1, 0, 5], [0, 1, 0, 5]);
    const { nBest } = answerSpans([window], { context: repeated, maxAnswerTokens: 1 });
    expect(nBest.map(({ text, start }) => [text, start])).toEqual([
      ["ab", 6],
      ["cd", 3],
    ]);
  });

  test("an answer begins in the window where its first token has the most context", () => {
    const windows = [
      windowOf(context, [0, 1, 2, 9], [0, 1, 2, 9], { maxContext: [1, 1, 0] }),
      windowOf(context, [0, 7, 3, 4], [0, 0, 3, 4], { first: 1, maxContext: [0, 1, 1] }),
    ];
    const { answer, nBest } = answerSpans(windows, { context });
    expect(answer).toMatchObject({ text: "green blue", startLogit: 2, endLogit: 9 });
    expect(nBest.filter(({ start }) => start === 5).every(({ startLogit }) => startLogit === 2)).toBe(true);
    expect(nBest.find(({ text }) => text === "blue")).toMatchObject({ startLogit: 3, endLogit: 3 });
  });

  test("a context of one token has one answer", () => {
    const { nBest } = answerSpans([windowOf("red", [0, 2], [0, 3])], { context: "red" });
    expect(nBest).toEqual([{ text: "red", start: 0, end: 3, startLogit: 2, endLogit: 3, probability: 1 }]);
  });

  test('without any answer it is "empty", as in run_squad', () => {
    const empty = { text: "empty", start: 0, end: 0, startLogit: 0, endLogit: 0, probability: 1 };
    expect(answerSpans([], { context: "" })).toEqual({ answer: empty, nBest: [empty], nullOdds: undefined });
  });

  test("marks on an answer's last letter belong to it where the tokenizer has dropped them", () => {
    const tokenizer = BertTokenizer.fromVocabulary("[UNK]\n[CLS]\n[SEP]\ncafe\nau\n##x", { lowerCase: true });
    const answerIn = (context: string) => {
      const encoding = tokenizer.encode("", { pair: context });
      const logits = Float32Array.from(encoding.ids, (_, token) => (token === 2 ? 1 : 0));
      const maxContext = Uint8Array.from(encoding.sequenceIds, (sequence) => (sequence === 1 ? 1 : 0));
      const { answer } = answerSpans([{ encoding, maxContext, starts: logits, ends: logits }], { context });
      expect(answer.text).toBe(context.slice(answer.start, answer.end));
      return answer.text;
    };
    expect(answerIn("cafe\u0301 au")).toBe("cafe\u0301");
    expect(answerIn("cafe\u0301")).toBe("cafe\u0301");
    expect(answerIn("au\u0308x")).toBe("au\u0308");
    const cased = BertTokenizer.fromVocabulary("[UNK]\n[CLS]\n[SEP]\ncafe\n##\u0301", { lowerCase: false });
    const encoding = cased.encode("", { pair: "cafe\u0301" });
    const logits = Float32Array.of(0, 0, 1, 0, 0);
    const window = { encoding, maxContext: Uint8Array.of(0, 0, 1, 1, 0), starts: logits, ends: logits };
    expect(answerSpans([window], { context: "cafe\u0301" }).answer.text).toBe("cafe");
  });

  test("arrays of other lengths and options that are no counts are errors", () => {
    const window = { ...windowOf(context, [0, 1, 1], [0, 1, 1]), ends: new Float32Array(3) };
    expect(() => answerSpans([window], { context })).toThrow(
      new ShapeError("answerSpans: window 0 of 6 tokens has 6 starts, 3 ends and 6 of maxContext: give one a token"),
    );
    expect(() => answerSpans([], { context, nBest: 0 })).toThrow(ShapeError);
    expect(() => answerSpans([], { context, maxAnswerTokens: 1.5 })).toThrow(ShapeError);
  });
});

describe("answerSpans where there may be no answer", () => {
  const windows = [
    windowOf(context, [3, 4, 0], [2, 3, 0], { maxContext: [1, 1] }),
    windowOf(context, [1, 0, 0], [2, 0, 0], { first: 2, maxContext: [1, 1] }),
  ];

  test("the smallest null score is weighed against the best answer", () => {
    const { answer, nullOdds, nBest } = answerSpans(windows, { context, nullThreshold: 0 });
    expect(nullOdds).toBe(1 + 2 - 4 - 3);
    expect(answer).toMatchObject({ text: "red", startLogit: 4, endLogit: 3 });
    expect(nBest.find(({ text }) => text === "")).toMatchObject({ start: 0, end: 0, startLogit: 1, endLogit: 2 });
    expect(nBest.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
  });

  test("there is none where the odds are above the threshold, and not where they are at it", () => {
    expect(answerSpans(windows, { context, nullThreshold: -4 }).answer.text).toBe("red");
    const { answer, nBest } = answerSpans(windows, { context, nullThreshold: -4.5 });
    expect(answer).toMatchObject({ text: "", start: 0, end: 0, startLogit: 1, endLogit: 2 });
    expect(nBest).toContain(answer);
    expect(nBest[0]?.text).toBe("red");
  });

  test("no answer takes a place among the n best, or comes as one more", () => {
    const likely = windowOf(context, [-9, 4, 0], [-9, 3, 2]);
    expect(textsOf(answerSpans([likely], { context, nBest: 2, nullThreshold: 0 }))).toEqual(["red", "red  green", ""]);
    const unlikely = windowOf(context, [9, 1], [9, 1]);
    expect(textsOf(answerSpans([unlikely], { context, nBest: 1, nullThreshold: 0 }))).toEqual([""]);
    expect(textsOf(answerSpans([unlikely], { context, nullThreshold: 0 }))).toEqual(["", "red"]);
  });

  test("no window, or no answer in any, is no answer", () => {
    const none = { text: "", start: 0, end: 0, startLogit: 0, endLogit: 0, probability: 1 };
    expect(answerSpans([], { context: "", nullThreshold: 0 })).toEqual({
      answer: none,
      nBest: [none],
      nullOdds: 1_000_000,
    });
    const closed = windowOf(context, [-9, 1], [-9, 1], { maxContext: [0] });
    const { answer, nullOdds } = answerSpans([closed], { context, nullThreshold: 0 });
    expect([answer.text, nullOdds]).toEqual(["", -18]);
  });
});

describe("recorded from a Python version of write_predictions", () => {
  interface Recorded {
    readonly words: readonly string[];
    readonly windows: readonly {
      readonly first: number;
      readonly count: number;
      readonly maxContext: readonly number[];
      readonly starts: readonly number[];
      readonly ends: readonly number[];
    }[];
    readonly options: {
      readonly nBest: number;
      readonly maxAnswerTokens: number;
      readonly nullThreshold: number | null;
    };
    readonly expected: {
      readonly prediction: string;
      readonly nullOdds: number | null;
      readonly nBest: readonly (readonly [text: string, start: number, end: number, probability: number])[];
    };
  }
  const recorded = JSON.parse(
    readFileSync(new URL("./fixtures/recorded-answers.json", import.meta.url), "utf8"),
  ) as readonly Recorded[];

  test("predictions, n-best lists and null odds are the same", () => {
    expect(recorded).toHaveLength(60);
    for (const { words, windows, options, expected } of recorded) {
      const context = words.join(" ");
      const given = windows.map((window) => recordedWindow(window, words));
      const { answer, nBest, nullOdds } = answerSpans(given, {
        ...options,
        context,
        nullThreshold: options.nullThreshold ?? undefined,
      });
      expect(answer.text).toBe(expected.prediction);
      expect(nullOdds ?? null).toBe(expected.nullOdds);
      expect(nBest.map(({ text, startLogit, endLogit }) => [text, startLogit, endLogit])).toEqual(
        expected.nBest.map((entry) => entry.slice(0, 3)),
      );
      nBest.forEach(({ probability, text, start, end }, i) => {
        expect(probability).toBeCloseTo(expected.nBest[i]![3], 8);
        if (text !== "empty") expect(context.slice(start, end)).toBe(text);
      });
    }
  });

  /** Two tokens of question, and each word a token. */
  function recordedWindow(
    { first, count, ...window }: Recorded["windows"][number],
    words: readonly string[],
  ): AnswerWindow {
    const length = count + 5;
    const ranges = new Int32Array(2 * length);
    const sequenceIds = new Int32Array(length)
      .fill(-1)
      .fill(0, 1, 3)
      .fill(1, 4, 4 + count);
    let at = words.slice(0, first).join(" ").length + (first > 0 ? 1 : 0);
    for (let token = 4; token < 4 + count; token++) {
      ranges.set([at, at + words[first + token - 4]!.length], 2 * token);
      at = ranges[2 * token + 1]! + 1;
    }
    return {
      encoding: { length, ranges, sequenceIds },
      maxContext: Uint8Array.from(window.maxContext),
      starts: Float32Array.from(window.starts),
      ends: Float32Array.from(window.ends),
    };
  }
});

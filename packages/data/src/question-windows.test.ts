import { readFileSync } from "node:fs";
import { BertTokenizer } from "@bertkit/tokenizer";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { answerPosition, type QuestionWindow, questionWindows } from "./question-windows.js";

const vocabulary = "[PAD] [UNK] [CLS] [SEP] [MASK] who sat where ? the cat ##s on a mat . 世 界 1 ##0 ##5".split(" ");
const tokenizer = BertTokenizer.fromVocabulary(vocabulary.join("\n"), { lowerCase: true });

const windowsOf = (question: string, context: string, options = {}) =>
  questionWindows(tokenizer, { question, context }, options);
const tokensOf = ({ encoding }: QuestionWindow) => encoding.tokens.join(" ");
const maxContextOf = ({ encoding, maxContext }: QuestionWindow) =>
  encoding.tokens.filter((_, token) => maxContext[token] === 1).join(" ");

/** What a window says the answer is: its context from the first to the last token that the answer needs. */
function covered(window: QuestionWindow, context: string, start: number, end: number): string | undefined {
  const position = answerPosition(window, { start, end });
  if (!position) return undefined;
  const { ranges } = window.encoding;
  return context.slice(ranges[2 * position[0]], ranges[2 * position[1] + 1]);
}

describe("questionWindows", () => {
  test("a context that fits is one window, the pair as the tokenizer encodes it", () => {
    const [question, context] = ["Who sat?", "The cats sat on a mat."];
    const [window, ...more] = windowsOf(question, context);
    const pair = tokenizer.encode(question, { pair: context });
    expect(more).toEqual([]);
    for (const field of [
      "length",
      "ids",
      "typeIds",
      "tokens",
      "ranges",
      "wordIds",
      "sequenceIds",
      "specialMask",
      "truncated",
    ] as const) {
      expect(window?.encoding[field]).toEqual(pair[field]);
    }
    expect(window).toMatchObject({ first: 0, count: 8 });
    expect(window?.maxContext).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0));
  });

  test("windows advance by the stride, and each token of the context is of one window only", () => {
    const windows = windowsOf("who?", "the cat sat on a mat . the mat", { maxLength: 10, stride: 2 });
    expect(windows.map(tokensOf)).toEqual([
      "[CLS] who ? [SEP] the cat sat on a [SEP]",
      "[CLS] who ? [SEP] sat on a mat . [SEP]",
      "[CLS] who ? [SEP] a mat . the mat [SEP]",
    ]);
    expect(windows.map(({ first, count }) => [first, count])).toEqual([
      [0, 5],
      [2, 5],
      [4, 5],
    ]);
    expect(windows.map(maxContextOf)).toEqual(["the cat sat on", "a mat", ". the mat"]);
  });

  test("a stride beyond the window leaves out nothing", () => {
    const windows = windowsOf("who?", "the cat sat on a mat", { maxLength: 9, stride: 128 });
    expect(windows.map(tokensOf)).toEqual(["[CLS] who ? [SEP] the cat sat on [SEP]", "[CLS] who ? [SEP] a mat [SEP]"]);
  });

  test("ranges and word numbers are those of the whole context, in UTF-16 units", () => {
    const windows = windowsOf("where", "😀 世界, the cats", { maxLength: 7, stride: 3 });
    expect(windows.map(tokensOf)).toEqual([
      "[CLS] where [SEP] [UNK] 世 界 [SEP]",
      "[CLS] where [SEP] [UNK] the cat [SEP]",
      "[CLS] where [SEP] ##s [SEP]",
    ]);
    expect(windows[1]?.encoding.ranges).toEqual(Int32Array.of(0, 0, 0, 5, 0, 0, 5, 6, 7, 10, 11, 14, 0, 0));
    expect(windows[2]?.encoding.wordIds).toEqual(Int32Array.of(-1, 0, -1, 5, -1));
  });

  test("a long question is cut at its end, and only that is said to be truncated", () => {
    const options = { maxLength: 8, stride: 2, maxQuestionLength: 2 };
    const windows = windowsOf("where sat the cat?", "the cat sat on a mat", options);
    expect(tokensOf(windows[0]!)).toBe("[CLS] where sat [SEP] the cat sat [SEP]");
    expect(windows.every(({ encoding }) => encoding.truncated)).toBe(true);
    expect(windowsOf("where", "the cat sat on a mat", options).some(({ encoding }) => encoding.truncated)).toBe(false);
  });

  test("a context without words has no windows, a question without words is asked all the same", () => {
    expect(windowsOf("who?", "")).toEqual([]);
    expect(windowsOf("who?", " \u0000\n")).toEqual([]);
    expect(windowsOf("", "a mat").map(tokensOf)).toEqual(["[CLS] [SEP] a mat [SEP]"]);
    expect(windowsOf("who", "a mat", { maxQuestionLength: 0 }).map(tokensOf)).toEqual(["[CLS] [SEP] a mat [SEP]"]);
  });

  test("no room beside the question, and what is no number of tokens, are errors", () => {
    expect(() => windowsOf("who sat where?", "a mat", { maxLength: 7 })).toThrow(
      expect.objectContaining({
        code: "maximum_too_short",
        message:
          "maxLength: 7 has no room for context beside a question of 4 tokens and 3 special tokens: allow more, or lower maxQuestionLength",
      }),
    );
    expect(windowsOf("who sat where?", "a mat", { maxLength: 8 })).toHaveLength(2);
    for (const options of [{ stride: 0 }, { stride: 1.5 }, { maxLength: Number.NaN }, { maxQuestionLength: -1 }]) {
      expect(() => windowsOf("who", "a mat", options)).toThrow(expect.objectContaining({ code: "invalid_option" }));
    }
  });

  test("windows and max context are those that run_squad's rules give in Python", () => {
    interface Recorded {
      readonly tokens: number;
      readonly room: number;
      readonly stride: number;
      readonly spans: readonly (readonly number[])[];
      /** For each token the window with the most context. */
      readonly holders: readonly number[];
    }
    const recorded = JSON.parse(
      readFileSync(new URL("./fixtures/recorded-windows.json", import.meta.url), "utf8"),
    ) as readonly Recorded[];
    expect(recorded).toHaveLength(105);
    for (const { tokens, room, stride, spans, holders } of recorded) {
      const windows = windowsOf("", "cat ".repeat(tokens), { maxLength: room + 3, stride });
      expect(windows.map(({ first, count }) => [first, count])).toEqual(spans);
      const found = holders.map((_, token) =>
        windows.flatMap(({ first, maxContext }, window) => (maxContext[2 + token - first] === 1 ? [window] : [])),
      );
      expect(found).toEqual(holders.map((window) => [window]));
    }
  });

  test("any context comes back whole and in order from the tokens of their own windows", () => {
    const text = fc.string({ unit: fc.constantFrom(..."aZ é\u0301世𠀀😀가ﬁ.105\n\u0000\ud800", "cats", "the ") });
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(text, size, size, (context, room, stride) => {
        const whole = tokenizer.encode(context, { addSpecialTokens: false });
        const windows = windowsOf("who", context, { maxLength: room + 4, stride });
        const kept = windows.flatMap(({ encoding: { ids, ranges }, maxContext }) =>
          Array.from(ids, (id, token) => [id, ranges[2 * token], ranges[2 * token + 1]]).filter(
            (_, token) => maxContext[token] === 1,
          ),
        );
        const byRange = kept.sort(([, a = 0], [, b = 0]) => a - b);
        expect(byRange).toEqual(
          Array.from(whole.ids, (id, token) => [id, whole.ranges[2 * token], whole.ranges[2 * token + 1]]),
        );
      }),
    );
  });
});

describe("answerPosition", () => {
  const context = "The cats sat on a mat.";
  const [window] = windowsOf("who?", context) as [QuestionWindow];

  test("gives the tokens that cover an answer, counted in the window", () => {
    expect(answerPosition(window, { start: 4, end: 8 })).toEqual([5, 6]);
    expect(answerPosition(window, { start: 18, end: 21 })).toEqual([10, 10]);
    expect(answerPosition(window, { start: 0, end: context.length })).toEqual([4, 11]);
    expect(window.encoding.tokens.slice(4, 12).join(" ")).toBe("the cat ##s sat on a mat .");
  });

  test("an answer that begins or ends inside a token takes it whole", () => {
    expect(covered(window, context, 5, 7)).toBe("cat");
    expect(covered(window, context, 7, 8)).toBe("s");
    expect(covered(window, context, 10, 17)).toBe("sat on a");
  });

  test("white space at an answer's ends has no tokens", () => {
    expect(covered(window, context, 8, 13)).toBe("sat");
    expect(answerPosition(window, { start: 3, end: 4 })).toBeUndefined();
    expect(answerPosition(window, { start: 5, end: 5 })).toBeUndefined();
  });

  test("an answer that is not wholly in a window is in none of its positions", () => {
    const windows = windowsOf("who?", context, { maxLength: 9, stride: 2 });
    expect(windows.map(tokensOf)).toEqual([
      "[CLS] who ? [SEP] the cat ##s sat [SEP]",
      "[CLS] who ? [SEP] ##s sat on a [SEP]",
      "[CLS] who ? [SEP] on a mat . [SEP]",
    ]);
    expect(windows.map((each) => answerPosition(each, { start: 9, end: 15 }))).toEqual([undefined, [5, 6], undefined]);
    expect(windows.map((each) => answerPosition(each, { start: 0, end: 12 }))).toEqual([[4, 7], undefined, undefined]);
    expect(windows.map((each) => answerPosition(each, { start: 0, end: 17 }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

interface Article {
  readonly paragraphs: readonly {
    readonly context: string;
    readonly qas: readonly {
      readonly question: string;
      readonly answers: readonly { readonly answer_start: number; readonly text: string }[];
    }[];
  }[];
}

interface GoldAnswer {
  readonly question: string;
  readonly context: string;
  /** [start, end] in UTF-16 units, each range once. */
  readonly ranges: readonly (readonly [number, number])[];
}

/** What becomes of gold answers that go into windows. */
interface RoundTrips {
  /** Come back as the same text from every window that has them. */
  same: number;
  /** Begin or end inside a token, and come back with the rest of it. */
  insideToken: number;
  /** Are in no window, for they have more tokens than any two windows share. */
  beyondOverlap: number;
}

const grid = [
  { maxLength: 64, stride: 32, maxQuestionLength: 32 },
  { maxLength: 128, stride: 64 },
  { maxLength: 384, stride: 128 },
] as const;

/**
 * The exceptions for each length and stride; one question in `every` is asked. Inside tokens are the annotators' cuts:
 * "Japan" of "Japanese", "3,60" of "3,600", "8" of "80". An answer of up to room - stride + 1 tokens is in some window
 * for sure, a longer one by chance.
 */
const tables = [
  {
    file: "dev-v1.1.json",
    every: 4,
    vocabulary: "uncased",
    trips: [
      { same: 4584, insideToken: 15, beyondOverlap: 23 },
      { same: 4607, insideToken: 15, beyondOverlap: 0 },
      { same: 4607, insideToken: 15, beyondOverlap: 0 },
    ],
  },
  {
    file: "xquad.en.json",
    every: 1,
    vocabulary: "cased",
    trips: [
      { same: 1185, insideToken: 1, beyondOverlap: 4 },
      { same: 1189, insideToken: 1, beyondOverlap: 0 },
      { same: 1189, insideToken: 1, beyondOverlap: 0 },
    ],
  },
  {
    file: "xquad.zh.json",
    every: 1,
    vocabulary: "multilingual-cased",
    trips: [
      { same: 1156, insideToken: 0, beyondOverlap: 34 },
      { same: 1190, insideToken: 0, beyondOverlap: 0 },
      { same: 1190, insideToken: 0, beyondOverlap: 0 },
    ],
  },
  {
    file: "DRCD_dev.json",
    every: 4,
    vocabulary: "chinese",
    trips: [
      { same: 1023, insideToken: 1, beyondOverlap: 40 },
      { same: 1062, insideToken: 1, beyondOverlap: 1 },
      { same: 1063, insideToken: 1, beyondOverlap: 0 },
    ],
  },
];

describeWithData("question-answering", "gold answers through windows", () => {
  test.each(tables)(
    "of $file come back as the same text, but for those that are counted here",
    ({ file, every, vocabulary, trips }) => {
      const path = dataPath("vocab", `bert-base-${vocabulary}-vocab.txt`);
      const published = BertTokenizer.fromVocabulary(readFileSync(path, "utf8"), {
        lowerCase: vocabulary === "uncased" || vocabulary === "chinese",
      });
      const all = goldAnswers(readFileSync(dataPath("question-answering", file), "utf8"));
      const answers = all.filter((_, question) => question % every === 0);
      expect(grid.map((options) => roundTrips(published, answers, options))).toEqual(trips);
    },
    60_000,
  );
});

function goldAnswers(json: string): readonly GoldAnswer[] {
  const { data } = JSON.parse(json) as { readonly data: readonly Article[] };
  return data.flatMap(({ paragraphs }) =>
    paragraphs.flatMap(({ context, qas }) => {
      const units = [0]; // where each code point begins
      for (const character of context) units.push(units.at(-1)! + character.length);
      return qas.map(({ question, answers }) => {
        const ranges = answers.map(({ answer_start, text }) => {
          const start = units[answer_start]!;
          return [start, start + text.length] as const;
        });
        return { question, context, ranges: [...new Map(ranges.map((range) => [range.join(), range])).values()] };
      });
    }),
  );
}

function roundTrips(
  published: BertTokenizer,
  answers: readonly GoldAnswer[],
  options: (typeof grid)[number],
): RoundTrips {
  const trips = { same: 0, insideToken: 0, beyondOverlap: 0 };
  for (const { question, context, ranges } of answers) {
    const windows = questionWindows(published, { question, context }, options);
    for (const [start, end] of ranges) {
      const texts = new Set(windows.map((window) => covered(window, context, start, end)));
      texts.delete(undefined);
      const [text] = texts;
      if (texts.size === 0 && tokensIn(windows[0]!, start, end) > overlap(windows[0]!, options)) trips.beyondOverlap++;
      else if (texts.size !== 1) throw new Error(`${context.slice(start, end)}: came back as ${[...texts]}`);
      else if (text === context.slice(start, end)) trips.same++;
      else if (cutsToken(windows[0]!, start) || cutsToken(windows[0]!, end)) trips.insideToken++;
    }
  }
  return trips;
}

/** The most tokens that are in some window wherever they begin. */
const overlap = ({ encoding, count }: QuestionWindow, { maxLength, stride }: (typeof grid)[number]): number =>
  Math.max(maxLength - (encoding.length - count) - stride, 0) + 1;

const tokensIn = ({ contextRanges }: QuestionWindow, start: number, end: number): number =>
  contextRanges.filter((from, i) => i % 2 === 0 && from < end && contextRanges[i + 1]! > start).length;

const cutsToken = ({ contextRanges }: QuestionWindow, at: number): boolean =>
  contextRanges.some((from, i) => i % 2 === 0 && from < at && at < contextRanges[i + 1]!);

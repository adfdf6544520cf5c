import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataError } from "../data-error.js";
import { errorOf } from "../fixtures/error-of.js";
import { parseSquad } from "./squad.js";

const file = (paragraph: object, article: object = { title: "T" }): string =>
  JSON.stringify({ version: "v2.0", data: [{ ...article, paragraphs: [paragraph] }] });

describe("a file in SQuAD's form", () => {
  test("is read with titles, contexts, answers and places", () => {
    const qas = [
      { id: "1", question: "Who?", answers: [{ text: "Ada", answer_start: 0 }] },
      {
        id: "2",
        question: "Why?",
        answers: [],
        is_impossible: true,
        plausible_answers: [{ text: "wrote", answer_start: 4 }],
      },
    ];
    const { version, questions, warnings } = parseSquad(file({ context: "Ada wrote.", qas }));
    expect(version).toBe("v2.0");
    expect(warnings).toEqual([]);
    expect(questions).toEqual([
      {
        id: "1",
        title: "T",
        context: "Ada wrote.",
        question: "Who?",
        answers: [{ text: "Ada", start: 0 }],
        plausibleAnswers: [],
        impossible: false,
        path: "data[0].paragraphs[0].qas[0]",
      },
      {
        id: "2",
        title: "T",
        context: "Ada wrote.",
        question: "Why?",
        answers: [],
        plausibleAnswers: [{ text: "wrote", start: 4 }],
        impossible: true,
        path: "data[0].paragraphs[0].qas[1]",
      },
    ]);
  });

  test("counts places in code points, which become UTF-16 units", () => {
    const context = "😀😀 went to 北京 𠀀.";
    const places = [...context];
    const answers = ["went", "北京", "𠀀"].map((text) => ({
      text,
      answer_start: places.indexOf([...text][0] as string),
    }));
    const { questions, warnings } = parseSquad(file({ context, qas: [{ id: "1", question: "?", answers }] }));
    expect(warnings).toEqual([]);
    expect(questions[0]?.answers).toEqual([
      { text: "went", start: 5 },
      { text: "北京", start: 13 },
      { text: "𠀀", start: 16 },
    ]);
  });

  test("warns of an answer that stands elsewhere, and of an id that comes twice", () => {
    const answers = [
      { text: "to", answer_start: 1 },
      { text: "to", answer_start: -1 },
      { text: "to", answer_start: 99 },
    ];
    const question = { id: "1", question: "?", answers };
    const { questions, warnings } = parseSquad(
      file({ context: "Go to it.", qas: [question, { ...question, answers: [] }] }),
    );
    expect(questions[0]?.answers).toEqual(Array(3).fill({ text: "to", start: undefined }));
    expect(warnings).toEqual([
      {
        code: "answer-elsewhere",
        path: "data[0].paragraphs[0].qas[0].answers[0]",
        message: 'wanted "to" in the context at answer_start, came "o "',
      },
      expect.objectContaining({ path: "data[0].paragraphs[0].qas[0].answers[1]" }),
      expect.objectContaining({ message: expect.stringContaining("a place outside it") }),
      expect.objectContaining({ code: "duplicate-id", path: "data[0].paragraphs[0].qas[1].id" }),
    ]);
  });

  test("may lack title, version and answers, as test files and XQuAD's kin do, and begin with a byte order mark", () => {
    const json = `\ufeff{"data":[{"paragraphs":[{"context":"","qas":[{"id":"1","question":"?"}]}]}]}`;
    const { version, questions } = parseSquad(json);
    expect(version).toBeUndefined();
    expect(questions[0]).toMatchObject({ title: "", answers: [], impossible: false });
  });
});

describe("what is not in SQuAD's form is an error with its place", () => {
  test.each<[what: string, json: string, code: string, message: string | RegExp]>([
    ["an empty file", "", "json", /^wanted JSON/],
    ["no JSON", '{"data": [', "json", /^wanted JSON/],
    ["a list", "[]", "shape", "wanted an object, came an array"],
    ["no data", "{}", "shape", "data: wanted an array, came nothing"],
    ["no paragraphs", '{"data":[{}]}', "shape", "data[0].paragraphs: wanted an array, came nothing"],
    ["no context", file({ qas: [] }), "shape", "data[0].paragraphs[0].context: wanted a string, came nothing"],
    [
      "an id that is a number",
      file({ context: "", qas: [{ id: 7 }] }),
      "shape",
      "data[0].paragraphs[0].qas[0].id: wanted a string, came 7",
    ],
    [
      "half a place",
      file({ context: "ab", qas: [{ id: "1", question: "", answers: [{ text: "a", answer_start: 0.5 }] }] }),
      "shape",
      "data[0].paragraphs[0].qas[0].answers[0].answer_start: wanted a whole number, came 0.5",
    ],
    ["deep nesting without an end", '{"data":'.repeat(100_000), "json", /^wanted JSON/],
    [
      "deep nesting",
      `{"data":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      "shape",
      "data[0]: wanted an object, came an array",
    ],
  ])("%s", async (_what, json, code, message) => {
    const error = await errorOf(() => parseSquad(json));
    expect(error.code).toBe(code);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  test("whatever the JSON", () => {
    const field = fc.constantFrom("data", "paragraphs", "qas", "context", "id", "answers", "text", "answer_start");
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof({ maxDepth: 7 }, fc.jsonValue(), fc.array(tie("json")), fc.dictionary(field, tie("json"))),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          json.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        (text) => {
          try {
            expect(parseSquad(text).questions).toBeInstanceOf(Array);
          } catch (error) {
            expect(error).toBeInstanceOf(DataError);
          }
        },
      ),
    );
  });
});

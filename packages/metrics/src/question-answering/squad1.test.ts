import { readFile } from "node:fs/promises";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import type { GoldQuestion } from "./gold-question.js";
import { scoreSquad1, scoreSquad1Answer } from "./squad1.js";

describe("SQuAD 1.1", () => {
  const questions = [
    { id: "one", answers: ["the Broncos", "Denver Broncos"] },
    { id: "two", answers: ["1999"] },
  ];

  test("counts the best gold answer, for exact match and F1 each on its own", () => {
    expect(scoreSquad1Answer(["The Broncos", "Denver Broncos team"], "denver broncos!")).toEqual({
      exactMatch: 0,
      f1: 0.8,
    });
    expect(scoreSquad1Answer(["Broncos of Denver", "a Denver, Broncos"], "denver broncos!")).toEqual({
      exactMatch: 1,
      f1: 1,
    });
  });

  test("gives a missing prediction 0 and names it, and names predictions for no question", () => {
    const scores = scoreSquad1(questions, { one: "broncos", three: "1999" });
    expect(scores).toMatchObject({ exactMatch: 50, f1: 50, total: 2, missing: ["two"], unknown: ["three"] });
    expect(scores.questions.get("two")).toEqual({ exactMatch: 0, f1: 0 });
  });

  test("gives an empty answer 0, even beside a gold answer without tokens, but an exact match there", () => {
    expect(scoreSquad1Answer(["1999"], "")).toEqual({ exactMatch: 0, f1: 0 });
    expect(scoreSquad1Answer(["The"], "")).toEqual({ exactMatch: 1, f1: 0 });
  });

  test("takes ids that are names of an object's own machinery", () => {
    const odd = ["constructor", "__proto__", "hasOwnProperty"].map((id) => ({ id, answers: ["x"] }));
    expect(scoreSquad1(odd, {}).missing).toHaveLength(3);
    const predictions = JSON.parse('{"__proto__": "x", "constructor": "x", "hasOwnProperty": "y"}');
    expect(scoreSquad1(odd, predictions)).toMatchObject({ missing: [], exactMatch: 200 / 3 });
    expect(scoreSquad1(odd, new Map([["constructor", "x"]])).exactMatch).toBe(100 / 3);
  });

  test("refuses no questions, questions without an answer, and predictions that are no text", () => {
    expect(() => scoreSquad1([], {})).toThrow("there are no questions");
    expect(() => scoreSquad1([{ id: "one", answers: [] }], { one: "" })).toThrow("scored by scoreSquad2");
    const wrong = JSON.parse('{"one": ["the Broncos"]}');
    expect(() => scoreSquad1(questions, wrong)).toThrow(
      'a prediction is a text, and that of question "one" is ["the Broncos"]',
    );
  });
});

describeWithData("question-answering/pred_LogReg_v1.1_dev.json", "SQuAD 1.1's development set", () => {
  test("a published prediction file scores what the official script prints, to the last digit", async () => {
    const read = async (file: string) => JSON.parse(await readFile(dataPath("question-answering", file), "utf8"));
    const scores = scoreSquad1(questionsOf(await read("dev-v1.1.json")), await read("pred_LogReg_v1.1_dev.json"));
    expect(scores.exactMatch).toBe(40.14191106906339);
    expect(scores.f1).toBe(50.98153647324461);
    expect(scores.total).toBe(10_570);
    // The file was made for an earlier version of the data.
    expect([scores.missing.length, scores.unknown.length]).toEqual([13, 28]);
    expect(scores.missing[0]).toBe("56f884cba6d7ea1400e17709");
  });
});

interface SquadFile {
  readonly data: readonly {
    readonly paragraphs: readonly {
      readonly qas: readonly { readonly id: string; readonly answers: readonly { readonly text: string }[] }[];
    }[];
  }[];
}

function questionsOf({ data }: SquadFile): GoldQuestion[] {
  return data
    .flatMap(({ paragraphs }) => paragraphs)
    .flatMap(({ qas }) => qas)
    .map(({ id, answers }) => ({ id, answers: answers.map(({ text }) => text) }));
}

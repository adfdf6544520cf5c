import { describe, expect, test } from "@jest/globals";
import { officialSquad2, scoreSquad2, scoreSquad2Answer } from "./squad2.js";

const questions = [
  { id: "year", answers: ["1999", "in 1999"] },
  { id: "who", answers: ["the blue cat"] },
  { id: "none", answers: [] },
];

describe("SQuAD 2.0", () => {
  test("means are over all questions, over those with an answer and over those without", () => {
    const scores = scoreSquad2(questions, { year: "1999!", who: "cat", none: "" });
    expect(scores).toMatchObject({
      exactMatch: 200 / 3,
      total: 3,
      hasAnswer: { exactMatch: 50, total: 2 },
      noAnswer: { exactMatch: 100, f1: 100, total: 1 },
      unknown: [],
    });
    expect(scores.questions.get("who")).toEqual({ exactMatch: 0, f1: 2 / 3 });
    expect(scores).not.toHaveProperty("best");
  });

  test("a group without questions is absent, and so are its official names", () => {
    const scores = scoreSquad2(questions.slice(0, 1), { year: "" });
    expect(Object.keys(officialSquad2(scores))).toEqual([
      "exact",
      "f1",
      "total",
      "HasAns_exact",
      "HasAns_f1",
      "HasAns_total",
    ]);
  });

  test("a gold answer without tokens stands for no answer, and an empty answer is all or nothing", () => {
    expect(scoreSquad2Answer(["The", "..."], "")).toEqual({ exactMatch: 1, f1: 1 });
    expect(scoreSquad2Answer(["The", "cat"], "")).toEqual({ exactMatch: 0, f1: 0 });
    expect(scoreSquad2Answer([], "the")).toEqual({ exactMatch: 1, f1: 1 });
    expect(scoreSquad2Answer([], "cat")).toEqual({ exactMatch: 0, f1: 0 });
  });

  test("odds above the threshold take an answer away, and odds at it do not", () => {
    const predictions = { year: "1999", who: "the blue cat", none: "1999" };
    const nullOdds = { year: 0.5, who: 2, none: 2 };
    const scores = scoreSquad2(questions, predictions, { nullOdds, threshold: 0.5 });
    expect([...scores.questions.values()].map(({ exactMatch }) => exactMatch)).toEqual([1, 0, 1]);
    expect(scores.exactMatch).toBe(200 / 3);
  });

  test("the best threshold is the first of the best, and says what all answers would score", () => {
    const predictions = { year: "1999", who: "the blue cat", none: "1999" };
    const { best } = scoreSquad2(questions, predictions, { nullOdds: { none: 3, year: -1, who: 0.5 } });
    expect(best?.exactMatch).toEqual({ score: 100, threshold: 0.5, hasAnswer: 1 });
    expect(best?.f1).toEqual(best?.exactMatch);
  });

  test("without a question that has an answer, nothing is better than answering none", () => {
    const { best } = scoreSquad2(questions.slice(2), { none: "1999" }, { nullOdds: { none: -4 } });
    expect(best?.f1).toEqual({ score: 100, threshold: 0 });
  });

  test("questions without a prediction or without odds are an error that counts and names them", () => {
    expect(() => scoreSquad2(questions, { who: "cat" })).toThrow(
      'SQuAD 2.0 wants a prediction for each question, and 2 ("year", "none") have none: a prediction of ""',
    );
    const predictions = { year: "", who: "", none: "" };
    expect(() => scoreSquad2(questions, predictions, { nullOdds: { year: 0 } })).toThrow("number of null odds");
    const nullOdds = { year: Number.NaN, who: 0, none: 0 };
    expect(() => scoreSquad2(questions, predictions, { nullOdds })).toThrow('those of "year" are NaN');
    expect(() => scoreSquad2([], {})).toThrow("there are no questions");
  });
});

import { expect, test } from "@jest/globals";
import { type Section, sectionPage } from "../terminal/section-page.js";
import { scoreTags } from "./entity-scores.js";
import { scoreLabelData } from "./label-scores.js";
import { counted, firstOf } from "./report.js";
import { scoreSquad } from "./squad-scores.js";

const pageOf = (page: readonly Section[]): string[] => sectionPage(page).trimEnd().split("\n");

test("a page of SQuAD 2.0 has percent, both kinds of questions and the best thresholds", () => {
  const question = { title: "", context: "Rome", question: "?", plausibleAnswers: [], impossible: false, path: "" };
  const questions = [
    { ...question, id: "a", answers: [{ text: "Rome", start: 0 }] },
    { ...question, id: "b", answers: [] },
  ];
  const predictions = new Map([
    ["a", "Rome"],
    ["b", "Rome"],
  ]);
  const nullOdds = new Map([
    ["a", -1],
    ["b", 0.5],
  ]);
  const answers = { predictions, nullOdds, rules: "2.0", language: "en" } as const;
  const { page } = scoreSquad({ questions }, answers, { isPart: false, quiet: true });
  expect(pageOf(page)).toEqual([
    "SQuAD 2.0",
    "  exact match   50.00",
    "  F1            50.00",
    "  questions    2",
    "",
    "With an answer",
    "  exact match  100.00",
    "  F1           100.00",
    "  questions    1",
    "",
    "Without an answer",
    "  exact match    0.00",
    "  F1             0.00",
    "  questions    1",
    "",
    "With the best thresholds",
    "  exact match  100.00, threshold -1",
    "  F1           100.00, threshold -1",
  ]);
});

test("a page of XNLI has the mean and each language", () => {
  const example = { line: 1, id: undefined, text: "a", pair: "b" };
  const examples = [
    { ...example, label: "x", language: "en" },
    { ...example, label: "y", language: "zh" },
  ];
  const data = { examples, title: "XNLI", labels: ["x", "y"], labelNames: ["x", "y"], metrics: ["accuracy"] } as const;
  expect(pageOf(scoreLabelData(data, ["x", "x"]).page)).toEqual([
    "XNLI",
    "  accuracy  0.5000",
    "  scored    2 examples",
    "",
    "Accuracy by language",
    "  en        1.0000",
    "  zh        0.0000",
  ]);
});

test("a page of entities has each type", () => {
  const { page } = scoreTags([{ line: 1, words: ["Ada"], tags: ["B-PER"] }], [["B-PER"]], {});
  expect(pageOf(page).slice(-5)).toEqual([
    "  tags right  1.0000",
    "  scored      1 entity in 1 sentence",
    "",
    "Types: precision, recall, F1",
    "  PER         1.0000  1.0000  1.0000  of 1",
  ]);
});

test("counts and lists are words of a sentence", () => {
  expect([counted(1, "query", "queries"), counted(1200, "query", "queries"), counted(0, "pair")]).toEqual([
    "1 query",
    "1,200 queries",
    "0 pairs",
  ]);
  expect([firstOf(["a"]), firstOf(["a", "b", "c", "d"])]).toEqual(["a", "a, b, c, …"]);
});

import { expect, test } from "@jest/globals";
import { questionsIn } from "./squad-questions.js";

test("the questions of a file of SQuAD come in its order, each with its context", () => {
  const qas = (...questions: string[]) => questions.map((question) => ({ question, id: question, answers: [] }));
  const paragraphs = [
    { context: "one", qas: qas("a", "b") },
    { context: "two", qas: qas() },
  ];
  const data = [
    { title: "A", paragraphs },
    { title: "B", paragraphs: [{ context: "three", qas: qas("c") }] },
  ];
  expect(questionsIn(JSON.stringify({ version: "1.1", data }))).toEqual([
    { question: "a", context: "one" },
    { question: "b", context: "one" },
    { question: "c", context: "three" },
  ]);
});

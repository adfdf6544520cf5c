import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { sentenceStarts } from "./sentences.js";

function sentences(text: string): string[] {
  const starts = [0, ...sentenceStarts(text), text.length];
  return starts.slice(1).map((end, index) => text.slice(starts[index], end));
}

describe("sentences", () => {
  test("end at full stops, question and exclamation marks with what closes behind them", () => {
    expect(sentences('He said "No!" Why? (Because.) So be it… Fine.')).toEqual([
      'He said "No!" ',
      "Why? ",
      "(Because.) ",
      "So be it… ",
      "Fine.",
    ]);
  });

  test("end at ideographic marks without a space", () => {
    expect(sentences("今天。「好！」他說？是")).toEqual(["今天。", "「好！」", "他說？", "是"]);
  });

  test("end at the marks of other scripts", () => {
    expect(sentences("यह है। वह है॥ अंत")).toEqual(["यह है। ", "वह है॥ ", "अंत"]);
    expect(sentences("هل؟ نعم۔ لا")).toEqual(["هل؟ ", "نعم۔ ", "لا"]);
    expect(sentences("ናቸው። እና። ነው")).toEqual(["ናቸው። ", "እና። ", "ነው"]);
  });

  test("end at an empty line, whatever white space it has, but not at the end of a line", () => {
    expect(sentences("A heading\r\n \r\nA line\nthat goes on\n\n\nEnd")).toEqual([
      "A heading\r\n \r\n",
      "A line\nthat goes on\n\n\n",
      "End",
    ]);
    expect(sentences("one\u2029two")).toEqual(["one\u2029", "two"]);
    expect(sentences("It ends.\n\nand begins small")).toEqual(["It ends.\n\n", "and begins small"]);
  });

  test("do not end after initials, titles and the number of an item, or where a small letter follows", () => {
    for (const one of [
      "J. R. R. Tolkien wrote",
      "Dr. Who met Mrs. Smith",
      "1. First",
      "e.g. this",
      "“Stop!” he said",
      "3.14 is",
    ]) {
      expect(sentences(one)).toEqual([one]);
    }
    expect(sentences("In 1990. Then")).toEqual(["In 1990. ", "Then"]);
    expect(sentences("Это А. Пушкин. Да.")).toEqual(["Это А. Пушкин. ", "Да."]);
  });

  test("a text without any is one, an empty one none", () => {
    expect(sentenceStarts("")).toEqual([]);
    expect(sentenceStarts("no end ")).toEqual([]);
    expect(sentenceStarts("the end. ")).toEqual([]);
  });

  test("follow each other in any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."aA. \n!。”1😀\r\u2029") }), (text) => {
        let before = 0;
        for (const start of sentenceStarts(text)) {
          expect(start).toBeGreaterThan(before);
          expect(start).toBeLessThan(text.length);
          before = start;
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test("a million full stops, closing brackets or lines are looked through once", () => {
    for (const unit of [".", ".)", "\n ", "\n"]) expect(sentenceStarts(unit.repeat(1e6))).toHaveLength(0);
    expect(sentenceStarts(". ".repeat(1e6))).toHaveLength(1e6 - 1);
  });
});

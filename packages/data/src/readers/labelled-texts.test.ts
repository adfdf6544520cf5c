import { describe, expect, test } from "@jest/globals";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { type LabelColumns, readLabelledTexts } from "./labelled-texts.js";

describe("labelled texts", () => {
  test.each([
    ["sentence\tlabel\nGood.\t1\n", { text: "Good.", pair: undefined, label: "1" }],
    ["label\ttext_a\n0\t很好\n", { text: "很好", pair: undefined, label: "0" }],
    ["text_a\ttext_b\tlabel\nA\tB\tyes\n", { text: "A", pair: "B", label: "yes" }],
    ["text\nA\n", { text: "A", pair: undefined, label: undefined }],
  ])("with a usual header are read from %j", async (file, example) => {
    expect(await gather(readLabelledTexts(file))).toEqual([
      { line: 2, id: undefined, language: undefined, ...example },
    ]);
  });

  test("without a header are read by the columns' numbers", async () => {
    const [first, second] = await gather(readLabelledTexts("A\tx\nB\ty", { columns: { text: 1, label: 2 } }));
    expect([first, second]).toEqual([
      expect.objectContaining({ line: 1, text: "A", label: "x" }),
      expect.objectContaining({ line: 2, text: "B", label: "y" }),
    ]);
  });

  test("with a header of their own are read by the columns' names", async () => {
    const columns = { text: "premise", pair: "claim", label: "verdict" };
    const [example] = await gather(readLabelledTexts("claim\tpremise\tverdict\nB\tA\tyes", { columns }));
    expect(example).toMatchObject({ text: "A", pair: "B", label: "yes" });
  });

  test("with other labels than the given ones can be told and left out", async () => {
    const told: string[] = [];
    const options = { labels: ["0", "1"], onBadRecord: ({ message }: Error) => void told.push(message) };
    expect(await gather(readLabelledTexts("label\ttext\n1\tA\n2\tB", options))).toHaveLength(1);
    expect(told).toEqual(['line 3: wanted one of the labels 0, 1, came "2"']);
  });

  test.each<
    [file: string, columns: LabelColumns<string> | LabelColumns<number> | undefined, code: string, message: string]
  >([
    ["", undefined, "empty", expect.stringContaining("came an empty file") as never],
    [
      "A\t1",
      undefined,
      "columns",
      expect.stringMatching(/^line 1: wanted a header line with the column "text_a" or/) as never,
    ],
    ["label\ttext\n\tA", undefined, "value", 'line 2: wanted a label, came ""'],
    ["A\t1", { text: 1, label: 3 }, "columns", 'line 1: wanted the label in column 3, came 2: "A\\t1"'],
    ["A\t1\nB", { text: 1 }, "columns", 'line 2: wanted 2 columns between tabs, came 1: "B"'],
    ["A\t1", { text: "premise" }, "columns", 'line 1: wanted a header line with the column "premise", came "A\\t1"'],
    ["A", { text: 0 }, "argument", "wanted columns all by name or all by number from 1, came 0 for the text"],
  ])("in %j with columns %j are an error of code %s", async (file, columns, code, message) => {
    expect(await errorOf(readLabelledTexts(file, { columns }))).toMatchObject({ code, message });
  });
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataError } from "../data-error.js";
import { dataTasks, type LabelTaskName } from "../data-tasks.js";
import { anyText } from "../fixtures/any-text.js";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { type Example, readExamples, readExamplesJson } from "./examples.js";

const parses = "sentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\tsentence2_parse";
const inferenceHeader = `index\tpromptID\tpairID\tgenre\t${parses}\tsentence1\tsentence2`;
const inferenceCells = "0\t31193\t31193n\tgovernment\t( a )\t( b )\t(ROOT a)\t(ROOT b)\tA\tB";
const ab = { text: "A", pair: "B", label: undefined };

/** A file of each task with one example, as it is published; test files have no label. */
const published: readonly (readonly [LabelTaskName, file: string, example: Partial<Example>])[] = [
  ["cola", 'gj04\t1\t\t"Go," he said.\n', { text: '"Go," he said.', label: "1" }],
  ["cola", "index\tsentence\n0\tBill whistled.\n", { text: "Bill whistled.", label: undefined }],
  ["sst2", "sentence\tlabel\nunflinchingly bleak \t0\n", { text: "unflinchingly bleak ", label: "0" }],
  ["sst2", "index\tsentence\n0\tuneasy mishmash\n", { text: "uneasy mishmash", label: undefined }],
  [
    "mrpc",
    '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t7\t8\tHe "left .\t" Gone\r\n',
    { text: 'He "left .', pair: '" Gone', label: "1" },
  ],
  ["mrpc", "index\t#1 ID\t#2 ID\t#1 String\t#2 String\n0\t7\t8\tA\tB\n", { ...ab, id: "0" }],
  ["qqp", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n9\t1\t2\tA\tB\t0\n", { ...ab, label: "0", id: "9" }],
  ["qqp", "id\tquestion1\tquestion2\n9\tA\tB\n", ab],
  [
    "mnli",
    `${inferenceHeader}\tlabel1\tgold_label\n${inferenceCells}\tneutral\tneutral\n`,
    { ...ab, label: "neutral" },
  ],
  [
    "mnli",
    `${inferenceHeader}\tlabel1\tlabel2\tgold_label\n${inferenceCells}\tentailment\tneutral\tneutral`,
    { ...ab, label: "neutral" },
  ],
  ["mnli", `${inferenceHeader}\n${inferenceCells}\n`, ab],
  ["qnli", "index\tquestion\tsentence\tlabel\n0\tA\tB\tentailment\n", { ...ab, label: "entailment" }],
  ["rte", "index\tsentence1\tsentence2\tlabel\n0\tA\tB\tnot_entailment\n", { ...ab, label: "not_entailment" }],
  ["wnli", "index\tsentence1\tsentence2\tlabel\n0\tA\tB\t1\n", { ...ab, label: "1" }],
  [
    "snli",
    "gold_label\tsentence1\tsentence2\tpairID\nentailment\tA\tB\t3#0",
    { ...ab, label: "entailment", id: "3#0" },
  ],
  ["snli", "gold_label\tsentence1\tsentence2\tpairID\n-\tA\tB\t3#0", ab],
  ["ax", "index\tsentence1\tsentence2\n0\tA\tB\n", ab],
  ["ax", "Lexical Semantics\tPremise\tHypothesis\tLabel\n\tA\tB\tneutral\n", { ...ab, label: "neutral" }],
  [
    "xnli",
    "premise\thypo\tlabel\n从 概念 上\tB\tcontradictory\n",
    { text: "从 概念 上", pair: "B", label: "contradiction" },
  ],
  [
    "xnli",
    "language\tgold_label\tsentence1\tsentence2\npt\tneutral\tA\tB\n",
    { ...ab, label: "neutral", language: "pt" },
  ],
];

describe("examples of a task", () => {
  test.each(published)("%s is read from %j", async (task, file, example) => {
    const examples = await gather(readExamples(file, task));
    expect(examples).toHaveLength(1);
    expect(examples[0]).toMatchObject(example);
  });

  test("have the line they stand in, and their id and language where the file has them", async () => {
    const file = "language\tgold_label\tsentence1\tsentence2\tpairID\n\nzh\tneutral\tA\tB\t15\n";
    expect(await gather(readExamples(file, "xnli"))).toEqual([
      { line: 3, id: "15", text: "A", pair: "B", label: "neutral", language: "zh" },
    ]);
  });

  test("are none in a file with nothing but a header, and in an empty one of a task whose files have none", async () => {
    expect(await gather(readExamples("sentence\tlabel\n", "sst2"))).toEqual([]);
    expect(await gather(readExamples("", "cola"))).toEqual([]);
  });

  test("that are bad go to whoever wants to be told of them, and the others are read", async () => {
    const file = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t1\t2\tWhy\n2\t1\t2\tA\tB\t1\n3\t1\t2\tA\tB\t2";
    const told: DataError[] = [];
    const examples = await gather(readExamples(file, "qqp", { onBadRecord: (error) => told.push(error) }));
    expect(examples.map(({ id }) => id)).toEqual(["2"]);
    expect(told.map(({ message }) => message)).toEqual([
      'line 2: wanted 6 columns between tabs, came 4: "1\\t1\\t2\\tWhy"',
      'line 4: wanted a label of Quora Question Pairs (0, 1), came "2"',
    ]);
  });

  test.each<[task: LabelTaskName, file: string, code: string, message: string]>([
    ["sst2", "", "empty", 'wanted a header line with the column "sentence", came an empty file'],
    [
      "mrpc",
      "1\t7\t8\tA\tB",
      "columns",
      'line 1: wanted a header line with the columns "#1 String", "#2 String", came "1\\t7\\t8\\tA\\tB"',
    ],
    ["cola", "gj04\t1\t\tA\tB", "columns", 'line 1: wanted 4 columns between tabs, came 5: "gj04\\t1\\t\\tA\\tB"'],
    ["sst2", "sentence\tlabel\nA\t", "value", 'line 2: wanted a label of Stanford Sentiment Treebank (0, 1), came ""'],
    ["sst2", `sentence\tlabel\n${"\t".repeat(5000)}`, "columns", "line 2: wanted at most 1024 columns, came more"],
    [
      "toString" as LabelTaskName,
      "",
      "argument",
      'wanted a task with labels (ax, cola, mnli, mrpc, qnli, qqp, rte, snli, sst2, wnli, xnli), came "toString"',
    ],
  ])("of %s in %j are an error of code %s", async (task, file, code, message) => {
    expect(await errorOf(readExamples(file, task))).toMatchObject({ code, message });
  });

  test("a line of any length is read, and shown short in messages", async () => {
    const long = "a".repeat(3_000_000);
    const [example] = await gather(readExamples(`sentence\tlabel\n${long}\t1`, "sst2"));
    expect(example?.text).toHaveLength(3_000_000);
    expect((await errorOf(readExamples(`sentence\tlabel\n${long}`, "sst2"))).message.length).toBeLessThan(200);
  });

  test("are read, or are a DataError, from any text", async () => {
    const names = Object.keys(dataTasks).filter((name) => name !== "stsb") as LabelTaskName[];
    const text = anyText("sentence", "label", "sentence1", "sentence2", "gold_label", "neutral", "1", "\t", "\n");
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...names), async (file, task) => {
        try {
          for (const { line } of await gather(readExamples(file, task))) expect(line).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
    );
  });
});

describe("examples in JSON lines", () => {
  test("are read as XNLI publishes them", async () => {
    const file =
      '{"language": "ar", "gold_label": "contradiction", "sentence1": "A", "sentence2": "B", "pairID": 1}\n\n' +
      '{"gold_label": "-", "sentence1": "C", "sentence2": "D"}\r\n';
    expect(await gather(readExamplesJson(file, "xnli"))).toEqual([
      { line: 1, id: "1", text: "A", pair: "B", label: "contradiction", language: "ar" },
      { line: 3, id: undefined, text: "C", pair: "D", label: undefined, language: undefined },
    ]);
  });

  test("may have numbers as labels", async () => {
    const [example] = await gather(readExamplesJson('{"sentence": "A", "label": 1}', "sst2"));
    expect(example?.label).toBe("1");
  });

  test.each<[file: string, code: string, message: string | RegExp]>([
    ["{", "json", /^line 1: wanted JSON, which this is not: /],
    ["[1]", "shape", "line 1: wanted an object, came an array"],
    ['\n{"sentence1": "A"}', "shape", "line 2, sentence2: wanted a string, came nothing"],
    ['{"sentence1": ["A"], "sentence2": ""}', "shape", "line 1, sentence1: wanted a string, came an array"],
    [`{"sentence1":${"[".repeat(100_000)}`, "json", /^line 1: /],
    [
      '{"sentence1": "A", "sentence2": "B", "label": "yes"}',
      "value",
      'line 1: wanted a label of Multi-Genre Natural Language Inference (contradiction, entailment, neutral), came "yes"',
    ],
  ])("such as %j are an error of code %s", async (file, code, message) => {
    const error = await errorOf(readExamplesJson(file, "mnli"));
    expect(error.code).toBe(code);
    if (typeof message === "string") expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  test("that are bad can be told and left out, one that is no JSON too", async () => {
    const told: number[] = [];
    const onBadRecord = ({ line = 0 }: DataError): void => void told.push(line);
    const file = '{\n{"sentence": "A", "label": 0}\n{"sentence": "A", "label": 5}';
    expect(await gather(readExamplesJson(file, "sst2", { onBadRecord }))).toHaveLength(1);
    expect(told).toEqual([1, 3]);
  });
});

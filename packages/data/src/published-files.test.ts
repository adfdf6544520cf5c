import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { expect, test } from "@jest/globals";
import { gather } from "./fixtures/gather.js";
import {
  type LabelTaskName,
  parsePredictions,
  parseSquad,
  readCluener,
  readConll,
  readDocuments,
  readExamples,
  readLabelledTexts,
  readScoredPairs,
} from "./index.js";

const open = (...parts: string[]): AsyncIterable<string> => createReadStream(dataPath(...parts), { encoding: "utf8" });

describeWithData("classification", "the files of data/classification", () => {
  test.each<[LabelTaskName, string, number]>([
    ["cola", "train", 8551],
    ["cola", "dev", 1043],
    ["mrpc", "train", 3668],
    ["mrpc", "dev", 408],
    ["rte", "train", 2490],
    ["sst2", "train", 67_349],
    ["sst2", "dev", 872],
  ])("%s, %s has %i examples, all with a label", async (task, split, rows) => {
    const examples = await gather(readExamples(open("classification", task, `${split}.tsv`), task));
    expect(examples).toHaveLength(rows);
    expect(examples.filter(({ text, label }) => text === "" || label === undefined)).toEqual([]);
  });

  test("MRPC keeps the quotes that begin its sentences", async () => {
    const [first] = await gather(readExamples(open("classification/mrpc/dev.tsv"), "mrpc"));
    expect(first).toMatchObject({ line: 2, id: undefined, label: "1" });
    expect(first?.pair).toBe('" The foodservice pie business does not fit our long-term growth strategy .');
  });

  test.each([
    ["train", 9600],
    ["dev", 1200],
  ])("ChnSentiCorp, %s has %i texts with 0 or 1", async (split, rows) => {
    const source = open("classification/chnsenticorp", `${split}.tsv`);
    expect(await gather(readLabelledTexts(source, { labels: ["0", "1"] }))).toHaveLength(rows);
  });

  test("AG News has 9,966 texts before their label, without a header", async () => {
    const labels = (await readFile(dataPath("classification/agnews/classes.txt"), "utf8")).trim().split("\n");
    const options = { columns: { text: 1, label: 2 }, labels };
    const texts = await gather(readLabelledTexts(open("classification/agnews/train_10k.tsv"), options));
    expect(texts).toHaveLength(9966);
    expect(texts.filter(({ label }) => label === "World")).toHaveLength(2502);
  });
});

describeWithData("similarity/stsb", "the files of data/similarity/stsb", () => {
  test.each([
    ["train", 5749],
    ["dev", 1500],
  ])("%s has %i pairs with scores from 0 to 5", async (split, rows) => {
    const pairs = await gather(readScoredPairs(open("similarity/stsb", `${split}.tsv`)));
    expect(pairs).toHaveLength(rows);
    expect(pairs.filter(({ score = -1 }) => score < 0 || score > 5)).toEqual([]);
  });
});

describeWithData("question-answering", "the files of data/question-answering", () => {
  test.each([
    ["dev-v1.1.json", 10_570],
    ["xquad.en.json", 1190],
    ["xquad.zh.json", 1190],
    ["DRCD_dev.json", 3524],
  ])("%s has %i questions, and every answer stands where it says", async (name, count) => {
    const { questions, warnings } = parseSquad(await readFile(dataPath("question-answering", name), "utf8"));
    expect(questions).toHaveLength(count);
    expect(warnings).toEqual([]);
    const astray = questions.filter(({ context, answers }) => {
      return !answers.every(({ text, start = -1 }) => context.slice(start, start + text.length) === text);
    });
    expect(astray).toEqual([]);
  });

  test("the published predictions answer all but 13 questions of SQuAD 1.1", async () => {
    const read = (name: string) => readFile(dataPath("question-answering", name), "utf8");
    const predictions = parsePredictions(await read("pred_LogReg_v1.1_dev.json"));
    const { questions } = parseSquad(await read("dev-v1.1.json"));
    expect(questions.filter(({ id }) => !predictions.has(id))).toHaveLength(13);
    expect(predictions.size).toBe(10_585);
  });
});

describeWithData("ner", "the files of data/ner", () => {
  test.each([
    ["wnut17train.conll", 3394, 65_124 - 2394],
    ["emerging.dev.conll", 1009, 15_733],
  ])("WNUT-17, %s has %i sentences and %i words", async (name, count, words) => {
    const sentences = await gather(readConll(open("ner/wnut17", name)));
    expect(sentences).toHaveLength(count);
    expect(sentences.reduce((sum, sentence) => sum + sentence.words.length, 0)).toBe(words);
    expect(sentences.flatMap(({ tags }) => tags.filter((tag) => !/^(?:O|[BI]-[a-z-]+)$/.test(tag)))).toEqual([]);
  });

  test.each([
    ["train", 10_748, 23_971],
    ["dev", 1343, 3072],
  ])("CLUENER, %s has %i texts and %i entities of ten types", async (split, count, entities) => {
    const texts = await gather(readCluener(open("ner/cluener", `${split}.json`)));
    expect(texts).toHaveLength(count);
    const all = texts.flatMap((text) => text.entities ?? []);
    expect(all).toHaveLength(entities);
    expect(new Set(all.map(({ type }) => type)).size).toBe(10);
  });
});

describeWithData("corpora/en/ewt_docs.txt", "a corpus with a sentence in each line", () => {
  test("is read as 1,174 documents", async () => {
    const documents = await gather(readDocuments(open("corpora/en/ewt_docs.txt")));
    expect(documents).toHaveLength(1174);
    expect(documents.reduce((sum, { sentences }) => sum + sentences.length, 0)).toBe(17_796 - 1174);
  });
});

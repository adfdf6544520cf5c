import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { headedModels } from "../fixtures/headed-models.js";

const line = useCommandLine();
const run = (...args: string[]) => line.run(["eval", "classify", ...args]);

const sentences = ["a red house", "the old library is good", "a blue dog", "the sea is blue and good"];
const sst2 = ["sentence\tlabel", ...sentences.map((sentence, i) => `${sentence}\t${i % 2}`)]
  .map((row) => `${row}\n`)
  .join("");

/** What bertkit classify says of the same texts. */
async function labelsOf(...texts: string[]): Promise<string[]> {
  const { out } = await line.run(["classify", "--model", "model", ...texts]);
  const rows = out.trimEnd().split("\n");
  return rows.map((row) => (JSON.parse(row) as { labels: { label: string }[] }).labels[0]?.label ?? "");
}

describe("bertkit eval classify with a model", () => {
  test("scores the labels that bertkit classify gives, which stand in the data as numbers", async () => {
    await writeTinyModel(line.path("model"), headedModels.sentiment);
    await line.put("sst2.tsv", sst2);
    const right = (await labelsOf(...sentences)).filter((label, i) => label === ["negative", "positive"][i % 2]).length;
    const { code, out, err } = await run("--task", "sst2", "--data", "sst2.tsv", "--model", "model");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toEqual({ accuracy: right / 4, total: 4 });
  });

  test("writes labels as GLUE takes them or as JSON lines, and scores such files alike", async () => {
    await writeTinyModel(line.path("model"), headedModels.sentiment);
    await line.put("sst2.tsv", sst2);
    const args = ["--task", "sst2", "--data", "sst2.tsv"];
    for (const name of ["labels.tsv", "labels.jsonl"]) {
      const made = await run(...args, "--model", "model", "--output", name);
      expect(made).toMatchObject({ code: 0, err: "" });
      expect((await run(...args, "--predictions", name)).out).toBe(made.out);
    }
  });

  test("a model that does not name its labels has them in the task's order, and says so", async () => {
    await writeTinyModel(line.path("model"), { ...headedModels.sentiment, labels: ["LABEL_0", "LABEL_1"] });
    await line.put("sst2.tsv", sst2);
    const args = ["--task", "sst2", "--data", "sst2.tsv", "--model", "model"];
    const { out, err } = await run(...args);
    expect(err).toBe("note: the model does not name its labels; by the task's order LABEL_0 is 0, LABEL_1 is 1\n");
    const swapped = await run(...args, "--labels", "LABEL_0=positive,LABEL_1=negative");
    expect(swapped.err).toBe("");
    expect(JSON.parse(swapped.out).accuracy).toBe(1 - JSON.parse(out).accuracy);
  });

  test("three labels stand for two where somebody says which", async () => {
    await writeTinyModel(line.path("model"), headedModels.entailment);
    await line.put("rte.tsv", "index\tsentence1\tsentence2\tlabel\n0\ta dog\tthe dog\tentailment\n");
    const args = ["--task", "rte", "--data", "rte.tsv", "--model", "model"];
    const refused = await run(...args);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("the predicted labels are entailment, neutral, contradiction");
    expect(refused.err).toContain("hint: say which is which: --labels neutral=…,contradiction=…");
    const named = await run(...args, "--labels", "neutral=not_entailment,contradiction=not_entailment");
    expect(named).toMatchObject({ code: 0 });
  });

  test("STS-B wants a model that gives a number", async () => {
    const stsb = "sentence1\tsentence2\tscore\na dog\tthe dog\t4\na house\tthe sea\t1\na good dog\ta dog\t3\n";
    await line.put("stsb.tsv", stsb);
    await writeTinyModel(line.path("model"), { ...headedModels.reranker, problem: "regression" });
    await writeTinyModel(line.path("labels"), headedModels.sentiment);
    const args = ["--task", "stsb", "--data", "stsb.tsv"];
    const made = await run(...args, "--model", "model", "--output", "numbers.tsv");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(Object.keys(JSON.parse(made.out))).toEqual(["pearson", "spearman", "total"]);
    expect((await run(...args, "--predictions", "numbers.tsv")).out).toBe(made.out);
    expect((await run(...args, "--model", "labels")).err).toContain("the model gives labels (negative, positive)");
  });

  test("a model without such a head is an error, never a made-up one", async () => {
    await line.put("sst2.tsv", sst2);
    const { code, err } = await run("--task", "sst2", "--data", "sst2.tsv");
    expect(code).toBe(1);
    expect(err).toContain("its weights lack a head that classifies texts");
  });
});

describe("bertkit eval classify with predictions", () => {
  const score = async (task: string, data: string, predictions: string, name = "p.txt") => {
    await line.put("data.tsv", data);
    await line.put(name, predictions);
    const { out, err } = await run("--task", task, "--data", "data.tsv", "--predictions", name);
    return out === "" ? err : JSON.parse(out);
  };

  test("CoLA is judged by Matthews' correlation, MRPC by accuracy and F1", async () => {
    const cola = "x\t1\t\ta\nx\t1\t\tb\nx\t0\t\tc\nx\t0\t\td\n";
    // One of each pair is right: no correlation at all.
    expect(await score("cola", cola, "1\n0\n1\n0\n")).toEqual({ matthews: 0, total: 4 });
    const mrpc = `Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n${[1, 1, 0].map((label) => `${label}\t1\t2\ta\tb\n`).join("")}`;
    expect(await score("mrpc", mrpc, "1\n0\n0\n")).toEqual({ accuracy: 2 / 3, f1: 2 / 3, total: 3 });
  });

  test("examples that nobody agreed on count for nothing", async () => {
    const mnli = "index\tsentence1\tsentence2\tgold_label\n0\ta\tb\tneutral\n1\ta\tb\t-\n";
    expect(await score("mnli", mnli, "neutral\nentailment\n")).toEqual({ accuracy: 1, total: 1 });
  });

  test("XNLI's accuracy is the mean over languages", async () => {
    const rows = ["en\tneutral", "en\tneutral", "en\tneutral", "zh\tentailment"];
    const xnli = `language\tgold_label\tsentence1\tsentence2\n${rows.map((row) => `${row}\ta\tb\n`).join("")}`;
    expect(await score("xnli", xnli, "neutral\nneutral\nneutral\nneutral\n")).toEqual({
      accuracy: 0.5,
      total: 4,
      languages: { en: { accuracy: 1 }, zh: { accuracy: 0 } },
    });
    const { out } = await run(
      "--task",
      "xnli",
      "--data",
      "data.tsv",
      "--language",
      "en",
      "--predictions",
      "p.txt",
      "--limit",
      "3",
    );
    expect(JSON.parse(out)).toEqual({ accuracy: 1, total: 3 });
  });

  test("Google's test_results.tsv has a probability for each label, in the task's order", async () => {
    const mnli = "index\tsentence1\tsentence2\tgold_label\n0\ta\tb\tneutral\n1\ta\tb\tcontradiction\n";
    expect(await score("mnli", mnli, "0.1\t0.2\t0.7\n0.5\t0.4\t0.1\n", "test_results.tsv")).toMatchObject({
      accuracy: 1,
    });
    expect(await score("mnli", mnli, "0.1\t0.9\n0.5\t0.5\n")).toContain("p.txt:1: 2 probabilities, and Multi-Genre");
  });

  test("a file of no known task is judged by accuracy and macro F1 over its own labels", async () => {
    await line.put("topics.tsv", "text\tlabel\na\tsports\nb\tscience\nc\tsports\n");
    await line.put("p.txt", "sports\nsports\nsports\n");
    const { out } = await run("--data", "topics.tsv", "--predictions", "p.txt");
    expect(JSON.parse(out)).toEqual({ accuracy: 2 / 3, macro_f1: 0.8 / 2, total: 3 });
  });

  test.each([
    ["too few", "1\n0\n", "there are 2 predictions for 3 examples"],
    ["a label of another task", "1\n0\nneutral\n", "the predicted labels are 1, 0, neutral"],
    ["an index that is another's", "index\tprediction\n0\t1\n2\t0\n1\t0\n", "p.txt:3: wanted the index 1"],
    ["columns that say nothing", "a\tb\n0\t1\n", "p.txt:1: wanted a header line with the column prediction or label"],
    ["rows of different width", "index\tprediction\n0\n", "p.txt:2: wanted 2 columns between tabs, came 1"],
  ])("predictions with %s are an error", async (_what, predictions, sentence) => {
    const err = await score("sst2", "sentence\tlabel\na\t1\nb\t0\nc\t0\n", predictions);
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
    expect(err).toContain(sentence);
  });

  test.each([
    ["without labels", "sst2", "index\tsentence\n0\ta\n", "data.tsv: its examples have no labels"],
    ["that are empty", "sst2", "", "data.tsv: wanted a header line"],
    ["with a header alone", "sst2", "sentence\tlabel\n", "data.tsv: there are no examples"],
    ["with a label of another task", "sst2", "sentence\tlabel\na\tneutral\n", "data.tsv:2: wanted a label of Stanford"],
    ["of another task", "mnli", "sentence\tlabel\na\t1\n", "data.tsv:1: wanted a header line"],
  ])("data %s are an error", async (_what, task, data, sentence) => {
    const err = await score(task, data, "1\n");
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
    expect(err).toContain(sentence);
  });
});

describeWithData("classification", "the files of GLUE", () => {
  test.each(["sst2/dev", "cola/dev", "mrpc/dev", "rte/train"])(
    "%s: one label for all is right where that is the label, and correlates with nothing",
    async (name) => {
      const [task = ""] = name.split("/");
      await line.put("p.txt", `${task === "rte" ? "entailment" : "1"}\n`.repeat(50));
      const data = dataPath("classification", `${name}.tsv`);
      const { code, out } = await run("--task", task, "--data", data, "--predictions", "p.txt", "--limit", "50");
      expect(code).toBe(0);
      const { accuracy, matthews, total } = JSON.parse(out);
      expect(total).toBe(50);
      if (task === "cola") expect({ accuracy, matthews }).toEqual({ accuracy: undefined, matthews: 0 });
      else expect(accuracy * 50).toBeCloseTo(Math.round(accuracy * 50), 9);
    },
  );
});

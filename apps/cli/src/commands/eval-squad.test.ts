import { readdir, readFile } from "node:fs/promises";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { headedModels } from "../fixtures/headed-models.js";

const line = useCommandLine();

interface Question {
  readonly id: string;
  readonly answers: readonly string[];
}

const context = "The library opened in Leipzig in 1912.";

/** A file in SQuAD's form; what has no answers is impossible. */
function squadFile(questions: readonly Question[], version: string): string {
  const qas = questions.map(({ id, answers }) => ({
    id,
    question: "?",
    answers: answers.map((text) => ({ text, answer_start: context.indexOf(text) })),
    ...(version === "v2.0" && { is_impossible: answers.length === 0 }),
  }));
  return JSON.stringify({ version, data: [{ title: "t", paragraphs: [{ context, qas }] }] });
}

const where = { id: "where", answers: ["in Leipzig", "Leipzig"] };
const when = { id: "when", answers: ["1912"] };
const who = { id: "who", answers: [] };
const run = (...args: string[]) => line.run(["eval", "squad", "--data", "squad.json", ...args]);

describe("bertkit eval squad", () => {
  test("scores predictions by the rules of 1.1 where every question has an answer", async () => {
    await line.put("squad.json", squadFile([where, when], "1.1"));
    await line.put("p.json", JSON.stringify({ where: "the Leipzig!", when: "in 1912" }));
    const { code, out, err } = await run("--predictions", "p.json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    // "in 1912" has one of one gold tokens and one of two predicted: 2/3.
    expect(JSON.parse(out)).toEqual({ exact_match: 50, f1: 100 * ((1 + 2 / 3) / 2), total: 2 });
  });

  test("a question without a prediction scores 0 and is named, predictions for others are left out", async () => {
    await line.put("squad.json", squadFile([where, when], "1.1"));
    await line.put("p.json", JSON.stringify({ where: "Leipzig", stranger: "x" }));
    const { out, err } = await run("--predictions", "p.json");
    expect(JSON.parse(out)).toMatchObject({ exact_match: 50, total: 2 });
    expect(err).toBe(
      "warning: 1 of 2 questions have no prediction and score 0 (when)\n" +
        "note: 1 prediction for no question of the data: left out (stranger)\n",
    );
    expect((await run("--predictions", "p.json", "--quiet")).err).toBe("");
  });

  test("a limit scores the first questions, and says nothing of the others' predictions", async () => {
    await line.put("squad.json", squadFile([where, when], "1.1"));
    await line.put("p.json", JSON.stringify({ where: "Leipzig", when: "1913" }));
    const { out, err } = await run("--predictions", "p.json", "--limit", "1");
    expect({ out, err }).toEqual({ out: '{"exact_match":100,"f1":100,"total":1}\n', err: "" });
  });

  test("with impossible questions it says what the script of 2.0 prints, best thresholds of the null odds too", async () => {
    await line.put("squad.json", squadFile([where, when, who], "v2.0"));
    await line.put("p.json", JSON.stringify({ where: "Leipzig", when: "1912", who: "Leipzig" }));
    await line.put("odds.json", JSON.stringify({ where: -3, when: -2, who: 0.5 }));
    const { code, out, err } = await run("--predictions", "p.json", "--null-odds", "odds.json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toEqual({
      exact: 200 / 3,
      f1: 200 / 3,
      total: 3,
      HasAns_exact: 100,
      HasAns_f1: 100,
      HasAns_total: 2,
      NoAns_exact: 0,
      NoAns_f1: 0,
      NoAns_total: 1,
      best_exact: 100,
      best_exact_thresh: -2,
      best_f1: 100,
      best_f1_thresh: -2,
    });
    const strict = await run("--predictions", "p.json", "--null-odds", "odds.json", "--threshold", "-2");
    expect(JSON.parse(strict.out)).toMatchObject({ exact: 100, NoAns_exact: 100 });
  });

  test("MLQA's rules know a language's articles, and Chinese characters one by one", async () => {
    const data = squadFile([{ id: "q", answers: ["Leipzig"] }], "1.1").replaceAll("Leipzig", "萊比錫市");
    await line.put("squad.json", data);
    await line.put("p.json", JSON.stringify({ q: "萊比錫" }));
    const squad = JSON.parse((await run("--predictions", "p.json")).out);
    const mlqa = JSON.parse((await run("--predictions", "p.json", "--rules", "mlqa", "--language", "zh")).out);
    expect([squad.f1, mlqa.f1]).toEqual([0, (100 * 2 * 3) / (3 + 4)]);
  });

  test.each([
    ["an empty file", "squad.json", "", 1, "squad.json: wanted JSON"],
    ["data without questions", "squad.json", '{"data":[]}', 1, "squad.json: there are no questions"],
    ["data of another form", "squad.json", '{"rows":[]}', 1, "squad.json, data: wanted"],
    ["an empty file of predictions", "p.json", "", 1, "p.json: wanted JSON"],
    ["no predictions", "p.json", "{}", 1, "there are no predictions"],
    ["predictions for other data", "p.json", '{"x":"y"}', 1, "questions have ids such as where, predictions such as x"],
    ["a prediction that is no text", "p.json", '{"where":1}', 1, "p.json, where: wanted"],
    ["compressed bytes", "p.json", Buffer.from([0x1f, 0x8b, 8, 0]), 1, "this is compressed by gzip"],
  ])("%s is an error that says so", async (_what, name, content, expected, sentence) => {
    await line.put("squad.json", squadFile([where], "1.1"));
    await line.put("p.json", '{"where":"Leipzig"}');
    await line.put(name, content);
    const { code, out, err } = await run("--predictions", "p.json");
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(err).toMatch(/^error: .+\nhint: .+\n$/);
    expect(err).toContain(sentence);
  });

  test("where questions are impossible, one without a prediction is an error as in the script", async () => {
    await line.put("squad.json", squadFile([where, who], "v2.0"));
    await line.put("p.json", '{"where":"Leipzig"}');
    const { code, err } = await run("--predictions", "p.json");
    expect(code).toBe(1);
    expect(err).toMatch(
      /SQuAD 2\.0 wants a prediction for each .*"who".*\nhint: are the files of the same questions\?/,
    );
  });

  test("reads standard input, and files that are compressed", async () => {
    await line.put("p.json", '{"where":"Leipzig"}');
    const input = squadFile([where], "1.1");
    const piped = await line.run(["eval", "squad", "--data", "-", "--predictions", "p.json"], { input });
    expect(JSON.parse(piped.out)).toMatchObject({ exact_match: 100 });
  });
});

describe("bertkit eval squad with a model", () => {
  const json = async (name: string) => JSON.parse(await readFile(line.path(`answers/${name}`), "utf8"));

  test("writes run_squad's files, and scoring these gives the same", async () => {
    await writeTinyModel(line.path("model"), headedModels.squad);
    await line.put("squad.json", squadFile([where, when], "1.1"));
    const made = await run("--model", "model", "--output-dir", "answers");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect((await readdir(line.path("answers"))).sort()).toEqual(["nbest_predictions.json", "predictions.json"]);
    const [predictions, nBest] = [await json("predictions.json"), await json("nbest_predictions.json")];
    expect(Object.keys(predictions)).toEqual(["where", "when"]);
    for (const id of ["where", "when"]) {
      expect(context).toContain(predictions[id]);
      expect(nBest[id][0].text).toBe(predictions[id]);
      expect(Object.keys(nBest[id][0])).toEqual(["text", "probability", "start_logit", "end_logit"]);
    }
    expect((await run("--predictions", "answers/predictions.json")).out).toBe(made.out);
  });

  test("where questions are impossible, odds are written too, and a threshold makes every answer none", async () => {
    await writeTinyModel(line.path("model"), headedModels.squad);
    await line.put("squad.json", squadFile([where, who], "v2.0"));
    const args = ["--model", "model", "--output-dir", "answers"];
    const made = await run(...args, "--null-score-diff-threshold", "-1000000", "--n-best-size", "3");
    expect(made).toMatchObject({ code: 0, err: "" });
    expect(await json("predictions.json")).toEqual({ where: "", who: "" });
    expect((await json("nbest_predictions.json")).where.length).toBeLessThanOrEqual(4);
    expect(Object.keys(await json("null_odds.json"))).toEqual(["where", "who"]);
    expect(JSON.parse(made.out)).toMatchObject({ exact: 50, HasAns_exact: 0, NoAns_exact: 100 });
    const predicted = ["--predictions", "answers/predictions.json", "--null-odds", "answers/null_odds.json"];
    expect((await run(...predicted)).out).toBe(made.out);
  });

  test("says how many questions were cut, and by which flag", async () => {
    await writeTinyModel(line.path("model"), headedModels.squad);
    await line.put("squad.json", squadFile([where], "1.1").replace('"?"', '"a red house is good"'));
    const { err } = await run("--model", "model", "--max-query-length", "2");
    expect(err).toBe("warning: 1 of 1 inputs were cut to 2 tokens; --max-query-length sets another limit\n");
  });

  test("odds are of predictions, and a model brings its own", async () => {
    await line.put("squad.json", squadFile([where], "1.1"));
    const { code, err } = await run("--null-odds", "odds.json");
    expect(code).toBe(2);
    expect(err).toContain("--null-odds belong to --predictions");
  });
});

describeWithData("question-answering/pred_LogReg_v1.1_dev.json", "the published predictions for SQuAD 1.1", () => {
  test("score what its authors say, to the last digit", async () => {
    const data = dataPath("question-answering/dev-v1.1.json");
    const predictions = dataPath("question-answering/pred_LogReg_v1.1_dev.json");
    const { code, out } = await line.run(["eval", "squad", "--data", data, "--predictions", predictions]);
    expect(code).toBe(0);
    expect(out).toBe('{"exact_match":40.14191106906339,"f1":50.98153647324461,"total":10570}\n');
  });
});

import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";
import { objectsOf, useHeadedModels } from "../fixtures/use-headed-models.js";

const line = useCommandLine();
const model = useHeadedModels(line, ["sentiment", "squad"]);
const answer = (...args: string[]) => ["answer", "--model", model("squad"), ...args];

const context = "The old library stands by the river. Two people built it in 1843, by day 🌞 and by night.";

/** An answer, as a JSON line has it. */
interface Answered {
  readonly answer: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
  readonly nullOdds?: number;
  readonly answers?: readonly { readonly text: string; readonly start: number; readonly score: number }[];
}

const answered = (out: string) => objectsOf(out) as unknown as Answered[];

describe("bertkit answer", () => {
  test("gives a pipe a JSON line for each question about the context, cut from it", async () => {
    const { code, out, err } = await line.run(answer("--context", context, "Who built it?", "When? ||| Where?"));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const found = answered(out);
    expect(objectsOf(out).map((object) => Object.keys(object).join())).toEqual(
      Array.from({ length: 2 }, () => "question,answer,start,end,score"),
    );
    expect(objectsOf(out).map(({ question }) => question)).toEqual(["Who built it?", "When? ||| Where?"]);
    for (const { answer, start, end, score } of found) {
      expect(answer).toBe(context.slice(start, end));
      expect(answer).not.toBe("");
      expect(score).toBeGreaterThan(0);
    }
  });

  test("the context is a text, a file, packed too, or standard input: the same", async () => {
    await line.put("library.txt", `\ufeff${context}`);
    await line.put("library.txt.gz", gzipSync(context));
    await line.put("questions.txt", "Who built it?\nWhen?\n");
    const { out } = await line.run(answer("--context", context, "Who built it?", "When?"));
    for (const name of ["library.txt", "library.txt.gz"]) {
      expect((await line.run(answer("--context", name, "Who built it?", "When?"))).out).toBe(out);
    }
    const piped = answer("--context", "-", "--input", "questions.txt");
    expect((await line.run(piped, { input: context })).out).toBe(out);
    const asked = await line.run(answer("--context", "library.txt", "-"), { input: "Who built it?\nWhen?\n" });
    expect(asked.out).toBe(out);
  });

  test("each question brings its own context, in a line or in two columns", async () => {
    await line.put("qa.csv", `id,q,c\n1,Who built it?,"${context}"\n2,Who?,\n`);
    await line.put(
      "qa.jsonl",
      `{"id":"1","q":"Who built it?","c":${JSON.stringify(context)}}\n{"id":"2","q":"Who?","c":""}\n`,
    );
    const columns = ["--fields", "q,c", "--keep", "id"];
    const { out, err } = await line.run(answer("--input", "qa.csv", ...columns));
    expect(err).toBe("");
    expect(objectsOf(out)).toEqual([
      { id: "1", q: "Who built it?", c: context, ...answered(out)[0] },
      { id: "2", q: "Who?", c: "", answer: "", start: 0, end: 0, score: 1 },
    ]);
    expect((await line.run(answer("--input", "qa.jsonl", ...columns))).out).toBe(out);
    const [fromLine] = objectsOf((await line.run(answer("-"), { input: `Who built it? ||| ${context}\n` })).out);
    const { answer: text, start, end, score } = answered(out)[0]!;
    expect(fromLine).toEqual({ question: "Who built it?", context, answer: text, start, end, score });
  });

  test("--top gives the answer and the others of the n best, in a table a row for each", async () => {
    const args = answer("--context", context, "Who built it?", "--top", "3");
    const [found] = answered((await line.run(args)).out);
    expect(found!.answers).toHaveLength(3);
    expect(found!.answers![0]).toMatchObject({ text: found!.answer, start: found!.start, score: found!.score });
    const scores = found!.answers!.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    await line.run([...args, "--output", "answers.tsv"]);
    const [head, ...rows] = (await readFile(line.path("answers.tsv"), "utf8")).trimEnd().split("\n");
    expect(head).toBe("question\tanswer\tstart\tend\tscore");
    expect(rows.map((row) => row.split("\t")[1])).toEqual(found!.answers!.map(({ text }) => text));
    const all = answer("--context", context, "Who built it?", "--top", "50");
    expect(answered((await line.run(all)).out)[0]!.answers).toHaveLength(20);
    expect(answered((await line.run([...all, "--n-best", "25"])).out)[0]!.answers).toHaveLength(25);
  });

  test("where there may be no answer it is empty by the threshold, with the odds", async () => {
    const args = answer("--context", context, "Who built it?");
    const [open] = answered((await line.run([...args, "--unanswerable"])).out);
    const [never] = answered((await line.run([...args, "--null-threshold", "-1000"])).out);
    const [always] = answered((await line.run([...args, "--null-threshold", "1000"])).out);
    expect(never).toMatchObject({ answer: "", start: 0, end: 0, nullOdds: open!.nullOdds });
    expect(always).toMatchObject({ answer: answered((await line.run(args)).out)[0]!.answer });
    expect(open!.answer === "").toBe(open!.nullOdds! > 0);
    await line.run([...args, "--null-threshold", "-1000", "--top", "2", "--output", "a.csv"]);
    const [head, none, best] = (await readFile(line.path("a.csv"), "utf8")).split("\n");
    expect(head).toBe("question,answer,start,end,score,nullOdds");
    expect(none).toMatch(/^Who built it\?,"",0,0,0\.\d+,-?\d/);
    expect(best?.startsWith(`Who built it?,${always!.answer},`)).toBe(true);
  });

  test("a context that is longer than the window is read to its end, in windows of any length", async () => {
    await line.put("long.txt", `${"the old library stands by the river ".repeat(40)}Two people built it in 1843.`);
    const text = await readFile(line.path("long.txt"), "utf8");
    const args = answer("--context", "long.txt", "When?", "--max-answer-tokens", "4", "--top", "20");
    for (const windows of [[], ["--stride", "20"], ["--max-length", "24", "--stride", "8"]]) {
      const { code, out, err } = await line.run([...args, ...windows]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      const [{ answers }] = answered(out) as [Required<Answered>];
      for (const { text: stretch, start } of answers) expect(text.startsWith(stretch, start)).toBe(true);
      expect(answers.some(({ start }) => start > text.length - 40)).toBe(true);
    }
  });

  test("a question that is cut is a warning, unless nobody wants to know", async () => {
    const args = answer("--context", context, "Who built the old library?", "Who?", "--max-question-length", "3");
    const { code, err } = await line.run(args);
    expect({ code, err }).toEqual({
      code: 0,
      err: "warning: 1 of 2 questions were cut to 3 tokens; --max-question-length sets another limit\n",
    });
    expect((await line.run([...args, "--quiet"])).err).toBe("");
  });

  test("no questions are no answers", async () => {
    await line.put("none.txt", "");
    expect(await line.run(answer("--context", context, "--input", "none.txt"))).toMatchObject({
      code: 0,
      out: "",
      err: "",
    });
  });
});

describe("what goes wrong in bertkit answer", () => {
  const long = "who ".repeat(70);
  test.each<[readonly string[], number, string, string]>([
    [["Who?"], 1, "text 1: this is a question without a context", "name one with --context"],
    [["Who? ||| Ada", `${long}||| a`], 1, "text 2: the question fills the window", "--max-question-length cuts"],
    [["--context", "librari.txt", "Who?"], 1, "librari.txt: no such file or folder", "check the name"],
    [["--context", "./no/folder", "Who?"], 1, "./no/folder: no such file or folder", "also takes a text itself"],
    [["--context", ".", "Who?"], 1, ".: this is a folder, wanted a file", ""],
    [["--context", "", "Who?"], 1, "--context: there is no text in it", "give the text"],
    [["--context", "empty.txt", "Who?"], 1, "empty.txt: there is no text in it", "give the text"],
    [["--context", "-", "Who?"], 1, "standard input: there is no text in it", "give the text"],
    [["--context", "-"], 2, "standard input is the context, and cannot have the questions too", "--input FILE"],
    [["--context", "a", "--input", "qa.csv", "--fields", "q,c"], 2, "--context and --fields exclude each other", ""],
    [["--input", "qa.csv", "--fields", "q,d"], 1, '"d"', ""],
    [["--input", "qa.jsonl", "--fields", "q,c"], 1, 'qa.jsonl:2: "c" is missing, wanted a string', ""],
    [["--context", "a", "Who?", "--max-length", "65"], 1, "this model takes", "bertkit info"],
    [["--context", "a", "Who?", "--null-threshold", "low"], 2, "Wanted a number, such as 0 or -1.5", ""],
    [["--context", "a", "Who?", "--stride", "0"], 2, "Wanted a whole number above 0", ""],
  ])("%j ends with %i, one sentence and what to do", async (args, code, sentence, hint) => {
    await line.put("empty.txt", " \n");
    await line.put("qa.csv", "q,c\nWho?,Ada\n");
    await line.put("qa.jsonl", '{"q":"Who?","c":"Ada"}\n{"q":"Who?"}\n');
    const result = await line.run(answer(...args));
    expect({ code: result.code, isNamed: result.err.includes(sentence) }).toMatchObject({
      code,
      isNamed: true,
    });
    expect(result.err).toContain(hint);
  });

  test("a model without the head says which it has", async () => {
    const { code, err } = await line.run(["answer", "--model", model("sentiment"), "--context", "Ada", "Who?"]);
    expect(code).toBe(1);
    expect(err).toContain("its weights lack a head that answers questions from a text; they are for: classify");
  });
});

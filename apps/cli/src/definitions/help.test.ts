import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tinyModelFiles, writeTinyModel } from "@bertkit-tooling/fixtures";
import { type Hub, startHub } from "@bertkit-tooling/hub-server";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { program as bin, collect, useCommandLine } from "../fixtures/command-line.js";
import { headedModels } from "../fixtures/headed-models.js";
import { program } from "../program.js";
import type { CommandDefinition } from "./command-definition.js";

const line = useCommandLine();
const definitions = everyOne(program(new AbortController().signal));

function everyOne(definition: CommandDefinition): CommandDefinition[] {
  return [definition, ...definition.subcommands.flatMap(everyOne)];
}

function wordsOf({ command }: CommandDefinition): string[] {
  const words: string[] = [];
  for (let at: typeof command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
  return words;
}

describe("help", () => {
  // Resolving any of these would end the process with a stack trace.
  const heavy = [
    "bertkit",
    "cli-progress",
    "cli-table3",
    "fzstd",
    "hyparquet",
    "hyparquet-compressors",
    "hyparquet-writer",
    "smol-toml",
    "tinyglobby",
  ];
  const refuse = `export async function resolve(name, context, next) {
    if (${JSON.stringify(heavy)}.includes(name)) throw new Error("loaded " + name);
    return next(name, context);
  }`;
  const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const hook = url(`import { register } from "node:module"; register(${JSON.stringify(url(refuse))});`);
  // Node 26 would rather have hooks of another kind, which Node 20 has not.
  const environment = { NODE_OPTIONS: `--disable-warning=DEP0205 --import ${hook}` };

  test.each(definitions.map((definition) => [wordsOf(definition).join(" ")]))(
    'of "bertkit %s" has examples and exit codes, and loads nothing heavy',
    async (words) => {
      const args = [...words.split(" ").filter((word) => word !== ""), "--help"];
      const { code, out, err } = await line.run(args, { environment });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^Usage: bertkit[\s\S]*\nExamples:\n {2}\$ bertkit[\s\S]*\nExit codes:\n {2}0 /);
    },
  );

  test("is what makes the check above mean something: encode does load what it needs", async () => {
    expect((await line.run(["encode", "a"], { environment })).err).toContain("loaded bertkit");
  });

  test("shows itself, as wrong usage, where there is no command", async () => {
    expect(await line.run([])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Usage: bertkit") });
  });

  test("the version is the package's, alone and beside a command", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    for (const flag of ["--version", "-V"]) expect((await line.run([flag])).out).toBe(`${version}\n`);
  });

  test("has colours where they are wanted", async () => {
    const { out } = await line.run(["--help"], { environment: { FORCE_COLOR: "1" } });
    expect(out).toContain("\u001b[1mUsage:");
    expect((await line.run(["--help"])).out).not.toContain("\u001b[");
  });
});

describe("every example of every command's help works as it stands", () => {
  let hub: Hub;
  beforeAll(async () => {
    hub = await startHub({ models: new Map([["sentence-transformers/all-MiniLM-L6-v2", tinyModelFiles()]]) });
  });
  afterAll(() => hub.close());

  const examples = definitions.flatMap((definition) => definition.examples.map((example) => example.line));

  test.each([...new Set(examples)])(
    "%s",
    async (example) => {
      await prepareFiles();
      const environment = line.environment({
        HF_ENDPOINT: hub.url,
        HOME: line.folder,
        HF_HOME: join(line.folder, "hf"),
      });
      // Examples of what to do with fetched models start from a fetched one.
      if (/models (list|remove|verify)|all-MiniLM-L6-v2 \|/.test(example)) {
        const fetched = await line.run(["models", "download", "sentence-transformers/all-MiniLM-L6-v2"], {
          environment,
        });
        expect(fetched).toMatchObject({ code: 0 });
      }
      const command = example.replaceAll(/(?<![\w./-])bertkit (?=[a-z])/g, `"${process.execPath}" "${bin}" `);
      const script = `set -o pipefail\njq() { cat > /dev/null; }\n${command}`;
      const child = spawn("bash", ["-e", "-c", script], { cwd: line.folder, env: environment });
      const { code, err } = await collect(child);
      expect({ code, err: err.replace(/^note: .*\n/gm, "").replace(/^\d+ texts, .*\n/gm, "") }).toEqual({
        code: 0,
        err: "",
      });
    },
    30_000,
  );

  async function prepareFiles(): Promise<void> {
    await line.put("texts.txt", "one\ntwo\n");
    await line.put("reviews.csv", "id,review\n1,good\n2,bad\n");
    await line.put("reviews-1.csv.gz", gzipSync("id,review\n1,good\n"));
    await line.put("reviews-2.csv.gz", gzipSync("id,review\n2,bad\n"));
    await line.put("reviews.jsonl.gz", gzipSync('{"body":"good"}\n{"body":"bad"}\n'));
    await line.put("sts.tsv", `sentence1\tsentence2\n${'A "b.\tC.\n'.repeat(120)}`);
    await line.put("cloze.csv", "id,text\n1,The cat [MASK].\n2,[MASK] and [MASK]\n");
    await line.put("pairs.csv", "first,second,query,passage\nIt rains.,It is wet.,who reads?,A cat sleeps.\n");
    await line.put("book.txt", "The first program was written by Ada Lovelace. It was printed in 1843.\n");
    await line.put("qa.csv", "id,question,context\n1,Who wrote it?,Ada wrote it.\n2,When?,\n");
    await prepareEvaluations();
    for (const folder of [".local/share/bash-completion/completions", ".zfunc", ".config/fish/completions"]) {
      await mkdir(line.path(folder), { recursive: true });
    }
    await writeTinyModel(line.path("models/all-MiniLM-L6-v2"));
    for (const [name, options] of Object.entries(headedModels)) await writeTinyModel(line.path(name), options);
  }

  /** What the examples of `eval` score: data of each form, and predictions for it. */
  async function prepareEvaluations(): Promise<void> {
    const qa = (id: string, answers: readonly object[]) => ({
      id,
      question: "Where?",
      answers,
      is_impossible: !answers[0],
    });
    const squad = (qas: readonly object[]) => JSON.stringify({ data: [{ paragraphs: [{ context: "in Rome", qas }] }] });
    const where = qa("a", [{ text: "Rome", answer_start: 3 }]);
    await line.put("squad.json", squad([where]));
    await line.put("squad2.json", squad([where, qa("b", [])]));
    await line.put("predictions.json", '{"a":"Rome"}');
    await line.put("predictions2.json", '{"a":"Rome","b":""}');
    await line.put("null_odds.json", '{"a":-1.5,"b":2}');
    await line.put("sst2.tsv", "sentence\tlabel\ngood\t1\nbad\t0\n");
    await line.put("labels.tsv", "index\tprediction\n0\t1\n1\t1\n");
    await line.put("mnli.tsv", "index\tsentence1\tsentence2\tgold_label\n0\ta\tb\tneutral\n");
    await line.put("rte.tsv", "index\tsentence1\tsentence2\tlabel\n0\ta\tb\tentailment\n");
    await line.put("stsb.tsv", "sentence1\tsentence2\tscore\na dog\ta dog\t5\na dog\tthe sea\t1\ngood\tbad\t2\n");
    await line.put("entities.conll", "Ada B-PER\nin O\nRome B-LOC\n");
    await line.put("predicted.conll", "Ada B-PER\nin O\nRome B-PER\n");
    await mkdir(line.path("beir/qrels"), { recursive: true });
    await line.put(
      "beir/corpus.jsonl",
      '{"_id":"d","title":"","text":"a dog"}\n{"_id":"s","title":"","text":"the sea"}\n',
    );
    await line.put("beir/queries.jsonl", '{"_id":"q","text":"dogs"}\n');
    await line.put("beir/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq\td\t1\n");
    await line.put("found.trec", "q Q0 s 1 0.9 other\nq Q0 d 2 0.5 other\n");
  }
});

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tinyModelFiles, writeTinyModel } from "@bertkit-tooling/fixtures";
import { type Hub, startHub } from "@bertkit-tooling/hub-server";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { transformSync } from "@swc/core";

const here = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const readme = await readFile(join(repository, "README.md"), "utf8");
const name = "sentence-transformers/all-MiniLM-L6-v2";

const context = "A bird sings at night.";
const answers = [{ text: "A bird", answer_start: 0 }];
const squad = {
  version: "1.1",
  data: [{ title: "Birds", paragraphs: [{ context, qas: [{ id: "1", question: "What sings?", answers }] }] }],
};

let folder = "";
let hub: Hub;
beforeAll(async () => {
  // As wide as the model that the README names.
  const files = tinyModelFiles({ sizes: { width: 384, heads: 12, innerWidth: 64 } });
  hub = await startHub({ models: new Map([[name, files]]) });
  folder = await mkdtemp(join(tmpdir(), "readme-"));
  for (const [path, content] of files) {
    const file = join(folder, "models/all-MiniLM-L6-v2", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await writeTinyModel(join(folder, "models/bert-base-uncased"), { head: "BertForPreTraining" });
  await writeTinyModel(join(folder, "sentiment"), { head: "BertForSequenceClassification" });
  await writeTinyModel(join(folder, "squad"), { head: "BertForQuestionAnswering" });
  await writeFile(join(folder, "texts.txt"), "A lovely library.\nA green house.\nThe sea at night.\n");
  await writeFile(join(folder, "reviews.csv"), "text\nA good book.\n");
  await writeFile(join(folder, "book.txt"), "The old library has new books. A bird sings at night.");
  await writeFile(join(folder, "dev-v1.1.json"), JSON.stringify(squad));
}, 60_000);
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

// A constant of its own, because swc's types lack the second option.
const parser = { syntax: "typescript", explicitResourceManagement: true } as const;

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, code]) => code as string);

interface Ended {
  readonly status: number;
  readonly stdout: string;
  /** Without the sentence that says what is fetched from the hub. */
  readonly stderr: string;
}

/** Runs a program to its end, with the test's hub and a cache of its own; the server here goes on meanwhile. */
function run(program: string, args: readonly string[], { cwd, input = "" }: { cwd: string; input?: string }) {
  const { NODE_OPTIONS: _, BERTKIT_MODEL: __, ...others } = process.env;
  const env = { ...others, HF_ENDPOINT: hub.url, HF_HOME: join(folder, "hf"), XDG_CONFIG_HOME: join(folder, "config") };
  return new Promise<Ended>((resolve) => {
    const child = execFile(program, args, { cwd, env }, (error, stdout, stderr) => {
      const shown = stderr.replace(/^(note|bertkit): fetching .*\n/gm, "");
      resolve({ status: typeof error?.code === "number" ? error.code : error ? 1 : 0, stdout, stderr: shown });
    });
    child.stdin?.end(input);
  });
}

/** Runs an example, and after it some lines that look at what it made; what they print. */
async function runExample(code: string, after: string): Promise<unknown> {
  const source = `${code}\n${after}`.replaceAll(`"models/`, `"${folder}/models/`);
  const { code: script } = transformSync(source, {
    jsc: { parser, target: "es2022" },
    module: { type: "es6" },
  });
  // From here, where the packages are found.
  const { stdout, stderr } = await run(process.execPath, ["--input-type=module"], { cwd: here, input: script });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("the README's programs", () => {
  const [tokenizer, whole, layer] = blocks("ts");

  test("the tokenizer alone gives tokens and their ranges", async () => {
    const { tokens, words } = (await runExample(
      tokenizer as string,
      `const words = tokens.map((_, i) => "A lovely library.".slice(ranges[2 * i], ranges[2 * i + 1]));
       console.log(JSON.stringify({ tokens, words }));`,
    )) as Record<"tokens" | "words", string[]>;
    expect(tokens).toEqual(["[CLS]", "a", "lovely", "library", ".", "[SEP]"]);
    expect(words).toEqual(["", "A", "lovely", "library", ".", ""]);
  });

  test("the whole gives a vector for each text, and guesses for a mask", async () => {
    const lengths = await runExample(
      whole as string,
      `const lengths = vectors.map((vector) => [vector.length, Math.hypot(...vector)]);
       console.log(JSON.stringify([lengths, masks.map(({ guesses }) => guesses.length)]));`,
    );
    expect(lengths).toEqual([
      [
        [384, expect.closeTo(1, 5)],
        [384, expect.closeTo(1, 5)],
      ],
      [5],
    ]);
  });

  test("a layer of one's own runs on a loaded model, and its parameters are known by their paths", async () => {
    const shown = await runExample(
      layer as string,
      `import { loadSentenceEncoder, openBackend } from "bertkit";
       import { RandomStream, tidy } from "@bertkit/tensor";
       import { packEncodings } from "@bertkit/tokenizer";
       using backend = await openBackend();
       using model = await loadSentenceEncoder("models/all-MiniLM-L6-v2", { backend });
       using layer = new GatedSum();
       layer.initialize(backend, new RandomStream(1));
       const batch = packEncodings(["one", "two words"].map((text) => model.tokenizer.encode(text)));
       using sums = tidy(() => layer.forward(model.encoder.forward(batch)));
       const values = await sums.read();
       const names = [...layer.parameters()].map(([name]) => name);
       console.log(JSON.stringify({ names, shape: sums.shape, finite: values.every(Number.isFinite) }));`,
    );
    expect(shown).toEqual({ names: ["gate.weight", "gate.bias"], shape: [2, 384], finite: true });
  });
});

describe("the README's commands", () => {
  const lines = blocks("sh").flatMap((block) => block.split("\n"));
  const commands = lines.map((line) => line.replace(/\s+#.*$/, "")).filter((line) => /\bbertkit [a-z]/.test(line));

  test("there are nine", () => {
    expect(commands).toHaveLength(9);
  });

  test.each(commands)("%s", async (command) => {
    const program = `"${process.execPath}" "${join(repository, "apps/cli/bin/bertkit.js")}"`;
    const script = command.replace(/\bbertkit(?= [a-z])/, program);
    const { status, stderr } = await run("bash", ["-e", "-o", "pipefail", "-c", script], { cwd: folder });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("leave a vector for each line of the file", async () => {
    const rows = (await readFile(join(folder, "vectors.jsonl"), "utf8")).trimEnd().split("\n");
    expect(rows.map((row) => JSON.parse(row).vector.length)).toEqual([384, 384, 384]);
    expect((await readFile(join(folder, "vectors.parquet"), "latin1")).slice(0, 4)).toBe("PAR1");
  });
});

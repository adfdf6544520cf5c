import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { transformSync } from "@swc/core";

const here = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const readme = await readFile(join(repository, "README.md"), "utf8");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "readme-"));
  await mkdir(join(folder, "models"));
  // As wide as the model that the README names.
  await writeTinyModel(join(folder, "models/all-MiniLM-L6-v2"), { sizes: { width: 384, heads: 12, innerWidth: 64 } });
  await writeFile(join(folder, "texts.txt"), "A lovely library.\nA green house.\nThe sea at night.\n");
});
afterAll(() => rm(folder, { recursive: true }));

// A constant of its own, because swc's types lack the second option.
const parser = { syntax: "typescript", explicitResourceManagement: true } as const;

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, code]) => code as string);

/** Runs an example, and after it some lines that look at what it made; what they print. */
function runExample(code: string, after: string): unknown {
  const source = `${code}\n${after}`.replaceAll(`"models/`, `"${folder}/models/`);
  const { code: script } = transformSync(source, {
    jsc: { parser, target: "es2022" },
    module: { type: "es6" },
  });
  // From here, where the packages are found.
  const options = { input: script, cwd: here, encoding: "utf8" } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], options);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("the README's programs", () => {
  const [tokenizer, whole, layer] = blocks("ts");

  test("the tokenizer alone gives tokens and their ranges", () => {
    const { tokens, words } = runExample(
      tokenizer as string,
      `const words = tokens.map((_, i) => "A lovely library.".slice(ranges[2 * i], ranges[2 * i + 1]));
       console.log(JSON.stringify({ tokens, words }));`,
    ) as Record<"tokens" | "words", string[]>;
    expect(tokens).toEqual(["[CLS]", "a", "lovely", "library", ".", "[SEP]"]);
    expect(words).toEqual(["", "A", "lovely", "library", ".", ""]);
  });

  test("the whole gives a vector for each text", () => {
    const lengths = runExample(
      whole as string,
      "console.log(JSON.stringify(vectors.map((vector) => [vector.length, Math.hypot(...vector)])));",
    ) as [number, number][];
    expect(lengths).toEqual([
      [384, expect.closeTo(1, 5)],
      [384, expect.closeTo(1, 5)],
    ]);
  });

  test("a layer of one's own runs on a loaded model, and its parameters are known by their paths", () => {
    const shown = runExample(
      layer as string,
      `import { loadSentenceEncoder, openBackend } from "bertkit";
       import { RandomStream, tidy } from "@bertkit/tensor";
       import { packEncodings } from "@bertkit/tokenizer";
       using backend = await openBackend();
       using model = await loadSentenceEncoder("models/all-MiniLM-L6-v2", { backend });
       using layer = new GatedSum();
       layer.initialize(backend, new RandomStream(1));
       const batch = packEncodings(["one", "two words"].map((text) => model.tokenizer.encode(text)));
       using sums = tidy(() => layer.forward(model.bert.forward(batch)));
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

  test("there are four", () => {
    expect(commands).toHaveLength(4);
  });

  test.each(commands)("%s", (command) => {
    const program = `"${process.execPath}" "${join(repository, "apps/cli/bin/bertkit.js")}"`;
    const options = { cwd: folder, encoding: "utf8", shell: "bash" } as const;
    const { status, stderr } = spawnSync(command.replace(/\bbertkit(?= [a-z])/, program), options);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("leave a vector for each line of the file", async () => {
    const rows = (await readFile(join(folder, "vectors.jsonl"), "utf8")).trimEnd().split("\n");
    expect(rows.map((row) => JSON.parse(row).vector.length)).toEqual([384, 384, 384]);
    const header = (await readFile(join(folder, "vectors.npy"))).subarray(10, 128).toString("latin1");
    expect(header).toContain("(3, 384)");
  });
});

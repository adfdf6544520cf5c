import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "@bertkit/checkpoint";
import { tinyModelSizes, writeTinyModel } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

const program = fileURLToPath(new URL("../bin/bertkit.js", import.meta.url));
const { width } = tinyModelSizes;
let models: string;
let folder: string;

beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), "bertkit-cli-models-"));
  await writeTinyModel(join(models, "tiny"));
});
afterAll(() => rm(models, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bertkit-cli-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("bertkit encode", () => {
  test("writes a JSON object for each text of the command line, nothing on standard error", async () => {
    const { code, out, err } = await bertkit(["encode", "hello", "", "--", "-5 °C"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(rowsOf(out).map(({ text }) => text)).toEqual(["hello", "", "-5 °C"]);
    expect(rowsOf(out).map(({ vector }) => vector.length)).toEqual([width, width, width]);
  });

  test("gives the same float32 as JSON lines, .npy and .f32", async () => {
    await put("texts.txt", "one\ntwo three\nfour");
    for (const name of ["v.jsonl", "v.npy", "v.f32"]) {
      expect(await bertkit(["encode", "--input", "texts.txt", "--output", name])).toEqual({
        code: 0,
        out: "",
        err: "",
      });
    }
    const [lines, npy, f32] = await Promise.all(
      ["v.jsonl", "v.npy", "v.f32"].map((name) => readFile(join(folder, name))),
    );
    const numbers = rowsOf(String(lines)).flatMap(({ vector }) => vector);
    expect(numbers.map(Math.fround)).toEqual(floatsOf(f32 as Buffer));
    expect((npy as Buffer).subarray(128)).toEqual(f32);
    expect(headerOf(npy as Buffer)).toContain(`'shape': (3, ${width})`);
    const piped = await bertkit(["encode", "--output-format", "f32", "-"], { input: "one\ntwo three\nfour\n" });
    expect(piped.bytes).toEqual(f32);
  });

  test("keeps the order of many texts, and a text has one vector wherever it stands", async () => {
    const words = Array.from({ length: 700 }, (_, i) => "again ".repeat(1 + (i % 7)).trim());
    const rows = rowsOf((await bertkit(["encode"], { input: words.join("\n") })).out);
    expect(rows.map(({ text }) => text)).toEqual(words);
    for (const [i, { vector }] of rows.entries()) expect(vector).toEqual(rows[i % 7]?.vector);
  });

  test("BERTKIT_WIDE=0 changes no bit of a vector", async () => {
    const args = ["encode", "--output-format", "f32", "a", "a longer text than that"];
    const plain = await bertkit(args, { environment: { BERTKIT_WIDE: "0" } });
    expect((await bertkit(args)).bytes).toEqual(plain.bytes);
    expect(plain.bytes).toHaveLength(2 * 4 * width);
  });

  test("reads lines as they are, and warns of what is not UTF-8", async () => {
    await put(
      "texts.txt",
      Buffer.concat([Buffer.from("\ufeffa\r\n\n\0b\ncaf"), Buffer.of(0xe9, 0x0a), Buffer.from("  ")]),
    );
    const { code, out, err } = await bertkit(["encode", "--input", "texts.txt"]);
    expect(code).toBe(0);
    expect(rowsOf(out).map(({ text }) => text)).toEqual(["a", "", "\0b", "caf\ufffd", "  "]);
    expect(err).toMatch(/^warning: texts\.txt:4: 1 line is not valid UTF-8.*\n$/);
    expect((await bertkit(["encode", "--quiet", "--input", "texts.txt"])).err).toBe("");
  });

  test("takes columns and fields, lone surrogates too", async () => {
    await put("t.csv", 'id,body\n1,"a\nb"\n2,c\n');
    await put("t.tsv", "id\ttext\n1\td\n");
    await put("t.jsonl", '{"text":"e"}\n{"text":"\\ud800"}\n');
    const textsOf = async (...args: string[]) =>
      rowsOf((await bertkit(["encode", ...args])).out).map(({ text }) => text);
    expect(await textsOf("--input", "t.csv", "--field", "body")).toEqual(["a\nb", "c"]);
    expect(await textsOf("--input", "t.tsv")).toEqual(["d"]);
    expect(await textsOf("--input", "t.jsonl")).toEqual(["e", "\ud800"]);
    expect(await textsOf("--input", "t.tsv", "--format", "lines")).toEqual(["id\ttext", "1\td"]);
  });

  test("an empty file is no rows, and still whole outputs", async () => {
    await put("empty.txt", "");
    for (const name of ["v.jsonl", "v.npy", "v.f32"]) {
      expect((await bertkit(["encode", "--input", "empty.txt", "--output", name])).code).toBe(0);
    }
    expect(await readFile(join(folder, "v.jsonl"), "utf8")).toBe("");
    expect((await readFile(join(folder, "v.f32"))).length).toBe(0);
    const npy = await readFile(join(folder, "v.npy"));
    expect(npy.length).toBe(128);
    expect(headerOf(npy)).toContain(`'shape': (0, ${width})`);
    expect(await bertkit(["encode", "-"], { input: "" })).toEqual({ code: 0, out: "", err: "" });
  });

  test("obeys prompts, the maximum length and the pooling, and says when texts were cut", async () => {
    const vectorOf = async (...args: string[]) => rowsOf((await bertkit(["encode", ...args])).out)[0]?.vector;
    const plain = await vectorOf("query: hello");
    expect(await vectorOf("--prompt-name", "query", "hello")).toEqual(plain);
    expect(await vectorOf("--prompt", "query: ", "hello")).toEqual(plain);
    expect(await vectorOf("--pooling", "cls", "query: hello")).not.toEqual(plain);
    expect(await vectorOf("--batch-tokens", "1", "--device", "wasm", "query: hello")).toEqual(plain);
    const { err } = await bertkit(["encode", "--max-length", "3", "hello there", ""]);
    expect(err).toMatch(/^warning: 1 of 2 texts were cut to 3 tokens; --max-length .*\n$/);
    const long = await bertkit(["encode"], { input: `${"word ".repeat(100_000)}\nword\n` });
    expect(rowsOf(long.out)).toHaveLength(2);
    expect(long.err).toMatch(/^warning: 1 of 2 texts were cut to 64 tokens;/);
  });
});

describe("what goes wrong", () => {
  test.each([
    [["encode", "--input", "none.txt"], 1, "none.txt: no such file or folder"],
    [["encode", "--input", "."], 1, ".: this is a folder"],
    [["encode", "--input", "t.parquet"], 2, ".parquet does not say how the texts lie in it; add --format lines|csv"],
    [
      ["encode", "--input", "t.parquet", "--format", "csv", "--field", "x"],
      1,
      'no column named "x"; there are "a", "b"',
    ],
    [["encode", "--input", "t.parquet", "--format", "jsonl"], 1, "t.parquet:1: this line is not JSON"],
    [["encode", "a", "--output", "none/v.npy"], 1, "there is no folder none to write it in"],
    [["encode", "a", "--output", "."], 2, "it has no extension"],
    [["encode", "a", "--output", "v.bin"], 2, ".bin is none of .jsonl, .npy and .f32"],
    [["encode", "a", "--output-format", "npy"], 2, "npy cannot go to standard output"],
    [["encode", "a", "--input", "b"], 2, "not from both"],
    [["encode", "a", "-"], 2, "stands alone"],
    [["encode", "a", "--field", "b"], 2, "not for texts given as arguments"],
    [["encode", "--model", "none", "a"], 1, "there is no folder none"],
    [["encode", "--model", ".", "a"], 1, "config.json"],
    [["encode", "--max-length", "9999", "a"], 1, "this model takes 3 to 64 tokens"],
    [["encode", "--max-length", "0", "a"], 2, "Wanted a whole number above 0"],
    [["encode", "--prompt-name", "none", "a"], 1, "it has query, passage"],
    [["encode", "--prompt-name", "query", "--prompt", "q", "a"], 2, "cannot be used with"],
    [["encode", "--device", "abacus", "a"], 2, "Allowed choices are"],
    [["tokenize", "a", "--output", "v.npy"], 2, "name it .jsonl"],
    [["info", "none"], 1, "there is no folder none"],
  ])("%j ends with %i and one sentence", async (args, expected, sentence) => {
    await put("t.parquet", "a,b\n1,2\n");
    const { code, out, err } = await bertkit(args);
    expect(err).toContain(sentence);
    expect(err).toMatch(/^error: .+\n$/);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(await readdir(folder)).toEqual(["t.parquet"]);
  });

  test("without a model, a sentence says what to do", async () => {
    const { code, err } = await bertkit(["encode", "a"], { environment: { BERTKIT_MODEL: "" } });
    expect(err).toBe("error: no model: name its folder with --model PATH, or set BERTKIT_MODEL to it\n");
    expect(code).toBe(2);
  });

  test("nearest commands and flags are suggested, and texts with a dash explained", async () => {
    expect((await bertkit(["encod"])).err).toContain("Did you mean encode?");
    const { code, err } = await bertkit(["encode", "--poolin", "cls", "a"]);
    expect(err).toMatch(/Did you mean --pooling\?[\s\S]*after --/);
    expect(code).toBe(2);
  });

  test("where an error comes from is shown on request", async () => {
    const { err } = await bertkit(["encode", "--model", "none", "a"], { environment: { BERTKIT_DEBUG: "1" } });
    expect(err).toMatch(/there is no folder none[\s\S]*\n {4}at /);
  });

  test("a row that fails leaves the older file as it was, and no other", async () => {
    await put("t.jsonl", '{"text":"a"}\nnonsense\n');
    await put("v.npy", "older");
    const { code, err } = await bertkit(["encode", "--input", "t.jsonl", "--output", "v.npy"]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("t.jsonl:2: this line is not JSON") });
    expect(await readFile(join(folder, "v.npy"), "utf8")).toBe("older");
    expect(await readdir(folder)).toEqual(["t.jsonl", "v.npy"]);
  });

  test("a file may be rewritten from itself, also through a link, which stays", async () => {
    await put("t.jsonl", '{"text":"a"}\n');
    await symlink("t.jsonl", join(folder, "link.jsonl"));
    expect((await bertkit(["encode", "--input", "link.jsonl", "--output", "link.jsonl"])).code).toBe(0);
    expect(rowsOf(await readFile(join(folder, "t.jsonl"), "utf8"))).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["link.jsonl", "t.jsonl"]);
  });

  const onFullDevice = existsSync("/dev/full") ? test : test.skip;
  onFullDevice("a full disk is one sentence", async () => {
    const { code, err } = await bertkit(["encode", "a", "--output", "/dev/full", "--output-format", "f32"]);
    expect({ code, err }).toEqual({ code: 1, err: "error: /dev/full: the disk is full\n" });
  });
});

describe("ends that are no failures", () => {
  test("Ctrl-C removes the unfinished file and ends with 130, quietly", async () => {
    await put("v.npy", "older");
    const child = start(["encode", "-", "--output", "v.npy"]);
    const result = collect(child);
    pump(child);
    await until(async () => (await readdir(folder)).some((name) => name.endsWith(".partial")));
    child.kill("SIGINT");
    expect(await result).toMatchObject({ code: 130, err: "" });
    expect(await readdir(folder)).toEqual(["v.npy"]);
    expect(await readFile(join(folder, "v.npy"), "utf8")).toBe("older");
  });

  test("Ctrl-C ends the wait for input", async () => {
    const child = start(["encode", "-", "--output", "v.f32"]);
    const result = collect(child);
    await until(async () => (await readdir(folder)).length > 0);
    child.kill("SIGINT");
    expect(await result).toMatchObject({ code: 130, out: "", err: "" });
  });

  test("a reader that leaves the pipe is no error", async () => {
    const child = start(["encode", "-"]);
    const result = collect(child);
    pump(child);
    await once(child.stdout as NonNullable<ChildProcess["stdout"]>, "data");
    child.stdout?.destroy();
    expect(await result).toMatchObject({ code: 0, err: "" });
  });

  test("reads no further ahead than the reader of its output allows", async () => {
    const child = start(["encode", "-"]);
    const taken = pump(child);
    await once(child.stdout as NonNullable<ChildProcess["stdout"]>, "readable");
    // Unbounded, it takes tens of megabytes a second; held back, what fits the pipes, buffers and a batch.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(taken()).toBeLessThan(2 ** 20);
    child.kill("SIGKILL");
    await once(child, "close");
  });
});

describe("bertkit tokenize", () => {
  test("writes ids, tokens and ranges as JSON lines in a pipe", async () => {
    const { code, out } = await bertkit(["tokenize", "Hi 🚀 hi", ""]);
    const [first, second] = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(first.text).toBe("Hi 🚀 hi");
    expect(first.tokens.slice(0, 3)).toEqual(["[CLS]", "h", "##i"]);
    expect(first.ids).toHaveLength(first.tokens.length);
    expect(first.ranges.slice(0, 4)).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [3, 5],
    ]);
    expect(second).toMatchObject({ text: "", tokens: ["[CLS]", "[SEP]"] });
  });

  test("makes a table that no text can break", async () => {
    const { out } = await bertkit(["tokenize", "--output-format", "table", "--max-length", "4", "h\u0007i hi hi"]);
    expect(out).toMatch(/│ 1 │ +\d+ │ h +│ 0–1 +│ h +│/);
    expect(out).not.toContain("\u0007");
    expect(out.match(/│ \d │/g)).toHaveLength(4);
  });
});

describe("bertkit info", () => {
  test("says what the model is and which device would run it", async () => {
    const { code, out } = await bertkit(["info", join(models, "tiny")]);
    expect(code).toBe(0);
    expect(out).toMatch(/made for +sentence embedding/);
    expect(out).toMatch(/blocks +2, width 32, 4 heads of 8/);
    expect(out).toMatch(/prompts +query "query: "/);
    expect(out).toMatch(/→ (gpu|wasm)/);
  });

  test("says the same as JSON", async () => {
    const found = JSON.parse((await bertkit(["info", "--json"])).out);
    expect(found).toMatchObject({ config: { layers: 2 }, sentence: { width, prompts: { query: "query: " } } });
    expect(found.devices.filter(({ chosen }: { chosen: boolean }) => chosen)).toHaveLength(1);
  });
});

describe("help", () => {
  test("is there for every command, with examples and exit codes, and loads nothing that it doesn't need", async () => {
    // Resolving any of these would end the process with a stack trace.
    const heavy = ["bertkit", "csv-parse", "cli-progress", "cli-table3"];
    const refuse = `export async function resolve(name, context, next) {
      if (${JSON.stringify(heavy)}.includes(name)) throw new Error("loaded " + name);
      return next(name, context);
    }`;
    const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
    const hook = url(`import { register } from "node:module"; register(${JSON.stringify(url(refuse))});`);
    const environment = { NODE_OPTIONS: `--import ${hook}` };
    for (const args of [["--help"], ["encode", "--help"], ["help", "tokenize"], ["info", "-h"]]) {
      const { code, out, err } = await bertkit(args, { environment });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(/^Usage: bertkit[\s\S]*Examples:\n[\s\S]*Exit codes: 0 /);
    }
    expect((await bertkit(["encode", "--help"])).out).toContain("BERTKIT_WIDE=0");
    expect((await bertkit(["encode", "--nonsense"], { environment })).code).toBe(2);
    expect((await bertkit(["encode", "a"], { environment })).err).toContain("loaded bertkit");
  });

  test("shows itself, as wrong usage, where there is no command", async () => {
    expect(await bertkit([])).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Usage: bertkit") });
  });

  test("the version is the package's", async () => {
    const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
    expect((await bertkit(["--version"])).out).toBe(`${manifest.version}\n`);
  });
});

test("the README's commands work as they stand", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const commands = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  await put("texts.txt", "one\ntwo\n");
  await put("reviews.csv", "id,review\n1,good\n");
  const run = commands
    .replaceAll(/^export .*$/gm, "")
    .replaceAll(/\bbertkit (?=[a-z])/g, `"${process.execPath}" "${program}" `);
  const child = spawn("sh", ["-e", "-c", run], { cwd: folder, env: environmentOf({}) });
  const { code, err } = await collect(child);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect((await readdir(folder)).sort()).toEqual(["reviews.csv", "reviews.f32", "texts.txt", "vectors.npy"]);
});

describeWithData("goldens/minilm", "all-MiniLM-L6-v2", () => {
  const environment = { BERTKIT_MODEL: dataPath("checkpoints/all-MiniLM-L6-v2") };

  test("the vectors of the command are PyTorch's within 1e-5", async () => {
    const { texts }: { texts: string[] } = JSON.parse(await readFile(dataPath("goldens/minilm/texts.json"), "utf8"));
    await put("t.jsonl", texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
    const { code } = await bertkit(["encode", "--quiet", "--input", "t.jsonl", "--output", "v.f32"], { environment });
    expect(code).toBe(0);
    const ours = floatsOf(await readFile(join(folder, "v.f32")));
    await using source = await openCheckpoint(dataPath("goldens/minilm/embeddings.safetensors"));
    const theirs = await source.read("embeddings_f64");
    expect(ours).toHaveLength(theirs.length);
    expect(Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] as number))))).toBeLessThan(1e-5);
  }, 60_000);

  test("a table with quotes in its texts is read whole", async () => {
    const file = dataPath("similarity/stsb/dev.tsv");
    const args = ["tokenize", "--input", file, "--field", "sentence1", "--no-quotes"];
    const rows = (await readFile(file, "utf8")).trimEnd().split("\n").slice(1);
    const { out } = await bertkit(args, { environment });
    const texts = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).text);
    expect(texts).toEqual(rows.map((row) => row.replace(/\r$/, "").split("\t")[7]));
  });
});

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Setting {
  readonly input?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs the command in the test's folder to its end. */
async function bertkit(args: readonly string[], setting: Setting = {}): Promise<Result & { readonly bytes: Buffer }> {
  const child = start(args, setting.environment);
  const result = collect(child);
  child.stdin?.on("error", () => {});
  child.stdin?.end(setting.input ?? "");
  return result;
}

function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [program, ...args], { cwd: folder, env: environmentOf(environment) });
}

function environmentOf(changes: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...process.env, NODE_OPTIONS: "", BERTKIT_DEBUG: "", BERTKIT_MODEL: join(models, "tiny"), ...changes };
}

async function collect(child: ChildProcess): Promise<Result & { readonly bytes: Buffer }> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  const [code]: (number | null)[] = await once(child, "close");
  const bytes = Buffer.concat(out);
  const result = { code: code ?? null, out: bytes.toString(), err: Buffer.concat(err).toString() };
  return Object.defineProperty(result, "bytes", { value: bytes, enumerable: false }) as Result & { bytes: Buffer };
}

/** Feeds the child lines without end, as fast as it takes them; tells how many bytes it took. */
function pump(child: ChildProcess): () => number {
  const { stdin } = child;
  const lines = "a line of text\n".repeat(500);
  let taken = 0;
  stdin?.on("error", () => {});
  const next = (): void => {
    if (child.exitCode !== null || !stdin?.writable) return;
    stdin.write(lines, (error) => {
      if (error) return;
      taken += lines.length;
      next();
    });
  };
  next();
  return () => taken;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function put(name: string, content: string | Buffer): Promise<void> {
  await writeFile(join(folder, name), content);
}

function rowsOf(out: string): { text: string; vector: number[] }[] {
  return out === ""
    ? []
    : out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
}

function floatsOf(bytes: Buffer): number[] {
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

function headerOf(npy: Buffer): string {
  return npy.toString("latin1", 10, 128);
}

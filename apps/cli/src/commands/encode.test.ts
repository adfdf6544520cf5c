import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint } from "@bertkit/checkpoint";
import { tinyModelSizes } from "@bertkit-tooling/fixtures";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { floatsOf, rowsOf, useCommandLine } from "../fixtures/command-line.js";

const { width } = tinyModelSizes;
const line = useCommandLine();

describe("bertkit encode", () => {
  test("writes a JSON object for each text of the command line, nothing on standard error", async () => {
    const { code, out, err } = await line.run(["encode", "hello", "", "--", "-5 °C"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(rowsOf(out).map(({ text }) => text)).toEqual(["hello", "", "-5 °C"]);
    expect(rowsOf(out).map(({ vector }) => vector.length)).toEqual([width, width, width]);
  });

  test("gives the same float32 as JSON lines, .npy and .f32", async () => {
    await line.put("texts.txt", "one\ntwo three\nfour");
    for (const name of ["v.jsonl", "v.npy", "v.f32"]) {
      expect(await line.run(["encode", "--input", "texts.txt", "--output", name])).toEqual({
        code: 0,
        out: "",
        err: "",
      });
    }
    const [lines, npy, f32] = await Promise.all(["v.jsonl", "v.npy", "v.f32"].map((name) => readFile(line.path(name))));
    const numbers = rowsOf(String(lines)).flatMap(({ vector }) => vector);
    expect(numbers.map(Math.fround)).toEqual(floatsOf(f32 as Buffer));
    expect((npy as Buffer).subarray(128)).toEqual(f32);
    expect(headerOf(npy as Buffer)).toContain(`'shape': (3, ${width})`);
    const piped = await line.run(["encode", "--output-format", "raw", "-"], { input: "one\ntwo three\nfour\n" });
    expect(piped.bytes).toEqual(f32);
  });

  test("keeps the order of many texts, and a text has one vector wherever it stands", async () => {
    const words = Array.from({ length: 700 }, (_, i) => "again ".repeat(1 + (i % 7)).trim());
    const rows = rowsOf((await line.run(["encode"], { input: words.join("\n") })).out);
    expect(rows.map(({ text }) => text)).toEqual(words);
    for (const [i, { vector }] of rows.entries()) expect(vector).toEqual(rows[i % 7]?.vector);
  });

  test("BERTKIT_WIDE=0 changes no bit of a vector", async () => {
    const args = ["encode", "--output-format", "raw", "a", "a longer text than that"];
    const plain = await line.run(args, { environment: { BERTKIT_WIDE: "0" } });
    expect((await line.run(args)).bytes).toEqual(plain.bytes);
    expect(plain.bytes).toHaveLength(2 * 4 * width);
  });

  test("reads lines as they are, and warns of what is not UTF-8", async () => {
    await line.put(
      "texts.txt",
      Buffer.concat([Buffer.from("\ufeffa\r\n\n\0b\ncaf"), Buffer.of(0xe9, 0x0a), Buffer.from("  ")]),
    );
    const { code, out, err } = await line.run(["encode", "--input", "texts.txt"]);
    expect(code).toBe(0);
    expect(rowsOf(out).map(({ text }) => text)).toEqual(["a", "", "\0b", "caf\ufffd", "  "]);
    expect(err).toMatch(/^warning: texts\.txt:4: 1 line is not valid UTF-8.*\n$/);
    expect((await line.run(["encode", "--quiet", "--input", "texts.txt"])).err).toBe("");
  });

  test("keeps columns and ids of several files, in a file that holds them beside the vectors", async () => {
    await line.put("t-1.csv", 'id,body,stars\n1,"a\nb",5\n2,c,4\n');
    await line.put("t-2.csv", "stars,id,body\n3,7,d\n");
    const args = ["encode", "--input", "t-*.csv", "--field", "body"];
    const { out } = await line.run([...args, "--keep", "stars", "--id", "id"]);
    expect(rowsOf(out).map(({ vector, ...row }) => row)).toEqual([
      { id: "1", stars: "5", text: "a\nb" },
      { id: "2", stars: "4", text: "c" },
      { id: "7", stars: "3", text: "d" },
    ]);
    expect((await line.run([...args, "--keep", "*", "--output", "v.parquet"])).code).toBe(0);
    const again = await line.run(["encode", "--input", "v.parquet", "--keep", "stars", "--id", "#"]);
    expect(rowsOf(again.out).map(({ id, stars, text }) => [id, stars, text])).toEqual([
      [1, "5", "a\nb"],
      [2, "4", "c"],
      [3, "3", "d"],
    ]);
  });

  test("an empty file is no rows, and still whole outputs", async () => {
    await line.put("empty.txt", "");
    for (const name of ["v.jsonl", "v.npy", "v.f32", "v.parquet"]) {
      expect((await line.run(["encode", "--input", "empty.txt", "--output", name])).code).toBe(0);
    }
    expect(await readFile(line.path("v.jsonl"), "utf8")).toBe("");
    expect((await readFile(line.path("v.f32"))).length).toBe(0);
    const npy = await readFile(line.path("v.npy"));
    expect(npy.length).toBe(128);
    expect(headerOf(npy)).toContain(`'shape': (0, ${width})`);
    expect(await line.run(["encode", "-"], { input: "" })).toEqual({ code: 0, out: "", err: "" });
  });

  test("obeys prompts, the maximum length and the pooling, and says when texts were cut", async () => {
    const vectorOf = async (...args: string[]) => rowsOf((await line.run(["encode", ...args])).out)[0]?.vector;
    const plain = await vectorOf("query: hello");
    expect(await vectorOf("--prompt-name", "query", "hello")).toEqual(plain);
    expect(await vectorOf("--prompt", "query: ", "hello")).toEqual(plain);
    expect(await vectorOf("--pooling", "cls", "query: hello")).not.toEqual(plain);
    expect(await vectorOf("--batch-tokens", "1", "--device", "wasm", "query: hello")).toEqual(plain);
    const { err } = await line.run(["encode", "--max-length", "3", "hello there", ""]);
    expect(err).toMatch(/^warning: 1 of 2 texts were cut to 3 tokens; --max-length .*\n$/);
    const long = await line.run(["encode"], { input: `${"word ".repeat(100_000)}\nword\n` });
    expect(rowsOf(long.out)).toHaveLength(2);
    expect(long.err).toMatch(/^warning: 1 of 2 texts were cut to 64 tokens;/);
  });

  test("normalises or not, and cuts vectors to their first numbers", async () => {
    const vectorOf = async (...args: string[]) => rowsOf((await line.run(["encode", ...args])).out)[0]!.vector;
    const raw = await vectorOf("--no-normalize", "hello");
    expect(Math.hypot(...raw)).not.toBeCloseTo(1, 2);
    const cut = await vectorOf("--dimensions", "4", "hello");
    const length = Math.hypot(...raw.slice(0, 4));
    for (const [i, value] of cut.entries()) expect(value).toBeCloseTo(raw[i]! / length, 5);
    expect(cut).toHaveLength(4);
  });

  test("says at the end what it came to, if asked", async () => {
    const { err } = await line.run(["encode", "--stats", "hello", "there"]);
    expect(err).toMatch(/^2 texts, \d+ tokens; \d+\.\d s, \d+ texts a second; peak memory \d+\.\d MB\n$/);
    const { err: json } = await line.run(["encode", "--stats", "--json", "hello", "there"]);
    expect(JSON.parse(json)).toMatchObject({ texts: 2, resumed: 0, peakMemoryBytes: expect.any(Number) });
  });

  test("says what it uses, if asked", async () => {
    const { err } = await line.run(["encode", "--verbose", "hello"]);
    expect(err).toMatch(/^note: .*tiny on wasm.*, vectors of 32, texts of up to 64 tokens\n$/);
  });
});

describe("an interrupted run", () => {
  const texts = Array.from({ length: 3000 }, (_, i) => `text number ${i} of many`);

  test("is continued by --resume to the same bytes, and not thrown away by a forgotten flag", async () => {
    await line.put("t.txt", texts.map((text) => `${text}\n`).join(""));
    const args = ["encode", "--input", "t.txt", "--batch-tokens", "32", "--stats", "--json", "--output"];
    const whole = await line.run([...args, "whole.jsonl"]);
    expect(whole.code).toBe(0);

    const child = line.start([...args, "v.jsonl"]);
    await untilLarge(".v.jsonl.partial");
    child.kill("SIGINT");
    const [code, err] = await endOf(child);
    expect(code).toBe(130);
    expect(err).toMatch(/stopped after [\d,]+ rows; the same command with --resume continues\n$/);

    const forgotten = await line.run([...args, "v.jsonl"]);
    expect(forgotten.code).not.toBe(0);
    expect(forgotten.err).toMatch(/^error: .*[\d,]+ rows.*\nhint: .*--resume.*--restart.*\n$/);
    const changed = await line.run([...args, "v.jsonl", "--resume", "--pooling", "cls"]);
    expect(changed.err).toMatch(/pooling/);

    const quantized = await line.run([...args, "v.jsonl", "--resume", "--precision", "int8"]);
    expect(quantized).toMatchObject({ code: 1, err: expect.stringContaining("precision") });
    const resumed = await line.run([...args, "v.jsonl", "--resume", "--threads", "1"]); // which changes no vector
    expect(resumed.code).toBe(0);
    const [note, stats] = resumed.err.split("\n");
    expect(note).toMatch(/^note: going on after [\d,]+ rows of an interrupted run$/);
    const { texts: rows, tokens } = JSON.parse(whole.err);
    expect(JSON.parse(stats!)).toMatchObject({ texts: rows, tokens, resumed: expect.any(Number) });
    expect(await readFile(line.path("v.jsonl"))).toEqual(await readFile(line.path("whole.jsonl")));
    expect((await readdir(line.folder)).sort()).toEqual(["t.txt", "v.jsonl", "whole.jsonl"]);
  }, 60_000);

  async function untilLarge(name: string): Promise<void> {
    for (;;) {
      const content = await readFile(line.path(name)).catch(() => Buffer.alloc(0));
      if (content.length > 50_000) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});

async function endOf(child: ReturnType<typeof line.start>): Promise<[code: number | null, err: string]> {
  let err = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return [code, err];
}

describeWithData("goldens/minilm", "all-MiniLM-L6-v2", () => {
  const environment = { BERTKIT_MODEL: dataPath("checkpoints/all-MiniLM-L6-v2") };

  test("the vectors of the command are PyTorch's within 1e-5", async () => {
    const { texts }: { texts: string[] } = JSON.parse(await readFile(dataPath("goldens/minilm/texts.json"), "utf8"));
    await line.put("t.jsonl", texts.map((text) => `${JSON.stringify({ text })}\n`).join(""));
    const { code } = await line.run(["encode", "--quiet", "--input", "t.jsonl", "--output", "v.f32"], { environment });
    expect(code).toBe(0);
    const ours = floatsOf(await readFile(join(line.folder, "v.f32")));
    await using source = await openCheckpoint(dataPath("goldens/minilm/embeddings.safetensors"));
    const theirs = await source.read("embeddings_f64");
    expect(ours).toHaveLength(theirs.length);
    expect(Math.max(...ours.map((value, i) => Math.abs(value - (theirs[i] as number))))).toBeLessThan(1e-5);
  }, 60_000);
});

function headerOf(npy: Buffer): string {
  return npy.toString("latin1", 10, 128);
}

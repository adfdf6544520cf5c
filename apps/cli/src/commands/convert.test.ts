import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { useCommandLine } from "../fixtures/command-line.js";

const line = useCommandLine();

describe("bertkit convert", () => {
  test("writes a model in another format and back, with the same vectors", async () => {
    const { code, out, err } = await line.run(["convert", join(line.models, "tiny"), "google", "--to", "tensorflow"]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^google: BertModel as tensorflow, 39 arrays, 6 files of [\d.]+ kB\noutputs differ by [\d.e-]+ % of their size, [\d.e-]+ at most\n$/,
    );
    expect(err).toMatch(/^note: gelu is exact here; .*\nnote: how sentence vectors are pooled .*\n$/);
    expect(await line.run(["convert", "google", "back", "--quiet"])).toMatchObject({ code: 0, err: "" });
    expect((await readdir(line.path("back"))).sort()).toEqual(
      ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt"].sort(),
    );
  });

  test("says what went where with --verbose, and all of it as JSON", async () => {
    const model = join(line.models, "tiny");
    const { out } = await line.run(["convert", model, "half", "--precision", "float16", "--verbose"]);
    expect(out).toContain("\npooler.dense.bias [32] float32 → pooler.dense.bias [32] float16\n");
    const report = JSON.parse((await line.run(["convert", model, "onnx", "--to", "onnx", "--json"])).out);
    expect(report).toMatchObject({ from: model, folder: "onnx", format: "onnx", architecture: "BertModel" });
    expect(report.files.map(({ path }: { readonly path: string }) => path)).toContain("onnx/model.onnx");
    expect(report.arrays[0]).toMatchObject({ from: { dtype: "float32" }, to: { dtype: "float32" }, transposed: false });
  });

  test("replaces what is there only with --force", async () => {
    const model = join(line.models, "tiny");
    await line.run(["convert", model, "made"]);
    const refused = await line.run(["convert", model, "made"]);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toMatch(/^error: the folder .*made is not empty.*\nhint: .*--force.*\n$/);
    expect(await line.run(["convert", model, "made", "--force"])).toMatchObject({ code: 0, err: "" });
    expect(await readdir(line.folder)).toEqual(["made"]);
  });

  test("wants two places, a format that there is and a precision that it has", async () => {
    expect(await line.run(["convert", "model"])).toMatchObject({ code: 2, err: expect.stringContaining("'to'") });
    const wrong = await line.run(["convert", "model", "made", "--to", "tensorflo"]);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("safetensors, tensorflow, onnx") });
    const model = join(line.models, "tiny");
    const halves = await line.run(["convert", model, "made", "--to", "onnx", "--precision", "float16"]);
    expect(halves).toMatchObject({ code: 1, err: expect.stringContaining("onnx has float32 or int8") });
    expect(await readdir(line.folder)).toEqual([]);
  });
});

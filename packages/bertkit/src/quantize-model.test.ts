import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CheckpointError, openCheckpoint } from "@bertkit/checkpoint";
import { ConfigError } from "@bertkit/layers";
import { type TinyModelOptions, writeTinyModel } from "@bertkit-tooling/fixtures";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { fingerprintModel } from "./fingerprint-model.js";
import { inspectModel } from "./inspect-model.js";
import type { LoadModelOptions } from "./load-model-options.js";
import { type LoadSentenceEncoderOptions, loadSentenceEncoder } from "./load-sentence-encoder.js";
import { OutputFolderError } from "./output-folder-error.js";
import { quantizeModel } from "./quantize-model.js";
import { loadClassifier } from "./tasks/classifier.js";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "quantize-model-"));
});
afterEach(() => rm(parent, { recursive: true }));

const at = (...path: string[]): string => join(parent, ...path);

/** A tiny model's folder. */
async function tiny(options: TinyModelOptions = {}): Promise<string> {
  await writeTinyModel(at("model"), options);
  return at("model");
}

const texts = ["a cat sat on the mat", "the dog", "mat", "a dog and a cat and a dog and a cat sat on the mat"];

async function vectorsOf(model: string, options: LoadSentenceEncoderOptions = {}): Promise<Float32Array[]> {
  using encoder = await loadSentenceEncoder(model, options);
  return await encoder.encode(texts);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort();
}

describe("a quantised model's folder", () => {
  test.each<[string, TinyModelOptions]>([
    ["of the old layout", {}],
    ["of the new layout, with a Dense layer", { layout: "new", dense: 7 }],
    ["with several poolings and a prompt", { pooling: ["cls", "mean"], defaultPrompt: "query" }],
  ])("%s loads by its path, with the vectors of precision int8 to the bit", async (_, options) => {
    const model = await tiny(options);
    await quantizeModel(model, at("int8"));
    const expected = await vectorsOf(model, { precision: "int8" });
    expect(await vectorsOf(at("int8"))).toEqual(expected);
    expect(await vectorsOf(at("int8"), { precision: "int8", device: "reference" })).toEqual(
      await vectorsOf(model, { precision: "int8", device: "reference" }),
    );
    expect(expected).not.toEqual(await vectorsOf(model));
  });

  test.each(["BertForPreTraining", "BertForSequenceClassification", "BertForQuestionAnswering"] as const)(
    "%s keeps its heads, which answer as with precision int8, to the bit",
    async (head) => {
      const model = await tiny({ head });
      await quantizeModel(model, at("int8"));
      const [there, before] = [await inspectModel(at("int8")), await inspectModel(model)];
      expect(there).toMatchObject({ tasks: before.tasks, labels: before.labels, parameters: before.parameters });
      expect(before.tasks.length).toBeGreaterThan(0);
      if (head !== "BertForSequenceClassification") return;
      const answer = async (folder: string, options: LoadModelOptions) => {
        using classifier = await loadClassifier(folder, options);
        return await classifier.classify(texts);
      };
      expect(await answer(at("int8"), {})).toEqual(await answer(model, { precision: "int8" }));
      expect(await answer(at("int8"), {})).not.toEqual(await answer(model, {}));
    },
  );

  test("has the files that loading reads and no others, the weights in one file, Dense as it was", async () => {
    const model = await tiny({ dense: 7 });
    await writeFile(join(model, "notes.txt"), "not needed");
    await quantizeModel(model, at("int8"));
    const files = await filesIn(at("int8"));
    expect(files).toContain("1_Pooling/config.json");
    expect(files).not.toContain("notes.txt");
    const originals = await filesIn(model);
    expect(files.filter((file) => !originals.includes(file))).toEqual([]);
    for (const file of files.filter((name) => name !== "model.safetensors")) {
      expect([file, await readFile(at("int8", file))]).toEqual([file, await readFile(join(model, file))]);
    }
    await using source = await openCheckpoint(at("int8"));
    expect(source.metadata.get("bertkit.precision")).toBe("int8");
    expect(source.entries.get("encoder.layer.0.output.dense.weight")?.dtype).toBe("int8");
  });

  test("whose encoder lies in a folder of its own", async () => {
    const model = await tiny();
    const modules = JSON.parse(await readFile(join(model, "modules.json"), "utf8"));
    modules[0].path = "0_Transformer";
    await writeFile(join(model, "modules.json"), JSON.stringify(modules));
    await mkdir(join(model, "0_Transformer"));
    for (const file of await readdir(model)) {
      if (file.includes("_") && !file.startsWith("tokenizer") && !file.startsWith("sentence_bert")) continue;
      if (file !== "modules.json") await rename(join(model, file), join(model, "0_Transformer", file));
    }
    await quantizeModel(model, at("int8"));
    expect((await stat(at("int8", "0_Transformer", "model.safetensors"))).isFile()).toBe(true);
    expect(await vectorsOf(at("int8"))).toEqual(await vectorsOf(model, { precision: "int8" }));
  });

  test("says of itself that it is int8, with the parameters it had and a quarter of their bytes", async () => {
    const model = await tiny({ sizes: { width: 128, innerWidth: 512 } });
    await quantizeModel(model, at("int8"));
    const [before, after] = [await inspectModel(model), await inspectModel(at("int8"))];
    expect(after.parameters).toBe(before.parameters);
    expect([...after.dtypes].sort()).toEqual(["float32", "int8"]);
    expect(after.bytes / before.bytes).toBeGreaterThan(0.25);
    expect(after.bytes / before.bytes).toBeLessThan(0.3);
    const { size } = await stat(at("int8", "model.safetensors"));
    expect(size - after.bytes).toBeLessThan(8192);
    expect(await fingerprintModel(at("int8"))).not.toBe(await fingerprintModel(model));
  });

  test("of a model that is int8 already is the same again", async () => {
    await quantizeModel(await tiny(), at("int8"));
    await quantizeModel(at("int8"), at("again"));
    expect(await fingerprintModel(at("again"))).toBe(await fingerprintModel(at("int8")));
  });

  test("cannot be loaded in float32", async () => {
    await quantizeModel(await tiny(), at("int8"));
    await expect(loadSentenceEncoder(at("int8"), { precision: "float32" })).rejects.toThrow(ConfigError);
  });
});

describe("writing a quantised model", () => {
  const here = async (): Promise<string[]> => (await readdir(parent)).sort();

  test("into an empty folder is fine, into one that is not is refused", async () => {
    const model = await tiny();
    await mkdir(at("empty"));
    await quantizeModel(model, at("empty"));
    const refused = quantizeModel(model, at("empty"));
    await expect(refused).rejects.toThrow(OutputFolderError);
    await expect(refused).rejects.toThrow(/empty is not empty: it can be overwritten where that is asked for/);
    await writeFile(at("file"), "");
    await expect(quantizeModel(model, at("file"), { overwrite: true })).rejects.toThrow("is there and is no folder");
    expect(await here()).toEqual(["empty", "file", "model"]);
  });

  test("over an older one replaces it, but loses no file that is not written anew", async () => {
    const model = await tiny();
    await quantizeModel(model, at("int8"));
    const first = await fingerprintModel(at("int8"));
    await rm(model, { recursive: true });
    await quantizeModel(await tiny({ seed: 2 }), at("int8"), { overwrite: true });
    const second = await fingerprintModel(at("int8"));
    expect(second).not.toBe(first);
    await writeFile(at("int8", "thesis.txt"), "the only copy");
    const refused = quantizeModel(model, at("int8"), { overwrite: true });
    await expect(refused).rejects.toThrow(/would lose thesis\.txt, which is none of the files written/);
    expect(await readFile(at("int8", "thesis.txt"), "utf8")).toBe("the only copy");
    expect(await here()).toEqual(["int8", "model"]);
  });

  test("over the model itself works: it is read before it is replaced", async () => {
    const model = await tiny();
    const expected = await vectorsOf(model, { precision: "int8" });
    const unread = (await filesIn(model)).filter((file) => file === "vocab.txt" || file === "special_tokens_map.json");
    for (const file of unread) await rm(join(model, file));
    await quantizeModel(model, model, { overwrite: true });
    expect(await vectorsOf(model)).toEqual(expected);
  });

  test("leaves nothing behind when it fails or is stopped", async () => {
    const model = await tiny();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(quantizeModel(model, at("int8"), { signal })).rejects.toThrow("enough");
    await writeFile(join(model, "model.safetensors"), "no weights");
    await expect(quantizeModel(model, at("int8"))).rejects.toThrow(CheckpointError);
    await expect(quantizeModel(at("nowhere"), at("int8"))).rejects.toThrow(/there is no folder/);
    expect(await here()).toEqual(["model"]);
  });
});

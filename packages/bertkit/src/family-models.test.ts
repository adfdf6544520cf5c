import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "@bertkit/checkpoint";
import type { Backend } from "@bertkit/tensor";
import { expectClose } from "@bertkit/tensor/testing";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openBackend } from "./devices.js";
import { torchFile } from "./fixtures/torch-file.js";
import {
  inspectModel,
  loadAnswerer,
  loadClassifier,
  loadFeatureExtractor,
  loadMaskFiller,
  loadSentenceEncoder,
  loadTagger,
} from "./index.js";

const recorded = fileURLToPath(new URL("../../../tooling/golden/family", import.meta.url));
const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const words = Array.from({ length: 90 - special.length }, (_, i) => `w${String.fromCharCode(97 + (i % 26))}${i}`);

let parent = "";
let backend: Backend;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "family-models-"));
  backend = await openBackend();
});
afterAll(async () => {
  expect(backend.memory.buffers).toBe(0);
  backend[Symbol.dispose]();
  await rm(parent, { recursive: true });
});

/** A recorded model with a vocabulary of its size. */
async function withVocabulary(name: string): Promise<string> {
  const folder = join(parent, name);
  await cp(join(recorded, name), folder, { recursive: true });
  await writeFile(join(folder, "vocab.txt"), `${[...special, ...words].join("\n")}\n`);
  return folder;
}

const text = words.slice(3, 9).join(" ");

describe.each(["distilbert", "electra", "albert"])("%s", (name) => {
  test("is a sentence encoder: the mean of its hidden states", async () => {
    const folder = await withVocabulary(name);
    using encoder = await loadSentenceEncoder(folder, { backend, normalize: false });
    using extractor = await loadFeatureExtractor(folder, { backend });
    const [vector] = await encoder.encode([text]);
    const [features] = await extractor.extract([text], { layers: [-1] });
    const { values } = features!.layers[0]!;
    const tokens = features!.tokens.length;
    const width = values.length / tokens;
    const means = Array.from({ length: width }, (_, column) => {
      let sum = 0;
      for (let token = 0; token < tokens; token++) sum += values[token * width + column]!;
      return sum / tokens;
    });
    expectClose(vector!, means, "float32");
  });

  test("is one of sentence-transformers' too, its weights pickled", async () => {
    const folder = await withVocabulary(name);
    using plain = await loadSentenceEncoder(folder, { backend });
    const expected = await plain.encode([text]);
    const model = join(parent, `${name}-sentences`);
    const own = join(model, "0_Transformer");
    await cp(folder, own, { recursive: true });
    const weights = await openCheckpoint(await readFile(join(own, "model.safetensors")));
    await writeFile(join(own, "pytorch_model.bin"), await torchFile(weights));
    await rm(join(own, "model.safetensors"));
    const modules = ["Transformer", "Pooling"].map((type, idx) => ({
      ...{ idx, name: String(idx), path: `${idx}_${type}`, type: `sentence_transformers.models.${type}` },
    }));
    await writeFile(join(model, "modules.json"), JSON.stringify(modules));
    await mkdir(join(model, "1_Pooling"));
    await writeFile(join(model, "1_Pooling", "config.json"), '{"pooling_mode_mean_tokens": true}');
    using encoder = await loadSentenceEncoder(model, { backend });
    expect(await encoder.encode([text])).toEqual(expected);
  });
});

describe("tasks with DistilBERT's heads", () => {
  test("answer, tag, classify and fill", async () => {
    using answerer = await loadAnswerer(await withVocabulary("distilbert-qa"), { backend });
    const [answer] = await answerer.answer([{ question: words[0]!, context: text }]);
    expect(answer).toBeDefined();
    using tagger = await loadTagger(await withVocabulary("distilbert-token"), { backend });
    expect(await tagger.tag([text])).toHaveLength(1);
    using classifier = await loadClassifier(await withVocabulary("distilbert-sequence"), { backend });
    expect((await classifier.classify([text]))[0]!.labels).toHaveLength(1);
    using filler = await loadMaskFiller(await withVocabulary("distilbert-masked-lm"), { backend });
    expect((await filler.fill([`${text} [MASK]`]))[0]!.length).toBeGreaterThan(0);
    expect((await inspectModel(join(parent, "distilbert-qa"))).tasks).toEqual(["answer"]);
  });
});

import { CheckpointMismatchError, ConfigError } from "@bertkit/layers";
import { openReference } from "@bertkit/tensor";
import { describe, expect, test } from "@jest/globals";
import { changeArrays, changeConfig } from "../fixtures/change-model.js";
import { headedModels, useTinyModels } from "../fixtures/tiny-models.js";
import type { LoadModelOptions } from "../load-model-options.js";
import { loadClassifier } from "./classifier.js";
import { loadMaskFiller } from "./mask-filler.js";
import { loadNextSentencePredictor } from "./next-sentence-predictor.js";
import { loadReranker } from "./reranker.js";

const models = useTinyModels();

type ModelName = keyof typeof headedModels;
type Load = (folder: string, options: LoadModelOptions) => Promise<Disposable>;

/** Each task's function, the tiny models that answer it, and what the others lack. */
const loads: Readonly<Record<string, { load: Load; answeredBy: readonly ModelName[]; lack: string }>> = {
  fill: { load: loadMaskFiller, answeredBy: ["pretrained", "masked"], lack: "a head that fills masks" },
  next: {
    load: loadNextSentencePredictor,
    answeredBy: ["pretrained", "next"],
    lack: "a head that tells whether one text follows another",
  },
  classify: { load: loadClassifier, answeredBy: ["sentiment", "reranker"], lack: "a head that classifies texts" },
  rank: {
    load: loadReranker,
    answeredBy: ["reranker"],
    lack: "a head that scores a passage for a query, which has one label",
  },
};

/** What an error says that each tiny model is for. */
const purposes: Readonly<Record<ModelName, string>> = {
  pretrained: "fill, next",
  masked: "fill",
  next: "next",
  sentiment: "classify",
  reranker: "rank",
  tagger: "tag",
  squad: "answer",
};

const names = Object.keys(headedModels) as ModelName[];
const loadsByModels = Object.keys(loads).flatMap((task) => names.map((name) => [task, name] as const));

/** Loads, and gives the error's message, or undefined where there was none; nothing must stay allocated. */
async function failureOf(load: Load, folder: string): Promise<unknown> {
  using backend = openReference();
  try {
    const model = await load(folder, { backend });
    model[Symbol.dispose]();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    expect(backend.memory.buffers).toBe(0);
  }
}

describe("a task", () => {
  test.each(loadsByModels)("%s loads from %s, or says what its weights hold instead", async (task, name) => {
    const { load, answeredBy, lack } = loads[task]!;
    const folder = await models.write(name, headedModels[name]);
    const error = await failureOf(load, folder);
    if (answeredBy.includes(name)) expect(error).toBeUndefined();
    else {
      expect(error).toBeInstanceOf(ConfigError);
      expect((error as Error).message).toBe(`${folder}: its weights lack ${lack}; they are for: ${purposes[name]}`);
    }
  });

  test.each(Object.entries(loads))("%s does not load from an encoder without a head", async (_, { load, lack }) => {
    const folder = await models.write("encoder");
    expect(String(await failureOf(load, folder))).toContain(`its weights lack ${lack}; they hold an encoder only`);
  });

  test("whose head stands on a pooler needs one in the weights", async () => {
    const folder = await models.write("no-pooler", headedModels.sentiment);
    await changeArrays(folder, (arrays) => {
      for (const part of ["weight", "bias"]) arrays.delete(`bert.pooler.dense.${part}`);
    });
    expect(String(await failureOf(loadClassifier, folder))).toContain(
      "its weights lack the pooler that a head stands on which classifies texts; they hold an encoder only",
    );
  });

  test("has a row of the weights for each label of the configuration", async () => {
    const folder = await models.write("labels", headedModels.sentiment);
    await changeConfig(folder, { id2label: { 0: "a", 1: "b", 2: "c" }, label2id: undefined });
    const error = await failureOf(loadClassifier, folder);
    expect(error).toBeInstanceOf(CheckpointMismatchError);
    expect(String(error)).toContain("classifier.weight is [2, 32], linear.weight needs [3, 32]");
    expect(String(error)).toContain("classifier.bias is [2], linear.bias needs [3]");
  });

  test("that fills masks without the encoder's word table needs the head's own", async () => {
    const folder = await models.write("half-untied", headedModels.masked);
    await changeConfig(folder, { tie_word_embeddings: false });
    expect(String(await failureOf(loadMaskFiller, folder))).toContain("its weights lack a head that fills masks");
  });

  test("takes no more tokens than the model has positions, nor fewer than special tokens need", async () => {
    const folder = await models.write("lengths", headedModels.sentiment);
    using backend = openReference();
    using classifier = await loadClassifier(folder, { backend, maxLength: 8 });
    expect(classifier.maxLength).toBe(8);
    for (const maxLength of [2, 65, 1.5]) {
      await expect(loadClassifier(folder, { backend, maxLength })).rejects.toThrow(
        `this model takes 3 to 64 tokens, special tokens included, got ${maxLength}`,
      );
    }
  });
});

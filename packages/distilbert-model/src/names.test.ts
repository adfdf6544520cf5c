import { openCheckpoint, serializeSafetensors } from "@bertkit/checkpoint";
import { type HeadName, headPaths, headsIn, loadEncoder } from "@bertkit/encoder-family";
import { CheckpointMismatchError } from "@bertkit/layers";
import { openReference } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { DistilBert } from "./distilbert.js";
import { distilBertFamily } from "./distilbert-family.js";
import { tinyConfig, tinyDistilBert } from "./fixtures/tiny-distilbert.js";

const linear = (name: string): string[] => [`${name}.weight`, `${name}.bias`];

/** As transformers' DistilBertModel has them; two digits, so that layer 1 and layer 11 are told apart. */
const names = [
  "embeddings.word_embeddings.weight",
  "embeddings.position_embeddings.weight",
  ...linear("embeddings.LayerNorm"),
  ...Array.from({ length: 12 }, (_, layer) =>
    ["attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm"]
      .concat(["ffn.lin1", "ffn.lin2", "output_layer_norm"])
      .flatMap((part) => linear(`transformer.layer.${layer}.${part}`)),
  ).flat(),
];

test("every parameter has exactly one name, and it is transformers'", () => {
  const model = new DistilBert({ ...tinyConfig, layers: 12, pooler: false });
  const found = Array.from(model.parameters(), ([path]) => distilBertFamily.spellings[0](path));
  expect(found.map(({ name }) => name).sort()).toEqual([...names].sort());
  expect(found.some(({ transposed }) => transposed)).toBe(false);
});

describe("loading", () => {
  const backend = useBackend(() => openReference());

  /** Parameters of a model, the pooler's under the name that heads have for it. */
  async function fileOf(model: DistilBert, prefix: string, headPrefix: string) {
    const arrays = Array.from(model.parameters(), async ([path, parameter]) => ({
      name: path.startsWith("pooler.")
        ? `${headPrefix}${path.replace("pooler", "pre_classifier")}`
        : prefix + distilBertFamily.spellings[0](path).name,
      shape: parameter.shape,
      dtype: "float32" as const,
      values: Float32Array.from(await parameter.read()),
    }));
    return openCheckpoint(serializeSafetensors(await Promise.all(arrays)));
  }

  test.each([
    ["", ""],
    ["distilbert.", ""],
    ["module.", "module."],
    ["module.distilbert.", "module."],
  ])("a file whose encoder is under %j fills a model", async (prefix, headPrefix) => {
    using written = tinyDistilBert(backend());
    await using source = await fileOf(written, prefix, headPrefix);
    for (const head of ["sequenceClassification", "multipleChoice"] as const) {
      const { encoder, unused } = await loadEncoder(distilBertFamily, source, tinyConfig, backend(), { head });
      using _encoder = encoder;
      expect(unused).toEqual([]);
      const found = new Map(encoder.parameters());
      for (const [path, parameter] of written.parameters()) {
        expect(await found.get(path)!.read()).toEqual(await parameter.read());
      }
    }
    const { encoder, unused } = await loadEncoder(distilBertFamily, source, tinyConfig, backend(), {
      head: "tokenClassification",
    });
    using _encoder = encoder;
    expect([encoder.pooler, [...unused].sort()]).toEqual([undefined, linear(`${headPrefix}pre_classifier`).sort()]);
  });

  test("all that is missing is listed in the file's own spelling", async () => {
    using written = tinyDistilBert(backend(), { layers: 1, pooler: false });
    await using source = await fileOf(written, "distilbert.", "");
    const error = await loadEncoder(distilBertFamily, source, tinyConfig, backend()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointMismatchError);
    expect((error as CheckpointMismatchError).problems[0]).toBe(
      "missing distilbert.transformer.layer.1.attention.q_lin.weight (for blocks.1.attention.query.weight)",
    );
  });
});

describe("headsIn", () => {
  const language = [...linear("vocab_transform"), ...linear("vocab_layer_norm"), "vocab_projector.bias"];
  const pooled = [...linear("pre_classifier"), ...linear("classifier")];
  const cases: readonly (readonly [HeadName, string, readonly string[]])[] = [
    ["maskedLanguage", "DistilBertForMaskedLM", language],
    ["sequenceClassification", "DistilBertForSequenceClassification", pooled],
    ["sequenceClassification", "DistilBertModel", pooled],
    ["multipleChoice", "DistilBertForMultipleChoice", pooled],
    ["tokenClassification", "DistilBertForTokenClassification", linear("classifier")],
    ["tokenClassification", "DistilBertModel", linear("classifier")],
    ["questionAnswering", "DistilBertForQuestionAnswering", linear("qa_outputs")],
  ];

  test.each(cases)("finds %s of %s", (head, architecture, found) => {
    for (const prefix of ["", "module."]) {
      const inFile = new Set([...found, "distilbert.embeddings.word_embeddings.weight"].map((name) => prefix + name));
      expect(headsIn(distilBertFamily, inFile, [architecture])).toEqual([head]);
      const table = distilBertFamily.heads[head]!.find((names) => inFile.has(names(headPaths[head][0]!).name))!;
      expect(headPaths[head].every((path) => inFile.has(table(path).name))).toBe(true);
    }
  });

  test("finds none in an encoder alone, and no next sentence at all", () => {
    expect(headsIn(distilBertFamily, new Set(names), ["DistilBertForMaskedLM"])).toEqual([]);
    expect(distilBertFamily.heads.nextSentence).toBeUndefined();
  });
});

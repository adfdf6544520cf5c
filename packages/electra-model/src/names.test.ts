import { openCheckpoint, serializeSafetensors } from "@bertkit/checkpoint";
import { type HeadName, headPaths, headsIn, loadEncoder } from "@bertkit/encoder-family";
import { CheckpointMismatchError } from "@bertkit/layers";
import { openReference } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { Electra } from "./electra.js";
import { electraFamily } from "./electra-family.js";
import { tinyConfig, tinyElectra } from "./fixtures/tiny-electra.js";

const linear = (name: string): string[] => [`${name}.weight`, `${name}.bias`];

/** As transformers' ElectraModel has them; two digits, so that layer 1 and layer 11 are told apart. */
const names = [
  ...["word", "position", "token_type"].map((table) => `embeddings.${table}_embeddings.weight`),
  ...linear("embeddings.LayerNorm"),
  ...linear("embeddings_project"),
  ...Array.from({ length: 12 }, (_, layer) =>
    ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"]
      .concat(["attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"])
      .flatMap((part) => linear(`encoder.layer.${layer}.${part}`)),
  ).flat(),
];

test("every parameter has exactly one name, and it is transformers'", () => {
  const model = new Electra({ ...tinyConfig, layers: 12, pooler: false });
  const found = Array.from(model.parameters(), ([path]) => electraFamily.spellings[0](path));
  expect(found.map(({ name }) => name).sort()).toEqual([...names].sort());
  expect(found.some(({ transposed }) => transposed)).toBe(false);
});

describe("loading", () => {
  const backend = useBackend(() => openReference());

  /** Parameters of a model, the pooler's under the name that heads have for it. */
  async function fileOf(model: Electra, prefix: string, pooler: string) {
    const arrays = Array.from(model.parameters(), async ([path, parameter]) => ({
      name: path.startsWith("pooler.")
        ? path.replace("pooler", pooler)
        : prefix + electraFamily.spellings[0](path).name,
      shape: parameter.shape,
      dtype: "float32" as const,
      values: Float32Array.from(await parameter.read()),
    }));
    return openCheckpoint(serializeSafetensors(await Promise.all(arrays)));
  }

  test.each([
    ["", "classifier.dense", "sequenceClassification"],
    ["electra.", "classifier.dense", "sequenceClassification"],
    ["module.electra.", "module.classifier.dense", "sequenceClassification"],
    ["electra.", "sequence_summary.summary", "multipleChoice"],
    ["module.", "module.sequence_summary.summary", "multipleChoice"],
  ] as const)("a file whose encoder is under %j and whose pooler is %s fills a model", async (prefix, pooler, head) => {
    using written = tinyElectra(backend());
    await using source = await fileOf(written, prefix, pooler);
    const { encoder, unused } = await loadEncoder(electraFamily, source, tinyConfig, backend(), { head });
    using _encoder = encoder;
    expect(unused).toEqual([]);
    const found = new Map(encoder.parameters());
    for (const [path, parameter] of written.parameters()) {
      expect(await found.get(path)!.read()).toEqual(await parameter.read());
    }
    const plain = await loadEncoder(electraFamily, source, tinyConfig, backend());
    using _plain = plain.encoder;
    expect([plain.encoder.pooler, [...plain.unused].sort()]).toEqual([undefined, linear(pooler).sort()]);
  });

  test("all that is missing is listed in the file's own spelling", async () => {
    using written = tinyElectra(backend(), { layers: 1, pooler: false });
    await using source = await fileOf(written, "electra.", "classifier.dense");
    const error = await loadEncoder(electraFamily, source, tinyConfig, backend()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointMismatchError);
    expect((error as CheckpointMismatchError).problems[0]).toBe(
      "missing electra.encoder.layer.1.attention.self.query.weight (for blocks.1.attention.query.weight)",
    );
  });
});

describe("headsIn", () => {
  const language = [...linear("generator_predictions.dense"), ...linear("generator_predictions.LayerNorm")];
  const cases: readonly (readonly [HeadName, string, readonly string[]])[] = [
    ["maskedLanguage", "ElectraForMaskedLM", [...language, "generator_lm_head.bias"]],
    ["sequenceClassification", "ElectraModel", [...linear("classifier.dense"), ...linear("classifier.out_proj")]],
    ["multipleChoice", "ElectraForMultipleChoice", [...linear("sequence_summary.summary"), ...linear("classifier")]],
    ["tokenClassification", "ElectraForTokenClassification", linear("classifier")],
    ["tokenClassification", "ElectraModel", linear("classifier")],
    ["questionAnswering", "ElectraForQuestionAnswering", linear("qa_outputs")],
  ];

  test.each(cases)("finds %s of %s", (head, architecture, found) => {
    for (const prefix of ["", "module."]) {
      const inFile = new Set([...found, "electra.embeddings.word_embeddings.weight"].map((name) => prefix + name));
      expect(headsIn(electraFamily, inFile, [architecture])).toEqual([head]);
      const table = electraFamily.heads[head]!.find((names) => inFile.has(names(headPaths[head][0]!).name))!;
      expect(headPaths[head].every((path) => inFile.has(table(path).name))).toBe(true);
    }
  });

  test("finds none in an encoder alone, and no next sentence at all", () => {
    expect(headsIn(electraFamily, new Set(names), ["ElectraForMaskedLM"])).toEqual([]);
    expect(electraFamily.heads.nextSentence).toBeUndefined();
  });
});

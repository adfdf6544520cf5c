import type { NameRow } from "@bertkit/layers";

/** How PyTorch files of Hugging Face's transformers spell a BERT's parameters. */
export const huggingFaceRows: readonly NameRow[] = [
  ["embeddings.word", "embeddings.word_embeddings"],
  ["embeddings.position", "embeddings.position_embeddings"],
  ["embeddings.type", "embeddings.token_type_embeddings"],
  ["embeddings.norm", "embeddings.LayerNorm"],
  ["blocks.#.attention.query", "encoder.layer.#.attention.self.query"],
  ["blocks.#.attention.key", "encoder.layer.#.attention.self.key"],
  ["blocks.#.attention.value", "encoder.layer.#.attention.self.value"],
  ["blocks.#.attention.output", "encoder.layer.#.attention.output.dense"],
  ["blocks.#.attentionNorm", "encoder.layer.#.attention.output.LayerNorm"],
  ["blocks.#.feedForward.expand", "encoder.layer.#.intermediate.dense"],
  ["blocks.#.feedForward.contract", "encoder.layer.#.output.dense"],
  ["blocks.#.feedForwardNorm", "encoder.layer.#.output.LayerNorm"],
  ["pooler", "pooler.dense"],
];

/** The same as files of 2018 and 2019 have it: LayerNorm's weight and bias are gamma and beta. */
export const oldHuggingFaceRows: readonly NameRow[] = huggingFaceRows.flatMap(([ours, theirs]): NameRow[] =>
  theirs.endsWith("LayerNorm")
    ? [
        [`${ours}.weight`, `${theirs}.gamma`],
        [`${ours}.bias`, `${theirs}.beta`],
      ]
    : [[ours, theirs]],
);

import { type HeadSpellings, headSpellings } from "@bertkit/encoder-family";
import type { NameRow, NameTable } from "@bertkit/layers";

/** How PyTorch files of Hugging Face's transformers spell an ELECTRA's parameters. */
export const electraRows: readonly NameRow[] = [
  ["embeddings.word", "embeddings.word_embeddings"],
  ["embeddings.position", "embeddings.position_embeddings"],
  ["embeddings.type", "embeddings.token_type_embeddings"],
  ["embeddings.norm", "embeddings.LayerNorm"],
  ["embeddings.project", "embeddings_project"],
  ["blocks.#.attention.query", "encoder.layer.#.attention.self.query"],
  ["blocks.#.attention.key", "encoder.layer.#.attention.self.key"],
  ["blocks.#.attention.value", "encoder.layer.#.attention.self.value"],
  ["blocks.#.attention.output", "encoder.layer.#.attention.output.dense"],
  ["blocks.#.attentionNorm", "encoder.layer.#.attention.output.LayerNorm"],
  ["blocks.#.feedForward.expand", "encoder.layer.#.intermediate.dense"],
  ["blocks.#.feedForward.contract", "encoder.layer.#.output.dense"],
  ["blocks.#.feedForwardNorm", "encoder.layer.#.output.LayerNorm"],
];

/** Every known spelling of each head; a masked-language head is a generator's. */
export const electraHeads: HeadSpellings = {
  maskedLanguage: headSpellings([
    ["decoder.transform", "generator_predictions.dense"],
    ["decoder.norm", "generator_predictions.LayerNorm"],
    ["decoder.bias", "generator_lm_head.bias"],
  ]),
  sequenceClassification: headSpellings([["linear", "classifier.out_proj"]]),
  tokenClassification: headSpellings([["linear", "classifier"]]),
  questionAnswering: headSpellings([["linear", "qa_outputs"]]),
  multipleChoice: headSpellings([["linear", "classifier"]]),
};

/** The pooler is a part of the heads over a whole sequence. */
export const electraHeadPoolers: HeadSpellings = {
  sequenceClassification: headSpellings([["pooler", "classifier.dense"]]),
  multipleChoice: headSpellings([["pooler", "sequence_summary.summary"]]),
};

/** The table of a masked-language head that does not share the encoder's; files of tied models may have a copy. */
export const electraOutputWords: readonly NameTable[] = headSpellings([["weight", "generator_lm_head.weight"]]);

/** Every known spelling of a discriminator's head. */
export const replacedTokenSpellings: readonly NameTable[] = headSpellings([
  ["dense", "discriminator_predictions.dense"],
  ["prediction", "discriminator_predictions.dense_prediction"],
]);

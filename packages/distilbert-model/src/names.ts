import { type HeadSpellings, headSpellings } from "@bertkit/encoder-family";
import type { NameRow, NameTable } from "@bertkit/layers";

/** How PyTorch files of Hugging Face's transformers spell a DistilBERT's parameters. */
export const distilBertRows: readonly NameRow[] = [
  ["embeddings.word", "embeddings.word_embeddings"],
  ["embeddings.position", "embeddings.position_embeddings"],
  ["embeddings.norm", "embeddings.LayerNorm"],
  ["blocks.#.attention.query", "transformer.layer.#.attention.q_lin"],
  ["blocks.#.attention.key", "transformer.layer.#.attention.k_lin"],
  ["blocks.#.attention.value", "transformer.layer.#.attention.v_lin"],
  ["blocks.#.attention.output", "transformer.layer.#.attention.out_lin"],
  ["blocks.#.attentionNorm", "transformer.layer.#.sa_layer_norm"],
  ["blocks.#.feedForward.expand", "transformer.layer.#.ffn.lin1"],
  ["blocks.#.feedForward.contract", "transformer.layer.#.ffn.lin2"],
  ["blocks.#.feedForwardNorm", "transformer.layer.#.output_layer_norm"],
];

/** Every known spelling of each head. */
export const distilBertHeads: HeadSpellings = {
  maskedLanguage: headSpellings([
    ["decoder.transform", "vocab_transform"],
    ["decoder.norm", "vocab_layer_norm"],
    ["decoder.bias", "vocab_projector.bias"],
  ]),
  sequenceClassification: headSpellings([["linear", "classifier"]]),
  tokenClassification: headSpellings([["linear", "classifier"]]),
  questionAnswering: headSpellings([["linear", "qa_outputs"]]),
  multipleChoice: headSpellings([["linear", "classifier"]]),
};

const preClassifier = headSpellings([["pooler", "pre_classifier"]]);

/** The pooler is a part of the heads over a whole sequence. */
export const distilBertHeadPoolers: HeadSpellings = {
  sequenceClassification: preClassifier,
  multipleChoice: preClassifier,
};

/** The table of a masked-language head that does not share the encoder's; files of tied models may have a copy. */
export const distilBertOutputWords: readonly NameTable[] = headSpellings([["weight", "vocab_projector.weight"]]);

import { encoderSpellings, type HeadSpellings, headSpellings } from "@bertkit/encoder-family";
import { type NameRow, type NameTable, nameTable, ownNames } from "@bertkit/layers";

/** How transformers spells a RoBERTa's parameters. */
const encoderRows: readonly NameRow[] = [
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

/** Ways to spell a RoBERTa's parameters; the first is that of transformers' `RobertaModel`, as of its namesakes. */
export const robertaSpellings: readonly [NameTable, ...NameTable[]] = [
  ...encoderSpellings((prefix) => nameTable(encoderRows, prefix), "roberta."),
  ownNames,
];

/** transformers' `RobertaLMHead`, by what the bias over the vocabulary is called. */
const languageRows = (output: string): readonly NameRow[] => [
  ["decoder.transform", "lm_head.dense"],
  ["decoder.norm", "lm_head.layer_norm"],
  ["decoder.bias", output],
];

const linear = (name: string): readonly NameTable[] => [...headSpellings([["linear", name]]), ownNames];

/** Every known spelling of each head. */
export const robertaHeads: HeadSpellings = {
  maskedLanguage: [
    // Tied, the two are one array and files have either name or both.
    ...headSpellings(languageRows("lm_head.decoder.bias")),
    ...headSpellings(languageRows("lm_head.bias")),
    ownNames,
  ],
  sequenceClassification: linear("classifier.out_proj"),
  tokenClassification: linear("classifier"),
  questionAnswering: linear("qa_outputs"),
  multipleChoice: linear("classifier"),
};

/** transformers' `RobertaClassificationHead` has a layer over the first token of its own; others read the encoder's. */
export const robertaHeadPoolers: HeadSpellings = {
  sequenceClassification: [...headSpellings([["pooler", "classifier.dense"]]), ownNames],
};

/** The table of a masked-language head that does not share the encoder's, [vocabulary, width]. */
export const robertaOutputWords: readonly NameTable[] = headSpellings([["weight", "lm_head.decoder.weight"]]);

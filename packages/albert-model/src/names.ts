import { encoderSpellings, type HeadSpellings, headSpellings } from "@bertkit/encoder-family";
import { type NameRow, type NameTable, nameTable, ownNames } from "@bertkit/layers";

/** How transformers spells what stands outside an ALBERT's blocks. */
const outerRows: readonly NameRow[] = [
  ["embeddings.word", "embeddings.word_embeddings"],
  ["embeddings.position", "embeddings.position_embeddings"],
  ["embeddings.type", "embeddings.token_type_embeddings"],
  ["embeddings.norm", "embeddings.LayerNorm"],
  ["embeddings.projection", "encoder.embedding_hidden_mapping_in"],
  ["pooler", "pooler"],
];

/** The same within a block. */
const blockRows: readonly NameRow[] = [
  ["attention.query", "attention.query"],
  ["attention.key", "attention.key"],
  ["attention.value", "attention.value"],
  ["attention.output", "attention.dense"],
  ["attentionNorm", "attention.LayerNorm"],
  ["feedForward.expand", "ffn"],
  ["feedForward.contract", "ffn_output"],
  ["feedForwardNorm", "full_layer_layer_norm"],
];

/** A table of its own, because a block's name has two numbers: its group's and its own. */
function albertTable(prefix: string): NameTable {
  const outer = nameTable(outerRows, prefix);
  const inner = nameTable(blockRows);
  return (path) => {
    const [start, group, block] = /^groups\.(\d+)\.blocks\.(\d+)\./.exec(path) ?? [];
    if (start === undefined) return outer(path);
    const { name, transposed } = inner(path.slice(start.length));
    return { name: `${prefix}encoder.albert_layer_groups.${group}.albert_layers.${block}.${name}`, transposed };
  };
}

/** Ways to spell an ALBERT's parameters; the first is that of transformers' `AlbertModel`. */
export const albertSpellings: readonly [NameTable, ...NameTable[]] = [
  ...encoderSpellings(albertTable, "albert."),
  ownNames,
];

/** transformers' `AlbertMLMHead`, by what the bias over the vocabulary is called. */
const languageRows = (output: string): readonly NameRow[] => [
  ["decoder.transform", "predictions.dense"],
  ["decoder.norm", "predictions.LayerNorm"],
  ["decoder.bias", output],
];

const linear = (name: string): readonly NameTable[] => [...headSpellings([["linear", name]]), ownNames];

/**
 * Every known spelling of each head. What is `nextSentence` elsewhere tells the order of two texts here (Lan et al.
 * 2020, section 3.1): label 0 where the second follows the first, 1 where the two are swapped.
 */
export const albertHeads: HeadSpellings = {
  maskedLanguage: [
    // Tied, the two are one array and files have either name or both.
    ...headSpellings(languageRows("predictions.decoder.bias")),
    ...headSpellings(languageRows("predictions.bias")),
    ownNames,
  ],
  nextSentence: linear("sop_classifier.classifier"),
  sequenceClassification: linear("classifier"),
  tokenClassification: linear("classifier"),
  questionAnswering: linear("qa_outputs"),
  multipleChoice: linear("classifier"),
};

/** The table of a masked-language head that does not share the encoder's, [vocabulary, embeddingWidth]. */
export const albertOutputWords: readonly NameTable[] = headSpellings([["weight", "predictions.decoder.weight"]]);

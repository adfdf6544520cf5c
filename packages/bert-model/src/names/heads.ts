import { type HeadName, type HeadSpellings, headSpellings } from "@bertkit/encoder-family";
import { type NameRow, type NameTable, nameTable, ownNames } from "@bertkit/layers";

type HeadRows = readonly NameRow[];

/** transformers' `BertLMPredictionHead`, by what its LayerNorm's weight and bias and the bias over the vocabulary are called. */
const languageRows = ([weight, bias]: readonly [string, string], output: string): HeadRows => [
  ["decoder.transform", "cls.predictions.transform.dense"],
  ["decoder.norm.weight", `cls.predictions.transform.LayerNorm.${weight}`],
  ["decoder.norm.bias", `cls.predictions.transform.LayerNorm.${bias}`],
  ["decoder.bias", output],
];

const huggingFaceLanguage: readonly HeadRows[] = [
  ["weight", "bias"] as const,
  ["gamma", "beta"] as const, // files of 2018 and 2019
].flatMap((norm) => [
  // Tied, the two are one array and files have either name or both; untied, transformers 5 adds the decoder's.
  languageRows(norm, "cls.predictions.decoder.bias"),
  languageRows(norm, "cls.predictions.bias"),
]);

/** Every spelling of each head that PyTorch files are known to use; `module.` may stand before it. */
const huggingFaceHeads: Readonly<Record<HeadName, readonly HeadRows[]>> = {
  maskedLanguage: huggingFaceLanguage,
  nextSentence: [[["linear", "cls.seq_relationship"]]],
  sequenceClassification: [[["linear", "classifier"]]],
  tokenClassification: [[["linear", "classifier"]]],
  questionAnswering: [[["linear", "qa_outputs"]]],
  multipleChoice: [[["linear", "classifier"]]],
};

/**
 * The heads of google-research/bert's TensorFlow checkpoints: run_pretraining's, run_classifier's and run_squad's. Of
 * their kernels only the dense layer's is [inputs, outputs]; the others are [classes, width], as ours.
 */
export const googleHeadRows: Readonly<Partial<Record<HeadName, HeadRows>>> = {
  maskedLanguage: [
    ["decoder.transform.weight", "cls/predictions/transform/dense/kernel", "transposed"],
    ["decoder.transform.bias", "cls/predictions/transform/dense/bias"],
    ["decoder.norm.weight", "cls/predictions/transform/LayerNorm/gamma"],
    ["decoder.norm.bias", "cls/predictions/transform/LayerNorm/beta"],
    ["decoder.bias", "cls/predictions/output_bias"],
  ],
  nextSentence: [
    ["linear.weight", "cls/seq_relationship/output_weights"],
    ["linear.bias", "cls/seq_relationship/output_bias"],
  ],
  sequenceClassification: [
    ["linear.weight", "output_weights"],
    ["linear.bias", "output_bias"],
  ],
  questionAnswering: [
    ["linear.weight", "cls/squad/output_weights"],
    ["linear.bias", "cls/squad/output_bias"],
  ],
};

function spellingsOf(head: HeadName): NameTable[] {
  const google = googleHeadRows[head];
  return [
    ...huggingFaceHeads[head].flatMap((rows) => headSpellings(rows)),
    ...(google ? [nameTable(google)] : []),
    ownNames,
  ];
}

/** Every known spelling of each head. */
export const bertHeads: HeadSpellings = {
  maskedLanguage: spellingsOf("maskedLanguage"),
  nextSentence: spellingsOf("nextSentence"),
  sequenceClassification: spellingsOf("sequenceClassification"),
  tokenClassification: spellingsOf("tokenClassification"),
  questionAnswering: spellingsOf("questionAnswering"),
  multipleChoice: spellingsOf("multipleChoice"),
};

/**
 * The table that a masked-language head multiplies with where it is not the encoder's word table (Hugging Face's
 * `tie_word_embeddings: false`): the decoder's own weight, [vocabulary, width]. Files of tied models often have a copy of
 * the word table under the same name, so that the configuration must say which it is.
 */
export const bertOutputWords: readonly NameTable[] = headSpellings([["weight", "cls.predictions.decoder.weight"]]);

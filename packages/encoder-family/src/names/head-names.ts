/** A head whose parameters are looked for in files of whole models. */
export type HeadName =
  | "maskedLanguage"
  | "nextSentence"
  | "sequenceClassification"
  | "tokenClassification"
  | "questionAnswering"
  | "multipleChoice";

/** How the names of transformers' classes with these heads end, behind that of the family. */
export const headClassEndings: Readonly<Record<HeadName, string>> = {
  maskedLanguage: "ForMaskedLM",
  nextSentence: "ForNextSentencePrediction",
  sequenceClassification: "ForSequenceClassification",
  tokenClassification: "ForTokenClassification",
  questionAnswering: "ForQuestionAnswering",
  multipleChoice: "ForMultipleChoice",
};

/** The paths of each head's parameters: those of the classes of these names in @bertkit/heads. */
export const headPaths: Readonly<Record<HeadName, readonly string[]>> = {
  maskedLanguage: [
    "decoder.transform.weight",
    "decoder.transform.bias",
    "decoder.norm.weight",
    "decoder.norm.bias",
    "decoder.bias",
  ],
  nextSentence: ["linear.weight", "linear.bias"],
  sequenceClassification: ["linear.weight", "linear.bias"],
  tokenClassification: ["linear.weight", "linear.bias"],
  questionAnswering: ["linear.weight", "linear.bias"],
  multipleChoice: ["linear.weight", "linear.bias"],
};

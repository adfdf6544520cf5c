import type {
  CausalLanguage,
  CrossEncoder,
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  SentenceEmbedding,
  SentenceModules,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";

/** A head of a sentence encoder, and what it was made from. */
export interface SentenceVectors {
  readonly embedding: SentenceEmbedding;
  readonly modules: Pick<SentenceModules, "poolings" | "stages">;
}

/** What can stand on an encoder in an ONNX model. */
export type OnnxHead =
  | CausalLanguage
  | CrossEncoder
  | MaskedLanguage
  | MultipleChoice
  | NextSentence
  | Pretraining
  | QuestionAnswering
  | SentenceVectors
  | SequenceClassification
  | TokenClassification;

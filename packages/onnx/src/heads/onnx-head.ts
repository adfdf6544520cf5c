import type { ReplacedTokenDetection } from "@bertkit/electra-model";
import type { HeadName } from "@bertkit/encoder-family";
import {
  CausalLanguage,
  CrossEncoder,
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  type SentenceEmbedding,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";

/** What can stand on an encoder in an ONNX model. */
export type OnnxHead =
  | CausalLanguage
  | CrossEncoder
  | MaskedLanguage
  | MultipleChoice
  | NextSentence
  | Pretraining
  | QuestionAnswering
  | ReplacedTokenDetection
  | SentenceEmbedding
  | SequenceClassification
  | TokenClassification;

/** What families call a head, the first of both where it is two; undefined for one that they have no name for. */
export function headNameOf(head: OnnxHead | undefined): HeadName | undefined {
  return headNames.find(([, kinds]) => kinds.some((Kind) => head instanceof Kind))?.[0];
}

const headNames = [
  ["maskedLanguage", [MaskedLanguage, CausalLanguage, Pretraining]],
  ["nextSentence", [NextSentence]],
  ["sequenceClassification", [SequenceClassification, CrossEncoder]],
  ["tokenClassification", [TokenClassification]],
  ["questionAnswering", [QuestionAnswering]],
  ["multipleChoice", [MultipleChoice]],
] as const;

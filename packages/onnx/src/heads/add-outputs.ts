import { ReplacedTokenDetection } from "@bertkit/electra-model";
import {
  CausalLanguage,
  CrossEncoder,
  MaskedLanguage,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  SentenceEmbedding,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { UnsupportedError } from "@bertkit/tensor";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph } from "../graph/graph.js";
import { extents } from "../padded-batch.js";
import type { WeightNames } from "../weight-names.js";
import { answerLogits, replacedLogits, sequenceLogits, tokenLogits } from "./classification.js";
import { languageLogits } from "./language.js";
import type { OnnxHead } from "./onnx-head.js";
import { sentenceVectors } from "./sentence.js";

/** Hidden states, `last_hidden_state` [batch, length, width], and `pooler_output` [batch, width] where there is a pooler. */
export function addEncoderOutputs(graph: Graph, { batch, hidden, pooled, width }: Encoded): void {
  graph.output("last_hidden_state", asRows(graph, batch, hidden, width), [extents.batch, extents.length, width]);
  if (pooled !== undefined) graph.output("pooler_output", pooled, [extents.batch, width]);
}

/** A head over one sequence a row, with the outputs that Hugging Face's model of its kind has. Throws as `writeOnnx` does. */
export function addHeadOutputs(graph: Graph, head: OnnxHead, encoded: Encoded, { words }: WeightNames): void {
  if (head instanceof SentenceEmbedding) sentenceVectors(graph, head, encoded);
  else if (head instanceof MaskedLanguage || head instanceof CausalLanguage) {
    languageLogits(graph, "logits", head.decoder, encoded, words);
  } else if (head instanceof Pretraining) {
    languageLogits(graph, "prediction_logits", head.masked.decoder, encoded, words);
    sequenceLogits(graph, "seq_relationship_logits", head.next, encoded);
  } else if (head instanceof NextSentence || head instanceof SequenceClassification || head instanceof CrossEncoder) {
    sequenceLogits(graph, "logits", head, encoded);
  } else if (head instanceof TokenClassification) tokenLogits(graph, head, encoded);
  else if (head instanceof QuestionAnswering) answerLogits(graph, head, encoded);
  else if (head instanceof ReplacedTokenDetection) replacedLogits(graph, head, encoded);
  else throw new UnsupportedError(`${head.constructor.name} has no form in ONNX: give a head of @bertkit/heads`);
}

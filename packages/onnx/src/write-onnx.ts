import { type ByteSink, writeWholeFile } from "@bertkit/checkpoint";
import type { ConfiguredEncoder } from "@bertkit/encoder-family";
import { MultipleChoice, Pretraining, SentenceEmbedding } from "@bertkit/heads";
import { formOf } from "./encoders/encoder-form.js";
import { layOut } from "./format/lay-out.js";
import { writeLayout } from "./format/write-layout.js";
import { Graph } from "./graph/graph.js";
import { addEncoderOutputs, addHeadOutputs } from "./heads/add-outputs.js";
import { choiceLogits } from "./heads/classification.js";
import { headNameOf, type OnnxHead } from "./heads/onnx-head.js";
import { choiceInputs, paddedInputs } from "./padded-batch.js";
import { type WeightNames, weightNames } from "./weight-names.js";

/** What is written beside the encoder. */
export interface OnnxOptions {
  /** What stands on the encoder; by default nothing, and the outputs are its hidden states. */
  readonly head?: OnnxHead | undefined;
  /** What the file says of itself. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Stops the writing, which then rejects with the signal's reason and leaves no file. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes an encoder of any family as an ONNX model of opset 17, one array in memory at a time. Inputs are `input_ids`,
 * `attention_mask` and, where the encoder has several types of tokens, `token_type_ids`: int64 [batch, length] of any
 * batch and length, padding last; with a `MultipleChoice` head [batch, choices, length]. Outputs are named as Hugging Face's: `last_hidden_state` and `pooler_output`, `logits`,
 * `start_logits` and `end_logits`, `prediction_logits` and `seq_relationship_logits`, `sentence_embedding`. Weights have
 * Hugging Face's names and shapes; int8 ones stay int8, and are multiplied as docs/int8.md says.
 *
 * Throws `UnsupportedError` for a model past 2 GiB, an activation that has no name, a head that misses its pooler, a head that
 * the family has none of, and an encoder or a head of another package; `ShapeError` for a head made for another width; `DisposedError` for a part that holds no
 * numbers; `CheckpointError` where the file cannot be written.
 * @param to a path (Node only; it has the whole file or none of it) or a sink, which is not closed
 */
export async function writeOnnx(
  to: string | ByteSink,
  encoder: ConfiguredEncoder,
  { head, metadata = {}, signal }: OnnxOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const layout = layOut(buildGraph(encoder, head).finish(), metadata);
  const body = (sink: ByteSink): Promise<void> => writeLayout(sink, layout, signal);
  await (typeof to === "string" ? writeWholeFile(to, body) : body(to));
}

function buildGraph(encoder: ConfiguredEncoder, head: OnnxHead | undefined): Graph {
  const graph = new Graph();
  const { family, hasTypes, build } = formOf(encoder);
  const inModel = head !== undefined && !(head instanceof SentenceEmbedding);
  const names = weightNames(family, { inModel, head: headNameOf(head) });
  graph.name(encoder.parameters(), names.encoder);
  if (head) nameHead(graph, head, names);
  if (head instanceof MultipleChoice) {
    const { batch, questionShape } = choiceInputs(graph, hasTypes);
    choiceLogits(graph, head, build(graph, batch), questionShape);
    return graph;
  }
  const encoded = build(graph, paddedInputs(graph, hasTypes));
  if (head === undefined) addEncoderOutputs(graph, encoded);
  else addHeadOutputs(graph, head, encoded, names);
  return graph;
}

function nameHead(graph: Graph, head: OnnxHead, names: WeightNames): void {
  const parts = head instanceof Pretraining ? [head.masked, head.next] : [head];
  for (const part of parts) {
    const name = headNameOf(part);
    if (name) graph.name(part.parameters(), names.head(name));
  }
}

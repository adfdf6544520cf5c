import { type Bert, huggingFaceRows } from "@bertkit/bert-model";
import { type ByteSink, writeWholeFile } from "@bertkit/checkpoint";
import { MultipleChoice } from "@bertkit/heads";
import { type Embedding, nameTable } from "@bertkit/layers";
import { bertGraph } from "./bert-graph.js";
import { layOut } from "./format/lay-out.js";
import { writeLayout } from "./format/write-layout.js";
import { Graph } from "./graph/graph.js";
import { addEncoderOutputs, addHeadOutputs } from "./heads/add-outputs.js";
import { choiceLogits } from "./heads/classification.js";
import type { OnnxHead } from "./heads/onnx-head.js";
import { choiceInputs, paddedInputs } from "./padded-batch.js";

/** What is written beside the encoder. */
export interface OnnxOptions {
  /** What stands on the encoder; by default nothing, and the outputs are its hidden states. */
  readonly head?: OnnxHead | undefined;
  /** What a language head was given as `words`, where that is not the encoder's own table. */
  readonly words?: Embedding | undefined;
  /** What the file says of itself. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Stops the writing, which then rejects with the signal's reason and leaves no file. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a BERT as an ONNX model of opset 17, one array in memory at a time. Inputs are `input_ids`, `attention_mask` and
 * `token_type_ids`, int64 [batch, length] of any batch and length, padding last; with a `MultipleChoice` head
 * [batch, choices, length]. Outputs are named as Hugging Face's: `last_hidden_state` and `pooler_output`, `logits`,
 * `start_logits` and `end_logits`, `prediction_logits` and `seq_relationship_logits`, `sentence_embedding`. Weights have
 * Hugging Face's names and shapes; int8 ones stay int8, and are multiplied as docs/int8.md says.
 *
 * Throws `UnsupportedError` for a model past 2 GiB, an activation that has no name, a head that misses its pooler and a
 * head of another package; `ShapeError` for a head made for another width; `DisposedError` for a part that holds no
 * numbers; `CheckpointError` where the file cannot be written.
 * @param to a path (Node only; it has the whole file or none of it) or a sink, which is not closed
 */
export async function writeOnnx(to: string | ByteSink, bert: Bert, options: OnnxOptions = {}): Promise<void> {
  const { metadata = {}, signal } = options;
  signal?.throwIfAborted();
  const layout = layOut(buildGraph(bert, options).finish(), metadata);
  const body = (sink: ByteSink): Promise<void> => writeLayout(sink, layout, signal);
  await (typeof to === "string" ? writeWholeFile(to, body) : body(to));
}

function buildGraph(bert: Bert, { head, words = bert.embeddings.word }: OnnxOptions): Graph {
  const graph = new Graph();
  const isPart = head !== undefined && !("embedding" in head);
  graph.name(bert, nameTable(huggingFaceRows, isPart ? "bert." : ""));
  if (head instanceof MultipleChoice) {
    const { batch, questionShape } = choiceInputs(graph);
    choiceLogits(graph, head, bertGraph(graph, bert, batch), questionShape);
    return graph;
  }
  const encoded = bertGraph(graph, bert, paddedInputs(graph));
  if (head === undefined) addEncoderOutputs(graph, encoded);
  else addHeadOutputs(graph, head, encoded, { words, activation: bert.config.activation });
  return graph;
}

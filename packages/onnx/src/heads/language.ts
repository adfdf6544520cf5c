import type { LanguageDecoder } from "@bertkit/heads";
import { type Embedding, nameTable, QuantizedEmbedding } from "@bertkit/layers";
import { activate } from "../activations.js";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";
import { extents } from "../padded-batch.js";
import { layerNorm } from "../parts/layer-norm.js";
import { linear } from "../parts/linear.js";
import { expectWidth } from "./expect-width.js";

/** What a language head borrows. */
export interface LanguageContext {
  /** What hidden states are compared with. */
  readonly words: Embedding;
  /** The name of the activation after the dense layer. */
  readonly activation: string;
}

/** Hugging Face's names of a `LanguageDecoder`'s parameters. */
const decoderNames = nameTable([
  ["transform", "cls.predictions.transform.dense"],
  ["norm", "cls.predictions.transform.LayerNorm"],
  ["bias", "cls.predictions.bias"],
]);

/** The names of a table that is not the encoder's own. */
const wordsNames = nameTable([
  ["weight", "cls.predictions.decoder.weight"],
  ["scale", "cls.predictions.decoder.scale"],
]);

/** A logit for each token of the vocabulary at every token, the output `name`: [batch, length, vocabulary]. */
export function languageLogits(
  graph: Graph,
  name: string,
  decoder: LanguageDecoder,
  { batch, hidden, width }: Encoded,
  { words, activation }: LanguageContext,
): void {
  expectWidth(decoder.transform, width, "the language head");
  graph.name(decoder, decoderNames);
  graph.name(words, wordsNames);
  const vocabulary = decoder.bias.shape[0]!;
  const logits = graph.within("predictions", () => {
    const transformed = activate(graph, activation, linear(graph, decoder.transform, hidden));
    const operands = [
      layerNorm(graph, decoder.norm, transformed),
      tableOf(graph, words),
      graph.parameter(decoder.bias),
    ];
    return asRows(graph, batch, graph.node("Gemm", operands, { transB: 1 }), vocabulary);
  });
  graph.output(name, logits, [extents.batch, extents.length, vocabulary]);
}

/** float32 [vocabulary, width] */
function tableOf(graph: Graph, words: Embedding): Value {
  const table = graph.parameter(words.weight);
  if (!(words instanceof QuantizedEmbedding)) return table;
  return graph.node("DequantizeLinear", [table, graph.parameter(words.scale)], { axis: 0 });
}

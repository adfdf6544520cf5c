import type { Bert } from "@bertkit/bert-model";
import { type Linear, SinusoidalEmbedding, sinusoids } from "@bertkit/layers";
import { activate } from "./activations.js";
import { asRows, type Encoded } from "./encoded.js";
import type { Graph, Value } from "./graph/graph.js";
import type { PaddedBatch } from "./padded-batch.js";
import { embedding } from "./parts/embedding.js";
import { layerNorm } from "./parts/layer-norm.js";
import { linear } from "./parts/linear.js";
import { transformerBlock } from "./parts/transformer-block.js";

/** A BERT's forward pass over a padded batch: embeddings, a stack of Transformer blocks, a pooler over the first token. */
export function bertGraph(graph: Graph, bert: Bert, batch: PaddedBatch): Encoded {
  const { width, activation } = bert.config;
  let hidden = graph.within("embeddings", () => embeddings(graph, bert, batch));
  for (const [i, block] of bert.blocks.entries()) {
    hidden = graph.within(`layer.${i}`, () => transformerBlock(graph, block, hidden, { batch, activation }));
  }
  const pooled = bert.pooler && graph.within("pooler", () => pool(graph, bert.pooler!, batch, hidden));
  return { batch, hidden, pooled, width };
}

/** Word + position + token type, normalised. A padded batch → [tokens, width] */
function embeddings(graph: Graph, bert: Bert, batch: PaddedBatch): Value {
  const { word, type, norm } = bert.embeddings;
  const words = embedding(graph, word, batch.ids);
  const sum = graph.node("Add", [words, positions(graph, bert, batch)]);
  const normalised = layerNorm(graph, norm, embedding(graph, type, batch.typeIds), sum);
  return graph.node("Reshape", [normalised, graph.integers([-1, bert.config.width])]);
}

/** [length, width] */
function positions(graph: Graph, { embeddings: { position }, config }: Bert, { length }: PaddedBatch): Value {
  const places = graph.node("Range", [graph.integers(0), length, graph.integers(1)]);
  if (!(position instanceof SinusoidalEmbedding)) return embedding(graph, position, places);
  const { maxPositions, width } = config;
  const waves = graph.array("sinusoids", "float32", [maxPositions, width], sinusoids(maxPositions, width));
  return graph.node("Gather", [waves, places]);
}

/** The first token of each sequence through a tanh layer. [tokens, width] → [batch, width] */
function pool(graph: Graph, pooler: Linear, batch: PaddedBatch, hidden: Value): Value {
  const rows = asRows(graph, batch, hidden, pooler.weight.shape[1]!);
  const first = graph.node("Gather", [rows, graph.integers(0)], { axis: 1 });
  return activate(graph, "tanh", linear(graph, pooler, first));
}

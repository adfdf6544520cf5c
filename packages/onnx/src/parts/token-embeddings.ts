import { type Embedding, type LayerNorm, SinusoidalEmbedding, sinusoids } from "@bertkit/layers";
import type { Graph, Value } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { embedding } from "./embedding.js";
import { layerNorm } from "./layer-norm.js";

/** The tables of an encoder that tokens are looked up in. */
export interface TokenTables {
  readonly word: Embedding;
  readonly position: Embedding | SinusoidalEmbedding;
  readonly type?: Embedding;
  readonly norm: LayerNorm;
}

/** Which of the positions' rows a sequence takes. */
export interface PositionRows {
  readonly maxPositions: number;
  /** The row of the first token; default 0. */
  readonly first?: number;
}

/** Word + position + token type, normalised. A padded batch → [tokens, width] */
export function tokenEmbeddings(graph: Graph, tables: TokenTables, batch: PaddedBatch, rows: PositionRows): Value {
  const words = embedding(graph, tables.word, batch.ids);
  const width = tables.norm.weight.shape[0]!;
  const placed = graph.node("Add", [words, positions(graph, tables, batch, rows)]);
  const normalised = tables.type
    ? // A model of one type is not told which.
      layerNorm(graph, tables.norm, embedding(graph, tables.type, batch.typeIds ?? graph.integers([0])), placed)
    : layerNorm(graph, tables.norm, placed);
  return graph.node("Reshape", [normalised, graph.integers([-1, width])]);
}

/** [length, width] */
function positions(
  graph: Graph,
  { position, norm }: TokenTables,
  { length }: PaddedBatch,
  { maxPositions, first = 0 }: PositionRows,
): Value {
  const end = first === 0 ? length : graph.node("Add", [length, graph.integers(first)]);
  const places = graph.node("Range", [graph.integers(first), end, graph.integers(1)]);
  if (!(position instanceof SinusoidalEmbedding)) return embedding(graph, position, places);
  const width = norm.weight.shape[0]!;
  const waves = graph.array("sinusoids", "float32", [maxPositions, width], sinusoids(maxPositions, width));
  return graph.node("Gather", [waves, places]);
}

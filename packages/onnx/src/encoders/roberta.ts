import type { Roberta } from "@bertkit/roberta-model";
import type { Encoded } from "../encoded.js";
import type { Graph } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { tokenEmbeddings } from "../parts/token-embeddings.js";
import { encoderGraph } from "./encoder-graph.js";

/** A RoBERTa's forward pass over a padded batch, whose positions begin after the padding id. */
export function robertaGraph(graph: Graph, roberta: Roberta, batch: PaddedBatch): Encoded {
  const { embeddings, config } = roberta;
  const { maxPositions, positionOffset: first } = config;
  const embedded = graph.within("embeddings", () => tokenEmbeddings(graph, embeddings, batch, { maxPositions, first }));
  return encoderGraph(graph, roberta, { batch, embedded });
}

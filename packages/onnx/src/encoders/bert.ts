import type { Bert } from "@bertkit/bert-model";
import type { Encoded } from "../encoded.js";
import type { Graph } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { tokenEmbeddings } from "../parts/token-embeddings.js";
import { encoderGraph } from "./encoder-graph.js";

/** A BERT's forward pass over a padded batch. */
export function bertGraph(graph: Graph, bert: Bert, batch: PaddedBatch): Encoded {
  const { embeddings, config } = bert;
  const embedded = graph.within("embeddings", () => tokenEmbeddings(graph, embeddings, batch, config));
  return encoderGraph(graph, bert, { batch, embedded });
}

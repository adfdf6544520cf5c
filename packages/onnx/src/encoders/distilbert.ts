import type { DistilBert } from "@bertkit/distilbert-model";
import type { Encoded } from "../encoded.js";
import type { Graph } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { tokenEmbeddings } from "../parts/token-embeddings.js";
import { encoderGraph } from "./encoder-graph.js";

/** A DistilBERT's forward pass over a padded batch. */
export function distilBertGraph(graph: Graph, distilBert: DistilBert, batch: PaddedBatch): Encoded {
  const { embeddings, config } = distilBert;
  const embedded = graph.within("embeddings", () => tokenEmbeddings(graph, embeddings, batch, config));
  return encoderGraph(graph, distilBert, { batch, embedded, poolerActivation: "relu" });
}

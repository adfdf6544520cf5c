import type { Albert } from "@bertkit/albert-model";
import type { Encoded } from "../encoded.js";
import type { Graph } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { linear } from "../parts/linear.js";
import { tokenEmbeddings } from "../parts/token-embeddings.js";
import { encoderGraph } from "./encoder-graph.js";

/** An ALBERT's forward pass over a padded batch. */
export function albertGraph(graph: Graph, albert: Albert, batch: PaddedBatch): Encoded {
  const { embeddings, config } = albert;
  const embedded = graph.within("embeddings", () => {
    const narrow = tokenEmbeddings(graph, embeddings, batch, config);
    return linear(graph, embeddings.projection, narrow);
  });
  return encoderGraph(graph, albert, { batch, embedded });
}

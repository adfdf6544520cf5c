import type { Electra } from "@bertkit/electra-model";
import type { Encoded } from "../encoded.js";
import type { Graph } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { linear } from "../parts/linear.js";
import { tokenEmbeddings } from "../parts/token-embeddings.js";
import { encoderGraph } from "./encoder-graph.js";

/** An ELECTRA's forward pass over a padded batch. */
export function electraGraph(graph: Graph, electra: Electra, batch: PaddedBatch): Encoded {
  const { embeddings, config } = electra;
  const embedded = graph.within("embeddings", () => {
    const narrow = tokenEmbeddings(graph, embeddings, batch, config);
    return embeddings.project ? linear(graph, embeddings.project, narrow) : narrow;
  });
  return encoderGraph(graph, electra, { batch, embedded, poolerActivation: "gelu" });
}

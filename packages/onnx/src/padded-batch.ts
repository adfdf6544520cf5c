import type { Graph, Value } from "./graph/graph.js";

/** What a graph is given: sequences in rows of one length, and which of their tokens are real. */
export interface PaddedBatch {
  /** int64 [batch, length] */
  readonly ids: Value;
  /** int64 [batch, length]: 1 for a token, 0 for padding, which comes last */
  readonly mask: Value;
  /** int64 [batch, length]; undefined where the encoder knows one type of token at most. */
  readonly typeIds: Value | undefined;
  /** int64 [2]: batch, length */
  readonly shape: Value;
  /** int64 [] */
  readonly length: Value;
}

/** What extents are called that any batch may choose. */
export const extents = { batch: "batch_size", choices: "num_choices", length: "sequence_length" } as const;

/** Inputs as Hugging Face names them, [batch, length] each. */
export function paddedInputs(graph: Graph, hasTypes: boolean): PaddedBatch {
  const input = (name: string): Value => graph.input(name, "int64", [extents.batch, extents.length]);
  return withShape(graph, {
    ids: input("input_ids"),
    mask: input("attention_mask"),
    typeIds: hasTypes ? input("token_type_ids") : undefined,
  });
}

/** Inputs of questions with several choices, [batch, choices, length] each; every choice becomes a sequence. */
export function choiceInputs(graph: Graph, hasTypes: boolean): { batch: PaddedBatch; questionShape: Value } {
  const ids = graph.input("input_ids", "int64", [extents.batch, extents.choices, extents.length]);
  const shape = graph.node("Shape", [ids]);
  const sequences = graph.node("Concat", [graph.integers([-1]), slice(graph, shape, 2, 3)], { axis: 0 });
  const flat = (name: string): Value => {
    const given = name === ids ? ids : graph.input(name, "int64", [extents.batch, extents.choices, extents.length]);
    return graph.node("Reshape", [given, sequences]);
  };
  const batch = withShape(graph, {
    ids: flat(ids),
    mask: flat("attention_mask"),
    typeIds: hasTypes ? flat("token_type_ids") : undefined,
  });
  return { batch, questionShape: slice(graph, shape, 0, 2) };
}

function withShape(graph: Graph, inputs: Pick<PaddedBatch, "ids" | "mask" | "typeIds">): PaddedBatch {
  const shape = graph.node("Shape", [inputs.ids]);
  return { ...inputs, shape, length: graph.node("Gather", [shape, graph.integers(1)]) };
}

/** A stretch of a vector. */
const slice = (graph: Graph, vector: Value, from: number, to: number): Value =>
  graph.node("Slice", [vector, graph.integers([from]), graph.integers([to])]);

import type { LanguageDecoder, WordTable } from "@bertkit/heads";
import type { NameTable } from "@bertkit/layers";
import { activate, nameOfActivation } from "../activations.js";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";
import { extents } from "../padded-batch.js";
import { layerNorm } from "../parts/layer-norm.js";
import { linear } from "../parts/linear.js";
import { expectWidth } from "./expect-width.js";

/**
 * A logit for each token of the vocabulary at every token, the output `name`: [batch, length, vocabulary].
 * @param wordsNames of a table that is not the encoder's own
 */
export function languageLogits(
  graph: Graph,
  name: string,
  decoder: LanguageDecoder,
  { batch, hidden, width }: Encoded,
  wordsNames: NameTable,
): void {
  expectWidth(decoder.transform, width, "the language head");
  nameWords(graph, decoder.words, wordsNames);
  const vocabulary = decoder.bias.shape[0]!;
  const logits = graph.within("predictions", () => {
    const activation = nameOfActivation(decoder.activation);
    const transformed = activate(graph, activation, linear(graph, decoder.transform, hidden));
    const operands = [
      layerNorm(graph, decoder.norm, transformed),
      tableOf(graph, decoder.words),
      graph.parameter(decoder.bias),
    ];
    return asRows(graph, batch, graph.node("Gemm", operands, { transB: 1 }), vocabulary);
  });
  graph.output(name, logits, [extents.batch, extents.length, vocabulary]);
}

/** The encoder's own table has its names already, and keeps them. */
function nameWords(graph: Graph, { weight, scale }: WordTable, names: NameTable): void {
  graph.name([["weight", weight]], names);
  // transformers has no levels, and so no name for their scales.
  const scaleName = names("weight").name.replace(/weight$/, "scale");
  if (scale) graph.name([["scale", scale]], () => ({ name: scaleName, transposed: false }));
}

/** float32 [vocabulary, inner width] */
function tableOf(graph: Graph, { weight, scale }: WordTable): Value {
  const table = graph.parameter(weight);
  return scale ? graph.node("DequantizeLinear", [table, graph.parameter(scale)], { axis: 0 }) : table;
}

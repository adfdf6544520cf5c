import { type ReplacedTokenDetection, replacedTokenSpellings } from "@bertkit/electra-model";
import type { Linear, Module } from "@bertkit/layers";
import { UnsupportedError } from "@bertkit/tensor";
import { activate, nameOfActivation } from "../activations.js";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";
import { extents } from "../padded-batch.js";
import { linear } from "../parts/linear.js";
import { expectWidth } from "./expect-width.js";

/** A head that is one linear map. */
export type LinearHead = Module & { readonly linear: Linear };

/** Logits of each sequence from its pooled first token, the output `name`: [batch, labels]. */
export function sequenceLogits(graph: Graph, name: string, head: LinearHead, encoded: Encoded): void {
  const labels = head.linear.weight.shape[0]!;
  graph.output(name, overPooled(graph, head, encoded), [extents.batch, labels]);
}

/** A logit for each choice of each question, [batch, choices]. */
export function choiceLogits(graph: Graph, head: LinearHead, encoded: Encoded, questionShape: Value): void {
  const logits = graph.node("Reshape", [overPooled(graph, head, encoded), questionShape]);
  graph.output("logits", logits, [extents.batch, extents.choices]);
}

/** Logits of each token, [batch, length, labels]. */
export function tokenLogits(graph: Graph, head: LinearHead, encoded: Encoded): void {
  const labels = head.linear.weight.shape[0]!;
  const logits = overTokens(graph, head, encoded);
  graph.output("logits", logits, [extents.batch, extents.length, labels]);
}

/** How well each token would begin and end an answer, [batch, length] each. */
export function answerLogits(graph: Graph, head: LinearHead, encoded: Encoded): void {
  const logits = overTokens(graph, head, encoded);
  for (const [column, name] of ["start_logits", "end_logits"].entries()) {
    const own = graph.node("Gather", [logits, graph.integers(column)], { axis: 2 });
    graph.output(name, own, [extents.batch, extents.length]);
  }
}

/** How much each token looks replaced, [batch, length]. */
export function replacedLogits(graph: Graph, head: ReplacedTokenDetection, encoded: Encoded): void {
  const { batch, hidden, width } = encoded;
  expectWidth(head.dense, width, head.constructor.name);
  graph.name(head.parameters(), replacedTokenSpellings[0]!);
  const logits = graph.within("head", () => {
    const inner = activate(graph, nameOfActivation(head.activation), linear(graph, head.dense, hidden));
    return graph.node("Reshape", [linear(graph, head.prediction, inner), batch.shape]);
  });
  graph.output("logits", logits, [extents.batch, extents.length]);
}

/** [batch, labels] */
function overPooled(graph: Graph, head: LinearHead, { pooled, width }: Encoded): Value {
  const what = head.constructor.name;
  if (pooled === undefined) {
    const lack = "this encoder has no pooler: load one that has";
    throw new UnsupportedError(`${what} reads the pooled first token, and ${lack}`);
  }
  expectWidth(head.linear, width, what);
  return graph.within("head", () => linear(graph, head.linear, pooled));
}

/** [batch, length, labels] */
function overTokens(graph: Graph, head: LinearHead, { batch, hidden, width }: Encoded): Value {
  expectWidth(head.linear, width, head.constructor.name);
  const labels = head.linear.weight.shape[0]!;
  return graph.within("head", () => asRows(graph, batch, linear(graph, head.linear, hidden), labels));
}

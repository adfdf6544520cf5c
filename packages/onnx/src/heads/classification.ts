import type { Linear, Module } from "@bertkit/layers";
import { nameTable } from "@bertkit/layers";
import { UnsupportedError } from "@bertkit/tensor";
import { asRows, type Encoded } from "../encoded.js";
import type { Graph, Value } from "../graph/graph.js";
import { extents } from "../padded-batch.js";
import { linear } from "../parts/linear.js";
import { expectWidth } from "./expect-width.js";

/** A head that is one linear map. */
export type LinearHead = Module & { readonly linear: Linear };

/** Logits of each sequence from its pooled first token, the output `name`: [batch, labels]. `part` is Hugging Face's. */
export function sequenceLogits(graph: Graph, name: string, part: string, head: LinearHead, encoded: Encoded): void {
  const labels = head.linear.weight.shape[0]!;
  graph.output(name, overPooled(graph, part, head, encoded), [extents.batch, labels]);
}

/** A logit for each choice of each question, [batch, choices]. */
export function choiceLogits(graph: Graph, head: LinearHead, encoded: Encoded, questionShape: Value): void {
  const logits = graph.node("Reshape", [overPooled(graph, "classifier", head, encoded), questionShape]);
  graph.output("logits", logits, [extents.batch, extents.choices]);
}

/** Logits of each token, [batch, length, labels]. */
export function tokenLogits(graph: Graph, head: LinearHead, encoded: Encoded): void {
  const labels = head.linear.weight.shape[0]!;
  const logits = overTokens(graph, "classifier", head, encoded);
  graph.output("logits", logits, [extents.batch, extents.length, labels]);
}

/** How well each token would begin and end an answer, [batch, length] each. */
export function answerLogits(graph: Graph, head: LinearHead, encoded: Encoded): void {
  const logits = overTokens(graph, "qa_outputs", head, encoded);
  for (const [column, name] of ["start_logits", "end_logits"].entries()) {
    const own = graph.node("Gather", [logits, graph.integers(column)], { axis: 2 });
    graph.output(name, own, [extents.batch, extents.length]);
  }
}

/** [batch, labels] */
function overPooled(graph: Graph, part: string, head: LinearHead, { pooled, width }: Encoded): Value {
  const what = head.constructor.name;
  if (pooled === undefined) {
    const lack = "this encoder has no pooler: load one that has";
    throw new UnsupportedError(`${what} reads the pooled first token, and ${lack}`);
  }
  expectWidth(head.linear, width, what);
  graph.name(head, nameTable([["linear", part]]));
  return graph.within(part, () => linear(graph, head.linear, pooled));
}

/** [batch, length, labels] */
function overTokens(graph: Graph, part: string, head: LinearHead, { batch, hidden, width }: Encoded): Value {
  expectWidth(head.linear, width, head.constructor.name);
  graph.name(head, nameTable([["linear", part]]));
  const labels = head.linear.weight.shape[0]!;
  return graph.within(part, () => asRows(graph, batch, linear(graph, head.linear, hidden), labels));
}

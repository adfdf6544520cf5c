import type { List } from "../check-lists.js";
import { pearson } from "../correlation/pearson.js";
import { spearman } from "../correlation/spearman.js";
import { accuracy } from "./accuracy.js";
import { matthews } from "./matthews.js";
import { binaryF1 } from "./score-labels.js";

/** A score that one of GLUE's tasks is judged by. */
export type GlueMetric = "accuracy" | "f1" | "matthews" | "pearson" | "spearman";

/**
 * GLUE's scores by name (Wang et al., 2019, table 1), of class numbers or, for the correlations, of scores; F1 is that
 * of class 1. Each throws the MetricErrors of the function it names.
 */
export const glueMetrics: Readonly<Record<GlueMetric, (gold: List<number>, predicted: List<number>) => number>> = {
  accuracy,
  f1: (gold, predicted) => binaryF1(gold, predicted),
  matthews,
  pearson,
  spearman,
};

import type { Comparison } from "../encode/comparison.js";
import { targetOf } from "../encode/targets.js";
import type { KernelsResult } from "../kernels/kernels-result.js";
import type { MemoryResult } from "../memory/measure-memory.js";
import type { BenchResult } from "./results.js";

/** A picture, before it is drawn: numbers with names, and a title. */
export interface Plot {
  readonly program: BenchResult["program"];
  readonly node: string;
  readonly model: string;
  readonly title: string;
  readonly x: string;
  readonly points: readonly Point[];
}

export interface Point {
  /** The row, or the line, that it belongs to. */
  readonly series: string;
  readonly x: number;
  /** Of a line over x. */
  readonly y?: number;
  /** Where it stands beside others of its kind. */
  readonly panel: string;
  /** How far it spreads. */
  readonly range?: readonly [number, number];
  /** What it should reach. */
  readonly wanted?: number;
}

/** The name of a plot's file. */
export const plotName = ({ program, model, node }: Plot): string => `${program}-${model}-node-${node}.svg`;

/** One plot a result: speeds, rates, times and memory. */
export const plotsOf = (results: readonly BenchResult[]): Plot[] => results.map(plotOf);

function plotOf(result: BenchResult): Plot {
  const { program, model } = result;
  const node = result.machine.versions.node;
  const named = (title: string) => ({ program, node, model, title: `${title}: ${model}, Node ${node}` });
  switch (program) {
    case "encode":
      return {
        ...named("how many times as fast as others"),
        x: "their time ÷ ours",
        points: result.comparisons.map((comparison) => speedPoint(comparison, node)),
      };
    case "kernels":
      return { ...named("products by shape"), x: "GFLOP/s, in int8 GOP/s", points: ratePoints(result) };
    case "start":
      return {
        ...named("process start to first vector"),
        x: "ms",
        points: result.sides.map(({ name, precision, time }) => ({
          series: name,
          panel: precision,
          x: time.median,
          range: [time.p10, time.p90],
        })),
      };
    case "memory":
      return {
        ...named("memory above an empty Node, MB"),
        x: "texts encoded",
        points: memoryPoints(result),
      };
  }
}

function speedPoint(comparison: Comparison, node: string): Point {
  const { work, rival, arrangement, threads, precision, speed } = comparison;
  const target = targetOf(comparison, node);
  return {
    series: `${work}, ${threads} thr., ${rival}, ${arrangement}`,
    panel: precision,
    x: speed.median,
    range: [speed.p10, speed.p90],
    ...(target && { wanted: target.least }),
  };
}

const ratePoints = ({ threads }: KernelsResult): Point[] =>
  threads.flatMap(({ threads: count, products }) =>
    products.map(({ side, precision, rate }) => ({
      series: `${side} ${precision}`,
      panel: `${count} ${count === 1 ? "thread" : "threads"}`,
      x: rate.median,
    })),
  );

const memoryPoints = ({ sides, emptyBytes }: MemoryResult): Point[] =>
  sides.flatMap(({ name, precision, samples }) =>
    samples.map(({ texts, resident }) => ({
      series: `${name} ${precision}`,
      panel: "",
      x: texts,
      y: (resident - emptyBytes) / 1e6,
    })),
  );

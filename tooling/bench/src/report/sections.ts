import type { KernelsResult } from "../kernels/kernels-result.js";
import { forwardTable, forwardTitle, productTable } from "../kernels/show-kernels.js";
import type { MemoryResult } from "../memory/measure-memory.js";
import { memoryHead, memoryRows } from "../memory/show-memory.js";
import type { StartResult } from "../start/measure-start.js";
import { startTable } from "../start/show-start.js";
import { encodeSection } from "./encode-section.js";
import { machineSentence, markdownTable } from "./markdown.js";
import { plotName, plotsOf } from "./plots.js";
import type { BenchResult } from "./results.js";

/** The generated parts of docs/performance.md, by their names; a part without a result is left as it is. */
export function sectionsOf(results: readonly BenchResult[]): Map<string, string> {
  const of = <Program extends BenchResult["program"]>(program: Program) =>
    results.filter((result): result is Extract<BenchResult, { program: Program }> => result.program === program);
  const parts: readonly (readonly [BenchResult["program"], string])[] = [
    ["encode", encodeSection(of("encode"))],
    ["kernels", of("kernels").map(kernelsSection).join("\n\n")],
    ["start", of("start").map(startSection).join("\n\n")],
    ["memory", of("memory").map(memorySection).join("\n\n")],
  ];
  return new Map(
    parts
      .filter(([, text]) => text !== "")
      .map(([program, text]) => [program, [...plotLinks(program, results), text].join("\n\n")]),
  );
}

const plotLinks = (program: BenchResult["program"], results: readonly BenchResult[]): string[] =>
  plotsOf(results)
    .filter((plot) => plot.program === program)
    .map((plot) => `![${plot.title}](performance/${plotName(plot)})`);

const heading = ({ machine, model }: KernelsResult | StartResult | MemoryResult): string =>
  `### Node ${machine.versions.node}, ${model}\n\n${machineSentence(machine)}`;

const kernelsSection = (result: KernelsResult): string =>
  [
    heading(result),
    ...result.threads.flatMap((ofThreads) => [
      `Products on ${ofThreads.threads} ${ofThreads.threads === 1 ? "thread" : "threads"}, GFLOP/s (in int8 GOP/s):`,
      markdownTable(productTable(ofThreads)),
      ...ofThreads.forward.flatMap((times) => [
        `A forward pass of ${forwardTitle(result.model, times)}:`,
        markdownTable(forwardTable(times)),
      ]),
    ]),
  ].join("\n\n");

const startSection = (result: StartResult): string => [heading(result), markdownTable(startTable(result))].join("\n\n");

const memorySection = (result: MemoryResult): string =>
  [
    heading(result),
    `${result.texts.toLocaleString("en")} texts, ${result.threads} threads:`,
    markdownTable([memoryHead, ...memoryRows(result)]),
  ].join("\n\n");

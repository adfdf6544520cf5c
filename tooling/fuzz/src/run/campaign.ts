import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Parser } from "../parser.js";
import type { Outcome } from "./try-input.js";
import { watch } from "./watch.js";

/** How long a parser's inputs are tried, and which. */
export interface CampaignOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Told of every kind of problem once. */
  onFinding(finding: Finding): void;
}

/** An input that broke a promise. */
export interface Finding {
  readonly parser: Parser;
  readonly seed: number;
  readonly number: number;
  readonly problem: string;
}

/** What came of a parser's inputs. */
export interface CampaignResult {
  readonly cases: number;
  readonly seconds: number;
  readonly outcomes: ReadonlyMap<Outcome, number>;
  /** How many kinds of problems there were. */
  readonly findings: number;
}

const limits = { stillSeconds: 10, residentBytes: 600 * 2 ** 20 };
const child = new URL("./child.js", import.meta.url);

/** Tries a parser's inputs, from case 0 on, in a process of its own; one that breaks is followed by another. */
export async function runCampaign(parser: Parser, options: CampaignOptions): Promise<CampaignResult> {
  const { seed, onFinding } = options;
  const folder = await mkdtemp(join(tmpdir(), "bertkit-fuzz-"));
  const outcomes = new Map<Outcome, number>();
  const seen = new Set<string>();
  const find = (number: number, problem: string) => {
    const kind = kindOf(problem);
    if (!seen.has(kind)) onFinding({ parser, seed, number, problem });
    seen.add(kind);
  };
  const begin = performance.now();
  const end = begin + options.seconds * 1000;
  for (let from = 0; performance.now() < end; ) {
    const seconds = (end - performance.now()) / 1000;
    const order = { parser: parser.name, seed, from, seconds, progress: join(folder, "progress") };
    const ending = await watch(child, order, limits, (message) => {
      if (message.kind === "finding") find(message.number, message.problem);
      else for (const [outcome, cases] of message.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + cases);
    });
    if (ending.kind === "done") break;
    find(ending.number, ending.problem);
    if (Number.isNaN(ending.number)) break;
    from = ending.number + 1;
  }
  await rm(folder, { recursive: true });
  const cases = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  return { cases, seconds: (performance.now() - begin) / 1000, outcomes, findings: seen.size };
}

/** What tells one problem from another: its words and the place it comes from, without numbers. */
function kindOf(problem: string): string {
  return problem.split("\n").slice(0, 4).join("\n").replace(/\d+/g, "#");
}

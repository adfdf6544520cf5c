import { setTimeout } from "node:timers/promises";

/** One side of a comparison; `measure` runs it once. */
export interface Contender<Sample> {
  readonly name: string;
  measure(): Promise<Sample>;
}

export interface Rounds {
  /** Rounds that are run first and not counted. */
  readonly warmUp: number;
  readonly rounds: number;
  /** Rest before every run, in milliseconds: threads of another that spin while they wait for work sleep by then. */
  readonly pause?: number;
}

/** Who goes first changes every round: nobody always runs on the caches, the heat or the clock another left behind. */
export function orderOfRound<Item>(items: readonly Item[], round: number): readonly Item[] {
  return round % 2 === 0 ? items : [...items].reverse();
}

/** Every contender once a round, in one process and one stretch of time. Sample i of each comes from round i. */
export async function interleave<Sample>(
  contenders: readonly Contender<Sample>[],
  { warmUp, rounds, pause = 0 }: Rounds,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const contender of orderOfRound(contenders, round)) {
      if (pause > 0) await setTimeout(pause);
      const sample = await contender.measure();
      if (round >= warmUp) samples.get(contender.name)!.push(sample);
    }
  }
  return samples;
}

/** How long `run` takes, in milliseconds. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

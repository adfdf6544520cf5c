import { agreement, vectorsIn } from "../agreement.js";
import { type BertkitEncoder, openBertkitEncoder } from "../bertkit-encoder.js";
import { interleave, timed } from "../interleave.js";
import { modelName } from "../model-files.js";
import { type Precision, precisions } from "../precision.js";
import { type Comparison, timesOf } from "./comparison.js";
import type { EncodeConfiguration } from "./configuration.js";
import { idsFor, packed, type SentenceCase, sentenceCases, shortCase } from "./sentence-cases.js";

interface Ours extends BertkitEncoder {
  readonly name: string;
  readonly precision: Precision;
  readonly threads: number;
}

/** What a second thread brings, and what int8 brings: ours against ours, one and so many threads, both precisions. */
export async function compareOurselves(configuration: EncodeConfiguration): Promise<Comparison[]> {
  const sides: Ours[] = [];
  try {
    for (const precision of precisions) {
      for (const threads of new Set([1, configuration.threads])) {
        const encoder = await openBertkitEncoder(configuration.model, { precision, threads, wide: true });
        sides.push({ ...encoder, name: nameOf(precision, threads), precision, threads });
      }
    }
    const comparisons: Comparison[] = [];
    const asked = sentenceCases.filter(({ key }) => configuration.cases.includes(key));
    for (const sentenceCase of [shortCase, ...asked]) {
      comparisons.push(...(await compareCase(sentenceCase, sides, configuration)));
    }
    return comparisons;
  } finally {
    for (const side of sides) side[Symbol.dispose]();
  }
}

const nameOf = (precision: Precision, threads: number): string =>
  `${precision}, ${threads} ${threads === 1 ? "thread" : "threads"}`;

async function compareCase(
  { name: work, lengths }: SentenceCase,
  sides: readonly Ours[],
  configuration: EncodeConfiguration,
): Promise<Comparison[]> {
  const batch = packed(idsFor({ lengths }, sides[0]!.vocabulary));
  const vectors = new Map<string, Float32Array[]>();
  for (const { name, encode } of sides) vectors.set(name, vectorsIn(await encode(batch), lengths.length));
  const samples = await interleave(
    sides.map(({ name, encode }) => ({ name, measure: () => timed(() => encode(batch)) })),
    configuration,
  );
  const agreementOf = ({ name }: Ours) => agreement(vectors.get(name)!, vectors.get(sides[0]!.name)!);
  return pairsOf(sides).map(([ours, other]) => ({
    model: modelName(configuration.model),
    work,
    precision: ours.precision,
    threads: ours.threads,
    rival: "bertkit",
    arrangement: other.name,
    ...timesOf(samples.get(other.name)!, samples.get(ours.name)!),
    backend: ours.device,
    agreement: { ours: agreementOf(ours), rival: agreementOf(other) },
  }));
}

/** More threads against one in the same precision, int8 against float32 on as many threads. */
function pairsOf(sides: readonly Ours[]): (readonly [ours: Ours, other: Ours])[] {
  return sides.flatMap((ours) =>
    sides
      .filter(({ precision, threads }) =>
        precision === ours.precision
          ? threads === 1 && ours.threads > 1
          : precision === "float32" && threads === ours.threads,
      )
      .map((other) => [ours, other] as const),
  );
}

import { type Agreement, agreement, vectorsIn } from "../agreement.js";
import { type BertkitEncoder, openBertkitEncoder } from "../bertkit-encoder.js";
import { type Contender, interleave, timed } from "../interleave.js";
import { modelName, onnxFile } from "../model-files.js";
import { type OnnxEncoder, openOnnxEncoder } from "../rivals/onnx-encoder.js";
import { median } from "../statistics.js";
import { type Arrangement, betterArrangements, inOrder, onePaddedBatch } from "./arrangements.js";
import { type Comparison, timesOf } from "./comparison.js";
import { checkAgreement, type EncodeConfiguration } from "./configuration.js";
import { idsFor, packed, padded, type SentenceCase, sentenceCases } from "./sentence-cases.js";

interface Sides {
  readonly ours: BertkitEncoder;
  readonly reference: BertkitEncoder;
  readonly rival: OnnxEncoder;
}

/** Token ids to normalised vectors: ours on packed batches, one of ONNX Runtime's packages on padded ones. */
export async function compareIds(
  configuration: EncodeConfiguration & { readonly rival: "onnxruntime-node" | "onnxruntime-web" },
): Promise<Comparison[]> {
  const { model, rival, precision, threads, cases } = configuration;
  // WebAssembly against WebAssembly is of the same width: what an engine gives both without being asked.
  const wide = rival === "onnxruntime-node";
  using ours = await openBertkitEncoder(model, { precision, threads, wide });
  using reference = await openBertkitEncoder(model, { precision: "float32", threads: 1, wide });
  const sides = { ours, reference, rival: await openOnnxEncoder(rival, onnxFile(model, precision), threads) };
  const comparisons: Comparison[] = [];
  for (const sentenceCase of sentenceCases.filter(({ key }) => cases.includes(key))) {
    comparisons.push(...(await compareCase(sentenceCase, sides, configuration)));
  }
  return comparisons;
}

async function compareCase(
  { name, lengths }: SentenceCase,
  { ours, reference, rival }: Sides,
  configuration: EncodeConfiguration,
): Promise<Comparison[]> {
  const texts = idsFor({ lengths }, ours.vocabulary);
  // Each side is handed the ids in the form it takes them in.
  const batch = packed(texts);
  const arrangements = [onePaddedBatch(lengths), ...betterArrangements(lengths)].map((arrangement) =>
    arranged(arrangement, texts, rival),
  );
  const expected = vectorsIn(await reference.encode(batch), texts.length);
  const ourAgreement = agreement(vectorsIn(await ours.encode(batch), texts.length), expected);
  const agreements = new Map<string, Agreement>();
  for (const side of arrangements) {
    const theirs = agreement(await side.vectors(), expected);
    checkAgreement(`${name}, ${side.name}`, configuration.precision, theirs.difference);
    agreements.set(side.name, theirs);
  }
  const samples = await interleave(
    [{ name: "ours", measure: () => timed(() => ours.encode(batch)) }, ...arrangements],
    configuration,
  );
  const ourTimes = samples.get("ours")!;
  return withTheBest(arrangements.map((side) => [side.name, samples.get(side.name)!])).map(([arrangement, times]) => ({
    model: modelName(configuration.model),
    work: name,
    precision: configuration.precision,
    threads: configuration.threads,
    rival: configuration.rival,
    arrangement,
    ...timesOf(times, ourTimes),
    backend: ours.device,
    agreement: { ours: ourAgreement, rival: agreements.get(arrangement)! },
  }));
}

interface ArrangedRival extends Contender<number> {
  /** Of every text, in their order. */
  vectors(): Promise<Float32Array[]>;
}

function arranged(arrangement: Arrangement, texts: readonly Int32Array[], rival: OnnxEncoder): ArrangedRival {
  const batches = arrangement.batches.map((numbers) => padded(numbers.map((i) => texts[i]!)));
  const run = async (): Promise<Float32Array[]> => {
    const results: Float32Array[] = [];
    for (const batch of batches) results.push(await rival.encode(batch));
    return results;
  };
  return {
    name: arrangement.name,
    measure: () => timed(run),
    async vectors() {
      const results = await run();
      return inOrder(
        arrangement,
        results.map((flat, i) => vectorsIn(flat, batches[i]!.texts)),
      );
    },
  };
}

export type ArrangementTimes = readonly [arrangement: string, times: readonly number[]];

/** The first arrangement, which is what people do, and the fastest of the others. */
export function withTheBest([first, ...others]: readonly ArrangementTimes[]): ArrangementTimes[] {
  const best = [...others].sort(([, a], [, b]) => median(a) - median(b))[0];
  return best ? [first!, best] : [first!];
}

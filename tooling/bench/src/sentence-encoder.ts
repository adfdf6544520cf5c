import { type BertkitEncoder, openBertkitEncoder } from "./bertkit-encoder.js";
import { interleave, type Rounds, timed } from "./interleave.js";
import { largestDifference } from "./largest-difference.js";
import { describeMachine, type Machine, showMachine } from "./machine.js";
import { openOnnxEncoder } from "./onnx-encoder.js";
import { idsFor, packed, padded, type SentenceCase, sentenceCases } from "./sentence-cases.js";
import { type Summary, speedAgainst, summarize } from "./statistics.js";
import { showTable } from "./table.js";

export interface SentenceEncoderOptions extends Rounds {
  /** A model folder. */
  readonly model: string;
  /** The same model as ONNX. */
  readonly onnx: string;
  /** The rival's; ours has one. */
  readonly threads: number;
}

export interface SentenceEncoderResult {
  readonly machine: Machine;
  readonly options: SentenceEncoderOptions;
  readonly cases: readonly CaseResult[];
}

interface CaseResult extends SentenceCase {
  readonly tokens: number;
  /** Milliseconds. */
  readonly rival: Summary;
  readonly ours: readonly OurResult[];
}

interface OurResult {
  readonly name: string;
  /** The backend that it ran on. */
  readonly backend: string;
  /** Milliseconds. */
  readonly time: Summary;
  /** The rival's time over ours. */
  readonly speed: Summary;
  /** Between our vectors and the rival's, the largest of one element. */
  readonly difference: number;
}

// All sides are float32, the vectors' length is 1.
const largestDifferenceAllowed = 1e-5;

/** Token ids to normalised sentence vectors: ours on packed batches, onnxruntime-node on padded ones. */
export async function measureSentenceEncoder(options: SentenceEncoderOptions): Promise<SentenceEncoderResult> {
  const machine = describeMachine();
  const rival = await openOnnxEncoder(options.onnx, options.threads);
  const ours = await openOurs(options.model);
  const cases: CaseResult[] = [];
  for (const sentenceCase of sentenceCases) {
    const texts = idsFor(sentenceCase, ours[0]!.vocabulary);
    // Each side is handed the ids in the form it takes them in.
    const [ourBatch, rivalBatch] = [packed(texts), padded(texts)];
    const expected = await rival.encode(rivalBatch);
    const differences: number[] = [];
    for (const { encode, name } of ours) {
      const difference = largestDifference(expected, await encode(ourBatch));
      if (!(difference <= largestDifferenceAllowed)) {
        throw new Error(
          `${sentenceCase.name}: the vectors of ${name} differ from the rival's by ${difference}: is it the same model?`,
        );
      }
      differences.push(difference);
    }
    const samples = await interleave(
      [
        { name: "rival", measure: () => timed(() => rival.encode(rivalBatch)) },
        ...ours.map(({ name, encode }) => ({ name, measure: () => timed(() => encode(ourBatch)) })),
      ],
      options,
    );
    const rivalTimes = samples.get("rival")!;
    cases.push({
      ...sentenceCase,
      tokens: ourBatch.ids.length,
      rival: summarize(rivalTimes),
      ours: ours.map(({ name, device }, i) => ({
        name,
        backend: device,
        time: summarize(samples.get(name)!),
        speed: speedAgainst(rivalTimes, samples.get(name)!),
        difference: differences[i]!,
      })),
    });
  }
  return { machine, options, cases };
}

/** Ours as it comes and, where the engine can do it, in operations of 256 bits. */
async function openOurs(model: string): Promise<(BertkitEncoder & { readonly name: string })[]> {
  const plain = { ...(await openBertkitEncoder(model, { wide: false })), name: "bertkit" };
  const wide = { ...(await openBertkitEncoder(model, { wide: true })), name: "bertkit, wide" };
  return wide.device === plain.device ? [plain] : [plain, wide];
}

export function showSentenceEncoder({ machine, options, cases }: SentenceEncoderResult): string {
  const rows = cases.flatMap(({ name, tokens, rival, ours }) => {
    const times = ({ median, p10, p90 }: Summary) => [
      ...[median, p10, p90].map((time) => time.toFixed(2)),
      Math.round((1000 * tokens) / median).toString(),
    ];
    return [
      [name, "onnxruntime-node", ...times(rival), "", "", "", ""],
      ...ours.map((side) => [
        "",
        side.name,
        ...times(side.time),
        ...[side.speed.median, side.speed.p10, side.speed.p90].map((ratio) => ratio.toFixed(2)),
        side.difference.toExponential(1),
      ]),
    ];
  });
  const head = ["case", "", "median ms", "p10", "p90", "tokens/s", "speed", "p10", "p90", "difference"];
  const backends = cases[0]!.ours.map(({ name, backend }) => `${name}: ${backend}`).join("; ");
  return `${showMachine(machine)}
threads   bertkit 1 (${backends}), onnxruntime-node ${options.threads}
rounds    ${options.rounds}, interleaved, after ${options.warmUp} to warm up

${showTable([head, ...rows])}

Times from token ids to normalised vectors. Speed: onnxruntime-node's median time over bertkit's; p10 and p90 of it by
round. Tokens are the texts' own, without padding. Difference: the largest between bertkit's vectors and
onnxruntime-node's.`;
}

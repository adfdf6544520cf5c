import { openBertkitEncoder } from "./bertkit-encoder.js";
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
  /** The backend that ours ran on. */
  readonly backend: string;
  readonly cases: readonly CaseResult[];
}

interface CaseResult extends SentenceCase {
  readonly tokens: number;
  /** Times in milliseconds. */
  readonly rival: Summary;
  readonly ours: Summary;
  /** The rival's time over ours. */
  readonly speed: Summary;
  /** Between the two sides' vectors, the largest of one element. */
  readonly difference: number;
}

// Both sides are float32, the vectors' length is 1.
const largestDifferenceAllowed = 1e-5;

/** Token ids to normalised sentence vectors: ours on packed batches, onnxruntime-node on padded ones. */
export async function measureSentenceEncoder(options: SentenceEncoderOptions): Promise<SentenceEncoderResult> {
  const machine = describeMachine();
  const rival = await openOnnxEncoder(options.onnx, options.threads);
  const ours = await openBertkitEncoder(options.model);
  const cases: CaseResult[] = [];
  for (const sentenceCase of sentenceCases) {
    const texts = idsFor(sentenceCase, ours.vocabulary);
    // Each side is handed the ids in the form it takes them in.
    const [ourBatch, rivalBatch] = [packed(texts), padded(texts)];
    const difference = largestDifference(await rival.encode(rivalBatch), await ours.encode(ourBatch));
    if (!(difference <= largestDifferenceAllowed)) {
      throw new Error(`${sentenceCase.name}: the two sides' vectors differ by ${difference}: is it the same model?`);
    }
    const samples = await interleave(
      [
        { name: "rival", measure: () => timed(() => rival.encode(rivalBatch)) },
        { name: "ours", measure: () => timed(() => ours.encode(ourBatch)) },
      ],
      options,
    );
    const [rivalTimes, ourTimes] = [samples.get("rival")!, samples.get("ours")!];
    cases.push({
      ...sentenceCase,
      tokens: ourBatch.ids.length,
      rival: summarize(rivalTimes),
      ours: summarize(ourTimes),
      speed: speedAgainst(rivalTimes, ourTimes),
      difference,
    });
  }
  return { machine, options, backend: ours.device, cases };
}

export function showSentenceEncoder({ machine, options, backend, cases }: SentenceEncoderResult): string {
  const rows = cases.flatMap(({ name, tokens, rival, ours, speed, difference }) => {
    const times = ({ median, p10, p90 }: Summary) => [
      ...[median, p10, p90].map((time) => time.toFixed(2)),
      Math.round((1000 * tokens) / median).toString(),
    ];
    const speeds = [speed.median, speed.p10, speed.p90].map((ratio) => ratio.toFixed(2));
    return [
      [name, "onnxruntime-node", ...times(rival), "", "", "", ""],
      ["", "bertkit", ...times(ours), ...speeds, difference.toExponential(1)],
    ];
  });
  const head = ["case", "", "median ms", "p10", "p90", "tokens/s", "speed", "p10", "p90", "difference"];
  return `${showMachine(machine)}
threads   bertkit 1 (${backend}), onnxruntime-node ${options.threads}
rounds    ${options.rounds}, interleaved, after ${options.warmUp} to warm up

${showTable([head, ...rows])}

Times from token ids to normalised vectors. Speed: onnxruntime-node's median time over bertkit's; p10 and p90 of it by
round. Tokens are the texts' own, without padding. Difference: the largest between the two sides' vectors.`;
}

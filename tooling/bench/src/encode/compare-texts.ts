import { type Agreement, agreement } from "../agreement.js";
import { openBertkitTexts } from "../bertkit-encoder.js";
import { type Contender, interleave } from "../interleave.js";
import { modelName } from "../model-files.js";
import { openSentenceTransformers } from "../rivals/sentence-transformers.js";
import type { TextEncoder, TimedVectors } from "../rivals/text-encoder.js";
import { openTransformersJs } from "../rivals/transformers-js.js";
import { stsTexts } from "../sts-texts.js";
import { type Comparison, timesOf } from "./comparison.js";
import { checkAgreement, type EncodeConfiguration } from "./configuration.js";

type TextConfiguration = EncodeConfiguration & { readonly rival: "transformers.js" | "sentence-transformers" };

const batchSize = 32;

/**
 * Texts to vectors, 32 at a time, each side with its own tokenizer. A round is the next batch, so that as many rounds
 * as there are batches are one pass over the texts.
 * @returns nothing where the rival is absent
 */
export async function compareTexts(configuration: TextConfiguration): Promise<Comparison[]> {
  const { model, precision, threads, rival } = configuration;
  const theirs = await openRival(configuration);
  if (!theirs) return [];
  const ours = await openBertkitTexts(model, { precision, threads, wide: true });
  const batches = batchesOf(stsTexts());
  const samples = await interleave([contender(ours, batches), contender(theirs, batches)], configuration);
  const times = (side: TextEncoder): number[] => samples.get(side.name)!.map(({ time }) => time);
  const reference = await openBertkitTexts(model, { precision: "float32", threads: 1, wide: true });
  const expected = await vectorsOfRounds(reference, batches, configuration);
  const agreementOf = (side: TextEncoder): Agreement =>
    agreement(
      samples.get(side.name)!.flatMap(({ vectors }) => vectors),
      expected,
    );
  const agreements = { ours: agreementOf(ours), rival: agreementOf(theirs) };
  checkAgreement(`texts, ${rival}`, precision, agreements.rival.difference);
  for (const side of [ours, theirs, reference]) await side.close();
  return [
    {
      model: modelName(model),
      work: "texts",
      precision,
      threads,
      rival,
      arrangement: `batches of ${batchSize}`,
      ...timesOf(times(theirs), times(ours)),
      backend: ours.name,
      agreement: agreements,
    },
  ];
}

async function openRival(configuration: TextConfiguration): Promise<TextEncoder | undefined> {
  const { rival, model, precision, threads, python } = configuration;
  if (rival === "transformers.js") return openTransformersJs(model, precision, threads);
  // sentence-transformers on PyTorch has no int8 that comes without work of one's own.
  return precision === "float32" ? openSentenceTransformers(python, model, threads) : undefined;
}

/** Texts as they come, 32 at a time. */
export const batchesOf = (texts: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(texts.length / batchSize) }, (_, i) =>
    texts.slice(i * batchSize, (i + 1) * batchSize),
  );

type Batches = readonly (readonly string[])[];

/** Takes the next batch each time it runs. */
function contender(side: TextEncoder, batches: Batches): Contender<TimedVectors> {
  let round = 0;
  return { name: side.name, measure: () => side.encode(batches[round++ % batches.length]!) };
}

/** The vectors of the batches that the counted rounds had. */
async function vectorsOfRounds(
  side: TextEncoder,
  batches: Batches,
  { warmUp, rounds }: EncodeConfiguration,
): Promise<ArrayLike<number>[]> {
  const vectors: ArrayLike<number>[] = [];
  for (let round = warmUp; round < warmUp + rounds; round++) {
    vectors.push(...(await side.encode(batches[round % batches.length]!)).vectors);
  }
  return vectors;
}

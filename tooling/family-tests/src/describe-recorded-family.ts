import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import {
  type ConfiguredEncoder,
  type EncoderFamily,
  findHeadNames,
  findOutputWords,
  type HeadName,
  headArrays,
  headsIn,
  loadEncoder,
} from "@bertkit/encoder-family";
import {
  type Head,
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  QuestionAnswering,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { activationNamed, type PackedBatch } from "@bertkit/layers";
import { openReference, tidy } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { openRecordedModel, type RecordedModel } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { describeOnBackends, type OnBackend } from "./describe-on-backends.js";

/** A recorded encoder without a head. */
export interface RecordedEncoder {
  /** Of a folder in tooling/golden/family. */
  readonly recorded: string;
  /** How many blocks it runs. */
  readonly blocks: number;
  /** Whether it pools. */
  readonly pooled: boolean;
}

/** A head in a recorded model, whose answers were recorded too. */
export interface RecordedHead {
  readonly recorded: string;
  readonly head: HeadName;
  /** What its logits are recorded as; of several, element by element. */
  readonly outputs: readonly [string, ...string[]];
}

/** What was recorded of a family. */
export interface RecordedFamily {
  readonly encoders: readonly RecordedEncoder[];
  readonly heads: readonly RecordedHead[];
}

/**
 * The tests that every family passes: on three backends its recorded models have the hidden states, attention weights,
 * pooled vectors and logits of transformers, and every array of their files is the encoder's or a head's.
 */
export function describeRecordedFamily(family: EncoderFamily, { encoders, heads }: RecordedFamily): void {
  describeOnBackends(`transformers' ${family.name}`, (on) => {
    test.each(encoders)("$recorded: every hidden state, attention weight and pooled vector", (encoder) =>
      compareEncoder(family, encoder, on),
    );
    test.each(heads)("$recorded: every logit of $head", (head) => {
      const isAlone = heads.every((other) => other === head || other.recorded !== head.recorded);
      return compareHead(family, head, isAlone, on);
    });
  });
  describe("what a recorded file has besides the encoder is its heads'", () => {
    const backend = useBackend(() => openReference());

    test.each([...new Set([...encoders, ...heads].map(({ recorded }) => recorded))])("%s", async (name) => {
      await using recorded = await openRecordedModel(name, openCheckpoint);
      const { entries } = recorded.weights;
      const { architectures } = recorded.config as { readonly architectures: readonly string[] };
      const expected = heads.filter((head) => head.recorded === name).map(({ head }) => head);
      expect(headsIn(family, entries, architectures)).toEqual(expected);
      const ofHeads = headArrays(family, entries, { architectures, tiesWords: true }).sort();
      expect(findOutputWords(family, entries)).toBeUndefined();
      const config = family.configFromHuggingFace(recorded.config);
      const { encoder, unused } = await loadEncoder(family, recorded.weights, config, backend());
      using _encoder = encoder;
      expect([...unused].sort()).toEqual(ofHeads);
    });
  });
}

async function compareEncoder(
  family: EncoderFamily,
  { recorded: name, blocks, pooled: pools }: RecordedEncoder,
  { backend, expectWithin }: OnBackend,
): Promise<void> {
  await using recorded = await openRecordedModel(name, openCheckpoint);
  const config = family.configFromHuggingFace(recorded.config);
  const { encoder, unused } = await loadEncoder(family, recorded.weights, config, backend());
  using _encoder = encoder;
  expect(unused).toEqual([]);
  for (const prepared of [false, true]) {
    if (prepared) encoder.prepare();
    const { hidden, pooled, kept } = await numbersOf(encoder, recorded.batch);
    const { limitOf } = recorded;
    expectWithin(hidden!, await recorded.answers("last_hidden_state"), limitOf("last_hidden_state"));
    expect(pooled !== undefined).toBe(pools);
    if (pooled) expectWithin(pooled, await recorded.answers("pooler_output"), limitOf("pooler_output"));
    expect(kept).toHaveLength(blocks + 1 + blocks);
    for (const [i, values] of kept.entries()) {
      const [output, layer] = i <= blocks ? ["hidden_states", i] : (["attentions", i - blocks - 1] as const);
      const expected = await recorded.inside(output, layer);
      // What is recorded is of the first sequence, which lies first.
      expectWithin(values.subarray(0, expected.length), expected, limitOf(output));
    }
  }
}

/** What an encoder gives and, in a run of its own, what it keeps of every block. */
async function numbersOf(encoder: ConfiguredEncoder, batch: PackedBatch) {
  let pools = false;
  const tensors = tidy(() => {
    const { hidden, pooled } = encoder.forward(batch);
    const { layers, attention } = encoder.forward(batch, { layers: true, attention: "probabilities" });
    pools = pooled !== undefined;
    return [hidden, ...(pooled ? [pooled] : []), ...layers, ...attention];
  });
  const [hidden, ...others] = await Promise.all(tensors.map((tensor) => tensor.read()));
  for (const tensor of tensors) tensor.dispose();
  const pooled = pools ? others.shift() : undefined;
  return { hidden, pooled, kept: others };
}

/** @param isAlone whether the recorded file has this head and no other */
async function compareHead(
  family: EncoderFamily,
  { recorded: name, head: headName, outputs }: RecordedHead,
  isAlone: boolean,
  { backend, expectWithin }: OnBackend,
): Promise<void> {
  await using recorded: RecordedModel<CheckpointSource> = await openRecordedModel(name, openCheckpoint);
  const { batch, weights } = recorded;
  const config = family.configFromHuggingFace(recorded.config);
  const { encoder, unused } = await loadEncoder(family, weights, config, backend(), { head: headName });
  using _encoder = encoder;
  using head = headOn(encoder, family, headName);
  const own = await head.load(weights, backend(), { names: findHeadNames(family, headName, weights.entries)! });
  // Nothing in the file belongs to neither.
  if (isAlone) expect(unused.filter((array) => own.unused.includes(array))).toEqual([]);
  using logits = tidy(() => head.forward(encoder.forward(batch)));
  expectWithin(await logits.read(), await recorded.answers(...outputs), recorded.limitOf(outputs[0]));
}

/** What the recorded classifiers have. */
const labels = ["LABEL_0", "LABEL_1", "LABEL_2"];

function headOn(
  { config, embeddings }: ConfiguredEncoder,
  family: EncoderFamily,
  name: HeadName,
): Head<never, unknown> {
  const { width } = config;
  const activation = activationNamed(family.languageActivation ?? config.activation);
  const makers: Readonly<Record<HeadName, () => Head<never, unknown>>> = {
    maskedLanguage: () => new MaskedLanguage({ ...config, activation, words: embeddings.word }),
    nextSentence: () => new NextSentence({ width }),
    sequenceClassification: () => new SequenceClassification({ width, labels }),
    tokenClassification: () => new TokenClassification({ width, labels }),
    questionAnswering: () => new QuestionAnswering({ width }),
    multipleChoice: () => new MultipleChoice({ width, choices: 4 }),
  };
  return makers[name]();
}

import { openCheckpoint } from "@bertkit/checkpoint";
import { findHeadNames, type HeadName, headArrays, headsIn, loadEncoder } from "@bertkit/encoder-family";
import {
  type Head,
  MaskedLanguage,
  NextSentence,
  QuestionAnswering,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { activationNamed } from "@bertkit/layers";
import { openReference, tidy } from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { openRecordedModel } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import type { Albert } from "./albert.js";
import { albertFamily } from "./albert-family.js";

const labels = ["LABEL_0", "LABEL_1", "LABEL_2"];

const languageHead = ({ config, embeddings: { word: words } }: Albert): Head<never, unknown> =>
  new MaskedLanguage({ ...config, activation: activationNamed(config.activation), words });

const heads: readonly {
  readonly recorded: string;
  readonly head: HeadName;
  readonly outputs: readonly [string, ...string[]];
  make(encoder: Albert): Head<never, unknown>;
}[] = [
  { recorded: "masked-lm", head: "maskedLanguage", outputs: ["logits"], make: languageHead },
  { recorded: "pretraining", head: "maskedLanguage", outputs: ["prediction_logits"], make: languageHead },
  {
    recorded: "pretraining",
    head: "nextSentence",
    outputs: ["sop_logits"],
    make: ({ config }) => new NextSentence(config),
  },
  {
    recorded: "sequence",
    head: "sequenceClassification",
    outputs: ["logits"],
    make: ({ config: { width } }) => new SequenceClassification({ width, labels }),
  },
  {
    recorded: "token",
    head: "tokenClassification",
    outputs: ["logits"],
    make: ({ config: { width } }) => new TokenClassification({ width, labels }),
  },
  {
    recorded: "qa",
    head: "questionAnswering",
    outputs: ["start_logits", "end_logits"],
    make: ({ config }) => new QuestionAnswering(config),
  },
];

// Sums of a few hundred doubles in another order. The weights are the same float32 numbers.
const double = 1e-12;

const backends = {
  "reference, float64": { open: () => openReference({ precision: "float64" }), limit: double },
  reference: { open: () => openReference(), limit: undefined },
  wasm: { open: () => openWasm(), limit: undefined },
};

describe.each(Object.entries(backends))("transformers' ALBERT on the backend %s", (_, { open, limit }) => {
  const backend = useBackend(open);
  const expectWithin = (actual: ArrayLike<number>, expected: ArrayLike<number>, otherwise: number): void =>
    expect(largestDifference(actual, expected)).toBeLessThanOrEqual(limit ?? otherwise);

  test.each([
    ["albert", 3],
    ["albert-groups", 6],
  ])("%s: every hidden state, attention weight and pooled vector", async (name, blocks) => {
    await using recorded = await openRecordedModel(name, openCheckpoint);
    const { batch, limitOf } = recorded;
    const config = albertFamily.configFromHuggingFace(recorded.config);
    const { encoder, unused } = await loadEncoder(albertFamily, recorded.weights, config, backend());
    using _encoder = encoder;
    expect(unused).toEqual([]);
    for (const prepared of [false, true]) {
      if (prepared) encoder.prepare();
      const tensors = tidy(() => {
        const plain = encoder.forward(batch);
        const { layers, attention } = encoder.forward(batch, { layers: true, attention: "probabilities" });
        return [plain.hidden, plain.pooled!, ...layers, ...attention];
      });
      const [hidden, pooled, ...kept] = await Promise.all(tensors.map((tensor) => tensor.read()));
      for (const tensor of tensors) tensor.dispose();
      for (const [output, values] of Object.entries({ last_hidden_state: hidden!, pooler_output: pooled! })) {
        expectWithin(values, await recorded.answers(output), limitOf(output));
      }
      expect(kept).toHaveLength(blocks + 1 + blocks);
      for (const [i, values] of kept.entries()) {
        const [output, layer] = i <= blocks ? ["hidden_states", i] : (["attentions", i - blocks - 1] as const);
        const expected = await recorded.inside(output, layer);
        // What is recorded is of the first sequence, which lies first.
        expectWithin(values.subarray(0, expected.length), expected, limitOf(output));
      }
    }
  });

  test.each(heads)(
    "albert-$recorded: every logit of $head",
    async ({ recorded: name, head: headName, outputs, make }) => {
      await using recorded = await openRecordedModel(`albert-${name}`, openCheckpoint);
      const { batch, weights } = recorded;
      const config = albertFamily.configFromHuggingFace(recorded.config);
      const { encoder } = await loadEncoder(albertFamily, weights, config, backend(), { head: headName });
      using _encoder = encoder;
      using head = make(encoder);
      await head.load(weights, backend(), { names: findHeadNames(albertFamily, headName, weights.entries)! });
      using logits = tidy(() => head.forward(encoder.forward(batch)));
      expectWithin(await logits.read(), await recorded.answers(...outputs), recorded.limitOf(outputs[0]));
    },
  );
});

describe("what a recorded file has besides the encoder is its heads'", () => {
  const backend = useBackend(() => openReference());

  test.each([
    ["albert", []],
    ["albert-masked-lm", ["maskedLanguage"]],
    ["albert-pretraining", ["maskedLanguage", "nextSentence"]],
    ["albert-sequence", ["sequenceClassification"]],
    ["albert-token", ["tokenClassification"]],
    ["albert-qa", ["questionAnswering"]],
  ])("%s", async (name, expected) => {
    await using recorded = await openRecordedModel(name, openCheckpoint);
    const { entries } = recorded.weights;
    const statements = { architectures: architecturesOf(recorded), tiesWords: true };
    expect(headsIn(albertFamily, entries, statements.architectures)).toEqual(expected);
    const config = albertFamily.configFromHuggingFace(recorded.config);
    const { encoder, unused } = await loadEncoder(albertFamily, recorded.weights, config, backend());
    using _encoder = encoder;
    expect([...unused].sort()).toEqual(headArrays(albertFamily, entries, statements).sort());
  });
});

const architecturesOf = ({ config }: { readonly config: unknown }): readonly string[] =>
  (config as { readonly architectures: readonly string[] }).architectures;

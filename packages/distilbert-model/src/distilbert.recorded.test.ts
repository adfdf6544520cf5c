import { openCheckpoint } from "@bertkit/checkpoint";
import { findHeadNames, findOutputWords, type HeadName, headArrays, loadEncoder } from "@bertkit/encoder-family";
import {
  type Head,
  MaskedLanguage,
  MultipleChoice,
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
import type { DistilBert } from "./distilbert.js";
import { distilBertFamily } from "./distilbert-family.js";

const labels = ["LABEL_0", "LABEL_1", "LABEL_2"];

const heads: readonly {
  readonly recorded: string;
  readonly head: HeadName;
  readonly outputs: readonly [string, ...string[]];
  make(encoder: DistilBert): Head<never, unknown>;
}[] = [
  {
    recorded: "masked-lm",
    head: "maskedLanguage",
    outputs: ["logits"],
    make: ({ config, embeddings: { word: words } }) =>
      new MaskedLanguage({ ...config, activation: activationNamed(config.activation), words }),
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
  {
    recorded: "multiple-choice",
    head: "multipleChoice",
    outputs: ["logits"],
    make: ({ config: { width } }) => new MultipleChoice({ width, choices: 4 }),
  },
];

// Sums of a few hundred doubles in another order. The weights are the same float32 numbers.
const double = 1e-12;

const backends = {
  "reference, float64": { open: () => openReference({ precision: "float64" }), limit: double },
  reference: { open: () => openReference(), limit: undefined },
  wasm: { open: () => openWasm(), limit: undefined },
};

describe.each(Object.entries(backends))("transformers' DistilBERT on the backend %s", (_, { open, limit }) => {
  const backend = useBackend(open);
  const expectWithin = (actual: ArrayLike<number>, expected: ArrayLike<number>, otherwise: number): void =>
    expect(largestDifference(actual, expected)).toBeLessThanOrEqual(limit ?? otherwise);

  test.each(["distilbert", "distilbert-sinusoidal"])("%s: every hidden state and attention weight", async (name) => {
    await using recorded = await openRecordedModel(name, openCheckpoint);
    const { batch, limitOf } = recorded;
    const config = distilBertFamily.configFromHuggingFace(recorded.config);
    const { encoder, unused } = await loadEncoder(distilBertFamily, recorded.weights, config, backend());
    using _encoder = encoder;
    expect([unused, encoder.pooler]).toEqual([[], undefined]);
    for (const prepared of [false, true]) {
      if (prepared) encoder.prepare();
      using hidden = tidy(() => encoder.forward(batch).hidden);
      const last = await recorded.answers("last_hidden_state");
      expectWithin(await hidden.read(), last, limitOf("last_hidden_state"));
      const kept = tidy(() => {
        const { layers, attention } = encoder.forward(batch, { layers: true, attention: "probabilities" });
        return [...layers, ...attention];
      });
      const values = await Promise.all(kept.map((tensor) => tensor.read()));
      for (const tensor of kept) tensor.dispose();
      expect(values).toHaveLength(config.layers + 1 + config.layers);
      for (const [i, value] of values.entries()) {
        const [output, layer] =
          i <= config.layers ? ["hidden_states", i] : (["attentions", i - config.layers - 1] as const);
        const expected = await recorded.inside(output, layer);
        // What is recorded is of the first sequence, which lies first.
        expectWithin(value.subarray(0, expected.length), expected, limitOf(output));
      }
    }
  });

  test.each(heads)("distilbert-$recorded: every logit", async ({ recorded: name, head: headName, outputs, make }) => {
    await using recorded = await openRecordedModel(`distilbert-${name}`, openCheckpoint);
    const { batch, weights } = recorded;
    const config = distilBertFamily.configFromHuggingFace(recorded.config);
    const { encoder, unused } = await loadEncoder(distilBertFamily, weights, config, backend(), { head: headName });
    using _encoder = encoder;
    using head = make(encoder);
    const own = await head.load(weights, backend(), {
      names: findHeadNames(distilBertFamily, headName, weights.entries)!,
    });
    // Nothing in the file belongs to neither.
    expect(unused.filter((array) => own.unused.includes(array))).toEqual([]);
    using logits = tidy(() => head.forward(encoder.forward(batch)));
    expectWithin(await logits.read(), await recorded.answers(...outputs), recorded.limitOf(outputs[0]));
  });
});

test.each(heads)("what the file of distilbert-$recorded has of a head is told", async ({ recorded: name, head }) => {
  await using recorded = await openRecordedModel(`distilbert-${name}`, openCheckpoint);
  const { weights } = recorded;
  const config = recorded.config as { readonly architectures: readonly string[] };
  const statements = { architectures: config.architectures, tiesWords: true };
  const others = [...weights.entries.keys()].filter((array) => !array.startsWith("distilbert."));
  expect(headArrays(distilBertFamily, weights.entries, statements).sort()).toEqual(others.sort());
  expect(findOutputWords(distilBertFamily, weights.entries)).toBeUndefined();
  expect(distilBertFamily.heads[head]).toBeDefined();
});

import { openCheckpoint } from "@bertkit/checkpoint";
import { findHeadNames, findOutputWords, type HeadName, headArrays, loadEncoder } from "@bertkit/encoder-family";
import {
  type Head,
  MaskedLanguage,
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
import type { Electra } from "./electra.js";
import { electraFamily } from "./electra-family.js";
import { findReplacedTokenNames, ReplacedTokenDetection } from "./replaced-token-detection.js";

const labels = ["LABEL_0", "LABEL_1", "LABEL_2"];

const heads: readonly {
  readonly recorded: string;
  readonly head: HeadName;
  readonly outputs: readonly [string, ...string[]];
  make(encoder: Electra): Head<never, unknown>;
}[] = [
  {
    recorded: "masked-lm",
    head: "maskedLanguage",
    outputs: ["logits"],
    make: ({ config, embeddings: { word: words } }) =>
      new MaskedLanguage({ ...config, activation: activationNamed(electraFamily.languageActivation!), words }),
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

describe.each(Object.entries(backends))("transformers' ELECTRA on the backend %s", (_, { open, limit }) => {
  const backend = useBackend(open);
  const expectWithin = (actual: ArrayLike<number>, expected: ArrayLike<number>, otherwise: number): void =>
    expect(largestDifference(actual, expected)).toBeLessThanOrEqual(limit ?? otherwise);

  test.each(["electra", "electra-equal-widths"])("%s: every hidden state and attention weight", async (name) => {
    await using recorded = await openRecordedModel(name, openCheckpoint);
    const { batch, limitOf } = recorded;
    const config = electraFamily.configFromHuggingFace(recorded.config);
    const { encoder, unused } = await loadEncoder(electraFamily, recorded.weights, config, backend());
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

  test.each(heads)("electra-$recorded: every logit", async ({ recorded: name, head: headName, outputs, make }) => {
    await using recorded = await openRecordedModel(`electra-${name}`, openCheckpoint);
    const { batch, weights } = recorded;
    const config = electraFamily.configFromHuggingFace(recorded.config);
    const { encoder, unused } = await loadEncoder(electraFamily, weights, config, backend(), { head: headName });
    using _encoder = encoder;
    using head = make(encoder);
    const own = await head.load(weights, backend(), {
      names: findHeadNames(electraFamily, headName, weights.entries)!,
    });
    // Nothing in the file belongs to neither.
    expect(unused.filter((array) => own.unused.includes(array))).toEqual([]);
    using logits = tidy(() => head.forward(encoder.forward(batch)));
    expectWithin(await logits.read(), await recorded.answers(...outputs), recorded.limitOf(outputs[0]));
  });

  test("electra-discriminator: every logit", async () => {
    await using recorded = await openRecordedModel("electra-discriminator", openCheckpoint);
    const { batch, weights } = recorded;
    const config = electraFamily.configFromHuggingFace(recorded.config);
    const { encoder, unused } = await loadEncoder(electraFamily, weights, config, backend());
    using _encoder = encoder;
    using head: Head<Int32Array, Float32Array> & ReplacedTokenDetection = new ReplacedTokenDetection({
      width: config.width,
      activation: activationNamed(config.activation),
    });
    const own = await head.load(weights, backend(), { names: findReplacedTokenNames(weights.entries)! });
    expect(unused.filter((array) => own.unused.includes(array))).toEqual([]);
    using logits = tidy(() => head.forward(encoder.forward(batch)));
    expectWithin(await logits.read(), await recorded.answers("logits"), recorded.limitOf("logits"));
  });
});

test.each(heads)("what the file of electra-$recorded has of a head is told", async ({ recorded: name, head }) => {
  await using recorded = await openRecordedModel(`electra-${name}`, openCheckpoint);
  const { weights } = recorded;
  const config = recorded.config as { readonly architectures: readonly string[] };
  const statements = { architectures: config.architectures, tiesWords: true };
  const others = [...weights.entries.keys()].filter((array) => !array.startsWith("electra."));
  expect(headArrays(electraFamily, weights.entries, statements).sort()).toEqual(others.sort());
  expect(findOutputWords(electraFamily, weights.entries)).toBeUndefined();
  expect(electraFamily.heads[head]).toBeDefined();
});

import { openCheckpoint } from "@bertkit/checkpoint";
import { loadEncoder } from "@bertkit/encoder-family";
import type { Head } from "@bertkit/heads";
import { activationNamed } from "@bertkit/layers";
import { tidy } from "@bertkit/tensor";
import { describeOnBackends, describeRecordedFamily } from "@bertkit-tooling/family-tests";
import { openRecordedModel } from "@bertkit-tooling/test-data";
import { expect, test } from "@jest/globals";
import { electraFamily } from "./electra-family.js";
import { findReplacedTokenNames, ReplacedTokenDetection } from "./replaced-token-detection.js";

describeRecordedFamily(electraFamily, {
  encoders: [
    { recorded: "electra", blocks: 2, pooled: false },
    { recorded: "electra-equal-widths", blocks: 2, pooled: false },
  ],
  heads: [
    { recorded: "electra-masked-lm", head: "maskedLanguage", outputs: ["logits"] },
    { recorded: "electra-sequence", head: "sequenceClassification", outputs: ["logits"] },
    { recorded: "electra-token", head: "tokenClassification", outputs: ["logits"] },
    { recorded: "electra-qa", head: "questionAnswering", outputs: ["start_logits", "end_logits"] },
  ],
});

describeOnBackends("transformers' discriminator", ({ backend, expectWithin }) => {
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

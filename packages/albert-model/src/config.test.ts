import { activationNames, ConfigError } from "@bertkit/layers";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Albert } from "./albert.js";
import { type AlbertConfig, albertConfig, albertConfigFromHuggingFace, albertXxlarge } from "./config.js";

/** All that is wrong, as the error lists it. */
function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("albertConfig", () => {
  test("gives ALBERT-xxlarge, changed where asked", () => {
    expect(albertConfig()).toEqual(albertXxlarge);
    expect(albertConfig({ layers: 0, pooler: false })).toEqual({ ...albertXxlarge, layers: 0, pooler: false });
  });

  test("lists all that is wrong at once", () => {
    const fields = { embeddingWidth: 0, groups: 1.5, blocksPerLayer: "2", activation: "prelu" };
    expect(problemsOf(() => albertConfig(fields as unknown as Partial<AlbertConfig>))).toEqual([
      "embeddingWidth must be a whole number from 1 to 16777216, got 0",
      "groups must be a whole number from 1 to 16777216, got 1.5",
      'blocksPerLayer must be a whole number from 1 to 16777216, got "2"',
      `activation "prelu" is not known (known: ${activationNames.join(", ")})`,
    ]);
    expect(problemsOf(() => albertConfig({ heads: 7 }))).toEqual(["7 heads do not divide a width of 4096"]);
  });

  test("refuses more blocks than memory is for, however they come about", () => {
    expect(problemsOf(() => albertConfig({ groups: 2 ** 24, blocksPerLayer: 600, layers: 2 }))).toEqual([
      "layers · blocksPerLayer must be 1024 at most, got 2 · 600",
      "groups · blocksPerLayer must be 1024 at most, got 16777216 · 600",
    ]);
    expect(problemsOf(() => albertConfig({ groups: 1024, layers: 1024 }))).toEqual([]);
  });
});

describe("a Hugging Face config.json", () => {
  test("what it leaves out, or has as null, is as in transformers: ALBERT-xxlarge", () => {
    expect(albertConfigFromHuggingFace({})).toEqual(albertXxlarge);
    const nulls = { vocab_size: null, embedding_size: null, position_embedding_type: null, model_type: null };
    expect(albertConfigFromHuggingFace(nulls)).toEqual(albertXxlarge);
  });

  test("every field arrives", () => {
    const json = {
      model_type: "albert",
      vocab_size: 131,
      embedding_size: 24,
      hidden_size: 48,
      num_hidden_layers: 6,
      num_hidden_groups: 3,
      inner_group_num: 2,
      num_attention_heads: 4,
      intermediate_size: 96,
      hidden_act: "gelu",
      max_position_embeddings: 40,
      type_vocab_size: 5,
      hidden_dropout_prob: 0.2,
      attention_probs_dropout_prob: 0.3,
      initializer_range: 0.5,
      layer_norm_eps: 1e-5,
      position_embedding_type: "absolute",
      classifier_dropout_prob: 0.1,
      gap_size: 0,
    };
    expect(albertConfigFromHuggingFace(json)).toEqual({
      vocabulary: 131,
      embeddingWidth: 24,
      width: 48,
      layers: 6,
      groups: 3,
      blocksPerLayer: 2,
      heads: 4,
      innerWidth: 96,
      activation: "gelu",
      maxPositions: 40,
      typeVocabulary: 5,
      hiddenDropout: 0.2,
      attentionDropout: 0.3,
      initializerDeviation: 0.5,
      epsilon: 1e-5,
      pooler: true,
    });
  });

  test("every wrong kind of value is listed at once, and what another model would be", () => {
    const json = {
      embedding_size: "128",
      num_hidden_groups: [1],
      model_type: "bert",
      position_embedding_type: "relative_key",
    };
    expect(problemsOf(() => albertConfigFromHuggingFace(json))).toEqual([
      'embedding_size must be a number, got "128"',
      "num_hidden_groups must be a number, got a list",
      'model_type is "bert"; this package reads "albert"',
      'position_embedding_type is "relative_key"; supported is "absolute"',
    ]);
  });

  test("no JSON crashes it: a configuration that an ALBERT can be made of, or a ConfigError", () => {
    const keys = [
      ...["vocab_size", "embedding_size", "hidden_size", "num_hidden_layers", "num_hidden_groups", "inner_group_num"],
      ...["num_attention_heads", "intermediate_size", "hidden_act", "layer_norm_eps", "model_type", "toString"],
    ];
    const key = fc.constantFrom(...keys);
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.integer({ min: -1, max: 40 }), fc.constant(1e999));
    const json = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(key, value),
      fc.dictionary(key, fc.integer({ min: 1, max: 4 })),
    );
    let made = 0;
    fc.assert(
      fc.property(json, (candidate) => {
        let config: AlbertConfig;
        try {
          config = albertConfigFromHuggingFace(candidate);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        made++;
        expect(new Albert(config).blocks).toHaveLength(config.layers * config.blocksPerLayer);
      }),
      { numRuns: 300 },
    );
    expect(made).toBeGreaterThan(0);
  });
});

import { activationNames, ConfigError } from "@bertkit/layers";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type RobertaConfig, robertaBase, robertaConfig, robertaConfigFromHuggingFace } from "./config.js";
import { Roberta } from "./roberta.js";

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

describe("robertaConfig", () => {
  test("gives transformers' defaults, changed where asked", () => {
    expect(robertaConfig()).toEqual(robertaBase);
    expect(robertaConfig({ layers: 0, pooler: false })).toEqual({ ...robertaBase, layers: 0, pooler: false });
  });

  test("lists all that is wrong at once", () => {
    const fields = { typeVocabulary: 0, positionOffset: 0.5, activation: "prelu", causal: 1 };
    expect(problemsOf(() => robertaConfig(fields as unknown as Partial<RobertaConfig>))).toEqual([
      "typeVocabulary must be a whole number from 1 to 16777216, got 0",
      "positionOffset must be a whole number from 1 to 16777216, got 0.5",
      `activation "prelu" is not known (known: ${activationNames.join(", ")})`,
      "causal must be true or false, got 1",
    ]);
  });
});

describe("a Hugging Face config.json", () => {
  test("what it leaves out, or has as null, is as in transformers", () => {
    expect(robertaConfigFromHuggingFace({})).toEqual(robertaBase);
    expect(robertaConfigFromHuggingFace({ vocab_size: null, pad_token_id: null, model_type: null })).toEqual(
      robertaBase,
    );
  });

  test.each(["xlm-roberta", "camembert"])("of %s has that model's vocabulary where it says none", (type) => {
    expect(robertaConfigFromHuggingFace({ model_type: type })).toEqual({ ...robertaBase, vocabulary: 30522 });
    expect(robertaConfigFromHuggingFace({ model_type: type, vocab_size: 9 }).vocabulary).toBe(9);
  });

  test("every field arrives, as of XLM-RoBERTa's own", () => {
    const json = {
      model_type: "xlm-roberta",
      vocab_size: 250002,
      hidden_size: 48,
      num_hidden_layers: 3,
      num_attention_heads: 4,
      intermediate_size: 96,
      hidden_act: "gelu_new",
      max_position_embeddings: 514,
      pad_token_id: 1,
      type_vocab_size: 1,
      is_decoder: true,
      hidden_dropout_prob: 0.2,
      attention_probs_dropout_prob: 0.3,
      initializer_range: 0.5,
      layer_norm_eps: 1e-5,
      position_embedding_type: "absolute",
      use_cache: true,
    };
    expect(robertaConfigFromHuggingFace(json)).toEqual({
      vocabulary: 250002,
      width: 48,
      layers: 3,
      heads: 4,
      innerWidth: 96,
      activation: "gelu_new",
      maxPositions: 512,
      positionOffset: 2,
      typeVocabulary: 1,
      causal: true,
      hiddenDropout: 0.2,
      attentionDropout: 0.3,
      initializerDeviation: 0.5,
      epsilon: 1e-5,
      pooler: true,
    });
  });

  test("the padding id says how many rows of the position table are no position", () => {
    const { maxPositions, positionOffset } = robertaConfigFromHuggingFace({
      pad_token_id: 4,
      max_position_embeddings: 20,
    });
    expect([maxPositions, positionOffset]).toEqual([15, 5]);
    expect(problemsOf(() => robertaConfigFromHuggingFace({ pad_token_id: 4, max_position_embeddings: 5 }))).toEqual([
      "max_position_embeddings must be more than 5, for the first position comes after that of pad_token_id, got 5",
    ]);
    expect(problemsOf(() => robertaConfigFromHuggingFace({ pad_token_id: -1 }))).toEqual([
      "positionOffset must be a whole number from 1 to 16777216, got 0",
    ]);
  });

  test("every wrong kind of value is listed at once, and what another model would be", () => {
    const json = {
      hidden_size: [768],
      pad_token_id: "1",
      model_type: "bert",
      position_embedding_type: "relative_key",
      add_cross_attention: true,
    };
    expect(problemsOf(() => robertaConfigFromHuggingFace(json))).toEqual([
      "hidden_size must be a number, got a list",
      'pad_token_id must be a number, got "1"',
      'model_type is "bert"; this package reads "roberta", "xlm-roberta", "camembert"',
      'position_embedding_type is "relative_key"; supported is "absolute"',
      "add_cross_attention is true; supported is false",
    ]);
  });

  test("no JSON crashes it: a configuration that a RoBERTa can be made of, or a ConfigError", () => {
    const keys = [
      ...["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act"],
      ...["max_position_embeddings", "pad_token_id", "type_vocab_size", "is_decoder", "model_type", "toString"],
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
        let config: RobertaConfig;
        try {
          config = robertaConfigFromHuggingFace(candidate);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        made++;
        expect(new Roberta(config).blocks).toHaveLength(config.layers);
      }),
      { numRuns: 300 },
    );
    expect(made).toBeGreaterThan(0);
  });
});

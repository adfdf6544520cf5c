import { activationNames, ConfigError } from "@bertkit/layers";
import { describe, expect, test } from "@jest/globals";
import { type ElectraConfig, electraConfig, electraConfigFromHuggingFace, electraSmall } from "./config.js";

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

describe("electraConfig", () => {
  test("gives ELECTRA-small, changed where asked", () => {
    expect(electraConfig()).toEqual(electraSmall);
    expect(electraConfig({ layers: 3 })).toEqual({ ...electraSmall, layers: 3 });
  });

  test("lists all that is wrong at once", () => {
    const fields = { vocabulary: 0, width: 770, activation: "prelu", embeddingWidth: 0, typeVocabulary: 1.5 };
    expect(problemsOf(() => electraConfig(fields as unknown as Partial<ElectraConfig>))).toEqual([
      "vocabulary must be a whole number from 1 to 16777216, got 0",
      "typeVocabulary must be a whole number from 1 to 16777216, got 1.5",
      "embeddingWidth must be a whole number from 1 to 16777216, got 0",
      `activation "prelu" is not known (known: ${activationNames.join(", ")})`,
    ]);
    expect(problemsOf(() => electraConfig({ width: 770 }))).toEqual(["4 heads do not divide a width of 770"]);
  });
});

describe("electraConfigFromHuggingFace", () => {
  test("what a config.json leaves out is as in transformers", () => {
    expect(electraConfigFromHuggingFace({})).toEqual(electraSmall);
    const said = { model_type: "electra", embedding_size: null, position_embedding_type: "absolute" };
    expect(electraConfigFromHuggingFace(said)).toEqual(electraSmall);
  });

  test("reads every field", () => {
    const json = {
      ...{ vocab_size: 100, hidden_size: 8, num_hidden_layers: 3, num_attention_heads: 2, intermediate_size: 20 },
      ...{ hidden_act: "relu", max_position_embeddings: 40, type_vocab_size: 3, embedding_size: 6 },
      ...{ hidden_dropout_prob: 0.3, attention_probs_dropout_prob: 0.2, initializer_range: 0.5, layer_norm_eps: 1e-6 },
      ...{ summary_last_dropout: 0.1, is_decoder: false },
    };
    const expected: ElectraConfig = {
      ...{ vocabulary: 100, width: 8, layers: 3, heads: 2, innerWidth: 20, activation: "relu", maxPositions: 40 },
      ...{ typeVocabulary: 3, embeddingWidth: 6, hiddenDropout: 0.3, attentionDropout: 0.2 },
      ...{ initializerDeviation: 0.5, epsilon: 1e-6, pooler: true },
    };
    expect(electraConfigFromHuggingFace(json)).toEqual(expected);
  });

  test("lists all that is wrong at once, also that it is another model's", () => {
    const json = {
      ...{ model_type: "bert", hidden_size: "8", position_embedding_type: "relative_key" },
      ...{ is_decoder: true, add_cross_attention: true },
    };
    expect(problemsOf(() => electraConfigFromHuggingFace(json))).toEqual([
      'hidden_size must be a number, got "8"',
      'model_type is "bert"; supported is "electra"',
      'position_embedding_type is "relative_key"; supported is "absolute"',
      "is_decoder is true; supported is false",
      "add_cross_attention is true; supported is false",
    ]);
  });

  test("how a sequence is summed up matters to multiple choice alone", () => {
    const json = { summary_type: "mean", summary_use_proj: false, summary_activation: "tanh" };
    expect(electraConfigFromHuggingFace(json)).toEqual(electraSmall);
    const choice = { ...json, architectures: ["ElectraForMultipleChoice"] };
    expect(problemsOf(() => electraConfigFromHuggingFace(choice))).toEqual([
      'summary_type is "mean"; supported is "first"',
      "summary_use_proj is false; supported is true",
      'summary_activation is "tanh"; supported is "gelu"',
    ]);
  });

  test.each([null, "electra", [1]])("refuses %j, which is no object", (json) => {
    expect(() => electraConfigFromHuggingFace(json)).toThrow(ConfigError);
  });
});

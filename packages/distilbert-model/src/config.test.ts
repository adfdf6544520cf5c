import { activationNames, ConfigError } from "@bertkit/layers";
import { describe, expect, test } from "@jest/globals";
import { type DistilBertConfig, distilBertBase, distilBertConfig, distilBertConfigFromHuggingFace } from "./config.js";

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

describe("distilBertConfig", () => {
  test("gives DistilBERT-base, changed where asked", () => {
    expect(distilBertConfig()).toEqual(distilBertBase);
    expect(distilBertConfig({ layers: 3 })).toEqual({ ...distilBertBase, layers: 3 });
  });

  test("lists all that is wrong at once", () => {
    const fields = { vocabulary: 0, width: 770, activation: "prelu", positions: "relative" };
    expect(problemsOf(() => distilBertConfig(fields as unknown as Partial<DistilBertConfig>))).toEqual([
      "vocabulary must be a whole number from 1 to 16777216, got 0",
      `activation "prelu" is not known (known: ${activationNames.join(", ")})`,
      'positions must be "learned" or "sinusoidal", got "relative"',
    ]);
    expect(problemsOf(() => distilBertConfig({ width: 770 }))).toEqual(["12 heads do not divide a width of 770"]);
  });
});

describe("distilBertConfigFromHuggingFace", () => {
  test("what a config.json leaves out is as in transformers", () => {
    expect(distilBertConfigFromHuggingFace({})).toEqual(distilBertBase);
    expect(distilBertConfigFromHuggingFace({ model_type: "distilbert", sinusoidal_pos_embds: null })).toEqual(
      distilBertBase,
    );
  });

  test("reads every field", () => {
    const json = {
      ...{ vocab_size: 100, dim: 8, n_layers: 3, n_heads: 2, hidden_dim: 20, activation: "relu" },
      ...{ max_position_embeddings: 40, dropout: 0.3, attention_dropout: 0.2, initializer_range: 0.5 },
      ...{ sinusoidal_pos_embds: true, qa_dropout: 0.1, tie_weights_: true },
    };
    const expected: DistilBertConfig = {
      ...{ vocabulary: 100, width: 8, layers: 3, heads: 2, innerWidth: 20, activation: "relu", maxPositions: 40 },
      ...{ hiddenDropout: 0.3, attentionDropout: 0.2, initializerDeviation: 0.5, epsilon: 1e-12 },
      ...{ positions: "sinusoidal", pooler: true },
    };
    expect(distilBertConfigFromHuggingFace(json)).toEqual(expected);
  });

  test("knows the common names of what has two in transformers", () => {
    const json = { hidden_size: 8, num_hidden_layers: 3, num_attention_heads: 2 };
    expect(distilBertConfigFromHuggingFace(json)).toMatchObject({ width: 8, layers: 3, heads: 2 });
  });

  test("lists all that is wrong at once, also that it is another model's", () => {
    const json = { model_type: "bert", dim: "8", sinusoidal_pos_embds: "yes" };
    expect(problemsOf(() => distilBertConfigFromHuggingFace(json))).toEqual([
      'dim must be a number, got "8"',
      'model_type is "bert"; this package reads "distilbert"',
      'sinusoidal_pos_embds must be true or false, got "yes"',
    ]);
    expect(problemsOf(() => distilBertConfigFromHuggingFace({ n_layers: 1e6 }))).toEqual([
      "layers must be a whole number from 0 to 1024, got 1000000",
    ]);
  });

  test.each([null, "distilbert", [1]])("refuses %j, which is no object", (json) => {
    expect(() => distilBertConfigFromHuggingFace(json)).toThrow(ConfigError);
  });
});

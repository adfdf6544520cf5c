import { readFileSync } from "node:fs";
import { activationNames, ConfigError } from "@bertkit/layers";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Bert } from "../bert.js";
import { type BertConfig, bertBase, bertConfig } from "./bert-config.js";
import { bertConfigFromGoogle, bertConfigToGoogle } from "./google.js";
import { bertConfigFromHuggingFace, bertConfigToHuggingFace } from "./hugging-face.js";

const readers = { HuggingFace: bertConfigFromHuggingFace, Google: bertConfigFromGoogle };

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

describe("bertConfig", () => {
  test("gives BERT-base, changed where asked", () => {
    expect(bertConfig()).toEqual(bertBase);
    expect(bertConfig({ layers: 0, pooler: false })).toEqual({ ...bertBase, layers: 0, pooler: false });
  });

  test("lists all that is wrong at once", () => {
    const fields = {
      vocabulary: 0,
      width: 1.5,
      layers: 1025,
      heads: Number.NaN,
      maxPositions: 2 ** 24 + 1,
      hiddenDropout: 1,
      attentionDropout: -0.1,
      epsilon: Number.POSITIVE_INFINITY,
      initializerDeviation: "0.02",
      activation: "prelu",
      positions: "relative_key",
      causal: 1,
      pooler: null,
    };
    expect(problemsOf(() => bertConfig(fields as unknown as Partial<BertConfig>))).toEqual([
      "vocabulary must be a whole number from 1 to 16777216, got 0",
      "width must be a whole number from 1 to 16777216, got 1.5",
      "layers must be a whole number from 0 to 1024, got 1025",
      "heads must be a whole number from 1 to 16777216, got NaN",
      "maxPositions must be a whole number from 1 to 16777216, got 16777217",
      "hiddenDropout must be a number from 0 up to 1, got 1",
      "attentionDropout must be a number from 0 up to 1, got -0.1",
      'initializerDeviation must be a number, 0 or more, got "0.02"',
      "epsilon must be a number, 0 or more, got Infinity",
      `activation "prelu" is not known (known: ${activationNames.join(", ")})`,
      "pooler must be true or false, got null",
      'positions must be "learned" or "sinusoidal", got "relative_key"',
      "causal must be true or false, got 1",
    ]);
    expect(problemsOf(() => bertConfig({ heads: 7 }))).toEqual(["7 heads do not divide a width of 768"]);
  });
});

describe("a Hugging Face config.json", () => {
  test("what it leaves out, or has as null, is as in transformers: BERT-base", () => {
    expect(bertConfigFromHuggingFace({})).toEqual(bertBase);
    const nulls = { vocab_size: null, hidden_act: null, position_embedding_type: null, model_type: null };
    expect(bertConfigFromHuggingFace(nulls)).toEqual(bertBase);
  });

  test("every field arrives", () => {
    const json = {
      vocab_size: 131,
      hidden_size: 48,
      num_hidden_layers: 3,
      num_attention_heads: 4,
      intermediate_size: 96,
      hidden_act: "gelu_new",
      max_position_embeddings: 40,
      type_vocab_size: 5,
      is_decoder: true,
      hidden_dropout_prob: 0.2,
      attention_probs_dropout_prob: 0.3,
      initializer_range: 0.5,
      layer_norm_eps: 1e-5,
      position_embedding_type: "absolute",
      model_type: "bert",
      use_cache: true,
      id2label: { 0: "a" },
    };
    expect(bertConfigFromHuggingFace(json)).toEqual({
      vocabulary: 131,
      width: 48,
      layers: 3,
      heads: 4,
      innerWidth: 96,
      activation: "gelu_new",
      maxPositions: 40,
      typeVocabulary: 5,
      positions: "learned",
      causal: true,
      hiddenDropout: 0.2,
      attentionDropout: 0.3,
      initializerDeviation: 0.5,
      epsilon: 1e-5,
      pooler: true,
    });
  });

  test("every wrong kind of value is listed at once, and what another model would be", () => {
    const json = {
      vocab_size: "30522",
      hidden_size: [768],
      is_decoder: 1,
      hidden_act: { name: "gelu" },
      layer_norm_eps: true,
      model_type: "roberta",
      position_embedding_type: "relative_key_query",
      add_cross_attention: true,
    };
    expect(problemsOf(() => bertConfigFromHuggingFace(json))).toEqual([
      'vocab_size must be a number, got "30522"',
      "hidden_size must be a number, got a list",
      "is_decoder must be a boolean, got 1",
      "hidden_act must be a string, got an object",
      "layer_norm_eps must be a number, got true",
      'model_type is "roberta"; this package reads "bert"',
      'position_embedding_type is "relative_key_query"; supported is "absolute"',
      "add_cross_attention is true; supported is false",
    ]);
    expect(problemsOf(() => bertConfigFromHuggingFace({ hidden_size: 10, num_attention_heads: 3 }))).toEqual([
      "3 heads do not divide a width of 10",
    ]);
  });

  test("every activation's name is taken, no other", () => {
    for (const name of activationNames) expect(bertConfigFromHuggingFace({ hidden_act: name }).activation).toBe(name);
    for (const name of ["prelu", "toString", "__proto__"]) {
      expect(() => bertConfigFromHuggingFace({ hidden_act: name })).toThrow(ConfigError);
    }
  });
});

describe("a Google bert_config.json", () => {
  test("has Google's defaults: 16 token types, and gelu is the tanh approximation", () => {
    const expected = { ...bertBase, vocabulary: 99, typeVocabulary: 16, activation: "gelu_new" };
    expect(bertConfigFromGoogle({ vocab_size: 99 })).toEqual(expected);
    expect(bertConfigFromGoogle({ vocab_size: 99, hidden_act: "gelu", type_vocab_size: null })).toEqual(expected);
    expect(bertConfigFromGoogle({ vocab_size: 99, hidden_act: null }).activation).toBe("linear");
    for (const activation of ["linear", "relu", "tanh"]) {
      expect(bertConfigFromGoogle({ vocab_size: 99, hidden_act: activation }).activation).toBe(activation);
    }
  });

  test("without a vocabulary's size is an error, listed with the others", () => {
    expect(problemsOf(() => bertConfigFromGoogle({ hidden_size: "768" }))).toEqual([
      'hidden_size must be a number, got "768"',
      "vocab_size is missing",
    ]);
  });

  test("has no field for LayerNorm's epsilon or a decoder", () => {
    expect(bertConfigFromGoogle({ vocab_size: 9, layer_norm_eps: 1, is_decoder: true })).toMatchObject({
      epsilon: 1e-12,
      causal: false,
    });
  });
});

describe("a configuration that is written", () => {
  const config = bertConfig({ vocabulary: 99, width: 48, heads: 4, typeVocabulary: 3, maxPositions: 7, layers: 2 });

  test("as Hugging Face's comes back", () => {
    const changed = { ...config, activation: "relu", causal: true, epsilon: 1e-5, hiddenDropout: 0 };
    expect(bertConfigFromHuggingFace(bertConfigToHuggingFace(changed))).toEqual(changed);
    expect(bertConfigToHuggingFace(config)).toMatchObject({ model_type: "bert", hidden_size: 48, type_vocab_size: 3 });
  });

  test("as Google's comes back, with the tanh gelu under Google's name for it", () => {
    const written = bertConfigToGoogle({ ...config, activation: "gelu_new" });
    expect(written).toMatchObject({ json: { hidden_act: "gelu", vocab_size: 99 }, differences: [] });
    expect(bertConfigFromGoogle(written.json)).toEqual({ ...config, activation: "gelu_new" });
    expect(bertConfigFromGoogle(bertConfigToGoogle({ ...config, activation: "relu" }).json).activation).toBe("relu");
  });

  test("as Google's says what Google's code does otherwise", () => {
    const { json, differences } = bertConfigToGoogle({ ...config, epsilon: 1e-5 });
    expect(json).toMatchObject({ hidden_act: "gelu" });
    expect(differences).toEqual([
      "gelu is exact here; Google's code takes its tanh form, up to 5e-4 away in each activation",
      "LayerNorm's epsilon is 0.00001 here; Google's code has 1e-12",
    ]);
  });

  test("is refused as Google's where its code has no such thing, with all that is wrong", () => {
    const strange: BertConfig = { ...config, activation: "silu", causal: true, positions: "sinusoidal" };
    expect(problemsOf(() => bertConfigToGoogle(strange))).toEqual([
      'its activation is "silu"',
      "it is a decoder, whose tokens see only those before them",
      "its positions are fixed waves",
    ]);
  });
});

describe.each(Object.entries(readers))("hostile JSON, %s", (_, read) => {
  test.each(["null", "[]", "1", '"bert"', "true"])("%s is no configuration", (text) => {
    expect(() => read(JSON.parse(text))).toThrow(ConfigError);
  });

  test("keys that objects inherit are keys like any other", () => {
    const keys = `"__proto__": {"vocab_size": 5, "hidden_size": "x"}, "constructor": 1, "toString": null, "hasOwnProperty": 1`;
    const config = read(JSON.parse(`{${keys}, "vocab_size": 7}`));
    expect(config).toEqual(read({ vocab_size: 7 }));
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
  });

  test("endless nesting and long texts stay out of the message", () => {
    const deep = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    expect(() => read(deep)).toThrow(ConfigError);
    const json = { vocab_size: deep, hidden_act: "x".repeat(1e6), model_type: deep, position_embedding_type: deep };
    expect(problemsOf(() => read(json)).join().length).toBeLessThan(1000);
  });

  test("no JSON crashes it: a configuration that a BERT can be made of, or a ConfigError", () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.integer({ min: -1, max: 40 }),
      fc.constantFrom("gelu", 1e999),
    );
    const keys = [
      ...["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "hidden_act"],
      ...["max_position_embeddings", "type_vocab_size", "hidden_dropout_prob", "attention_probs_dropout_prob"],
      ...["initializer_range", "layer_norm_eps", "is_decoder", "position_embedding_type", "model_type", "toString"],
    ];
    const json = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...keys), value),
      fc.dictionary(fc.constantFrom(...keys), fc.integer({ min: 1, max: 4 })),
    );
    let made = 0;
    fc.assert(
      fc.property(json, (candidate) => {
        let config: BertConfig;
        try {
          config = read(candidate);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          return;
        }
        made++;
        expect(new Bert(config).blocks).toHaveLength(config.layers);
      }),
      { numRuns: 500 },
    );
    expect(made).toBeGreaterThan(0);
  });
});

const realFiles = [
  ["HuggingFace", "checkpoints/all-MiniLM-L6-v2/config.json", { width: 384, layers: 6, heads: 12, innerWidth: 1536 }],
  ["HuggingFace", "checkpoints/pytorch-bin-tiny/config.json", { width: 20, layers: 1, heads: 1, vocabulary: 250 }],
  [
    "HuggingFace",
    "goldens/encoder/gelu_new/config.json",
    { activation: "gelu_new", hiddenDropout: 0, maxPositions: 48 },
  ],
  ["HuggingFace", "goldens/formats/safetensors/config.json", { width: 48, layers: 2, vocabulary: 131, causal: false }],
  ["HuggingFace", "goldens/heads/causal_lm/config.json", { causal: true }],
  [
    "Google",
    "checkpoints/tf-checkpoint-tiny/bert_config.json",
    { width: 4, vocabulary: 15, typeVocabulary: 2, activation: "gelu_new" },
  ],
  ["Google", "goldens/formats/tf-1-shard/bert_config.json", { width: 48, layers: 2, activation: "gelu_new" }],
] as const;

for (const [kind, file, expected] of realFiles) {
  describeWithData(file, `the configuration of ${file}`, () => {
    test("is read", () => {
      expect(readers[kind](JSON.parse(readFileSync(dataPath(file), "utf8")))).toMatchObject(expected);
    });
  });
}

describeWithData("goldens/layers/gpt2/config.json", "GPT-2's configuration", () => {
  test("describes no BERT", () => {
    const json = JSON.parse(readFileSync(dataPath("goldens/layers/gpt2/config.json"), "utf8"));
    expect(() => bertConfigFromHuggingFace(json)).toThrow('model_type is "gpt2"; this package reads "bert"');
  });
});

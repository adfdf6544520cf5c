import { existsSync, readFileSync } from "node:fs";
import { ConfigError } from "@bertkit/layers";
import { gelu, identity, relu, sigmoid, silu, tanh } from "@bertkit/tensor";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { poolingModes, readSentenceModules, type SentenceModules } from "./index.js";

const old = (kind: string) => `sentence_transformers.models.${kind}`;
const entries = (...kinds: string[]) =>
  kinds.map((kind, i) => ({ idx: i, name: String(i), path: i === 0 ? "" : `${i}_${kind}`, type: old(kind) }));

/** Reads a folder that holds these files. */
const reading = (files: Record<string, unknown>): Promise<SentenceModules> =>
  readSentenceModules(async (path) => (Object.hasOwn(files, path) ? files[path] : undefined));

/** A Transformer and a Pooling with this configuration. */
const pooling = (config: unknown) =>
  reading({ "modules.json": entries("Transformer", "Pooling"), "1_Pooling/config.json": config });

const dense = (config: unknown) =>
  reading({
    "modules.json": entries("Transformer", "Pooling", "Dense"),
    "1_Pooling/config.json": { pooling_mode: "mean" },
    "2_Dense/config.json": config,
  });

/** The file that is wrong and all that is wrong in it. */
async function problemsOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.catch((reason: unknown) => reason);
  if (error instanceof ConfigError) return error.message;
  throw error;
}

describe("modules.json", () => {
  test("the old layout, with the encoder in a folder of its own", async () => {
    const modules = entries("Transformer", "Pooling", "Normalize");
    modules[0]!.path = "0_Transformer";
    const files = { "modules.json": modules, "1_Pooling/config.json": { pooling_mode_cls_token: true } };
    expect(await reading(files)).toEqual({
      encoderFolder: "0_Transformer",
      poolings: ["cls"],
      includePrompt: true,
      stages: ["normalize"],
    });
  });

  test("a module without a folder has its config.json beside modules.json", async () => {
    const modules = entries("Transformer", "Pooling");
    modules[1]!.path = "";
    expect(await reading({ "modules.json": modules, "config.json": { pooling_mode: "max" } })).toMatchObject({
      poolings: ["max"],
    });
  });

  test("every module that is not known is listed", async () => {
    const modules = [
      ...entries("Transformer", "Pooling", "CNN"),
      { type: "my_models.Dense", path: "3" },
      { type: "sentence_transformers", path: "4" },
      { type: old("Dense") },
      7,
    ];
    const known = "(known: Transformer, Pooling, Dense, Normalize)";
    expect(await problemsOf(reading({ "modules.json": modules }))).toBe(
      [
        `modules.json: a module of type "sentence_transformers.models.CNN" is not known ${known}`,
        `a module of type "my_models.Dense" is not known ${known}`,
        `a module of type "sentence_transformers" is not known ${known}`,
        "the path of a Dense must be a string, got undefined",
        `a module of type undefined is not known ${known}`,
      ].join("; "),
    );
  });

  test.each([
    [undefined, "modules.json: it must be a list of modules"],
    [{}, "modules.json: it must be a list of modules"],
    [[], "modules.json: a Transformer and then a Pooling must come first, got nothing"],
    [
      entries("Pooling", "Transformer"),
      "modules.json: a Transformer and then a Pooling must come first, got Pooling, Transformer",
    ],
    [
      entries("Transformer", "Normalize"),
      "modules.json: a Transformer and then a Pooling must come first, got Transformer, Normalize",
    ],
    [entries("Transformer", "Pooling", "Pooling"), "modules.json: a second Pooling is not supported"],
    [entries("Transformer", "Pooling", "Dense", "Transformer"), "modules.json: a second Transformer is not supported"],
  ])("%j is refused", async (json, message) => {
    expect(await problemsOf(reading({ "modules.json": json }))).toBe(message);
  });
});

describe("a Pooling's config.json", () => {
  test.each([
    [{ pooling_mode: "lasttoken" }, ["lasttoken"]],
    [{ pooling_mode: ["max", "cls"] }, ["max", "cls"]],
    [{ pooling_mode: "max", pooling_mode_cls_token: true }, ["max"]],
    [{ pooling_mode_mean_tokens: true, pooling_mode_cls_token: true, pooling_mode_max_tokens: false }, ["cls", "mean"]],
    [{ pooling_mode_lasttoken: true, pooling_mode_weightedmean_tokens: true }, ["weightedmean", "lasttoken"]],
    [{ pooling_mode_mean_sqrt_len_tokens: true, word_embedding_dimension: 384 }, ["mean_sqrt_len_tokens"]],
    [{ pooling_mode_max_tokens: true }, ["max"]],
    [{ pooling_mode_cls_token: false }, ["mean"]],
    [{}, ["mean"]],
  ])("%j names %j", async (config, poolings) => {
    expect(await pooling(config)).toEqual({ encoderFolder: "", poolings, includePrompt: true, stages: [] });
  });

  test("a prompt takes part unless it says otherwise", async () => {
    expect(await pooling({ include_prompt: false })).toMatchObject({ includePrompt: false });
    expect(await pooling({ include_prompt: true })).toMatchObject({ includePrompt: true });
  });

  test.each([
    [undefined, "1_Pooling/config.json: there is none, so the pooling is unknown"],
    [
      { pooling_mode: "median" },
      `1_Pooling/config.json: pooling "median" is not known (known: ${poolingModes.join(", ")})`,
    ],
    [{ pooling_mode: [] }, "1_Pooling/config.json: pooling_mode names no pooling"],
    [{ pooling_mode_median: true }, '1_Pooling/config.json: "pooling_mode_median" is not known'],
    [
      { pooling_mode: ["mean", null, "toString"], include_prompt: "no" },
      `1_Pooling/config.json: pooling null is not known (known: ${poolingModes.join(", ")}); ` +
        `pooling "toString" is not known (known: ${poolingModes.join(", ")}); include_prompt must be true or false, got "no"`,
    ],
    [{ pooling_mode_cls_token: 1 }, "1_Pooling/config.json: pooling_mode_cls_token must be true or false, got 1"],
  ])("%j is refused", async (config, message) => {
    expect(await problemsOf(pooling(config))).toBe(message);
  });
});

describe("a Dense's config.json", () => {
  const size = { in_features: 4, out_features: 2 };

  test.each([
    ["torch.nn.modules.linear.Identity", identity],
    ["torch.nn.modules.activation.Tanh", tanh],
    ["torch.nn.modules.activation.ReLU", relu],
    ["torch.nn.modules.activation.GELU", gelu],
    ["torch.nn.modules.activation.SiLU", silu],
    ["torch.nn.modules.activation.Sigmoid", sigmoid],
    ["torch.nn.Tanh", tanh],
    [undefined, tanh],
  ])("the activation %s", async (name, activation) => {
    const { stages } = await dense({ ...size, bias: false, ...(name && { activation_function: name }) });
    expect(stages).toEqual([{ inputs: 4, outputs: 2, bias: false, activation, residual: false, folder: "2_Dense" }]);
  });

  test("has a bias and no residual unless it says otherwise", async () => {
    expect((await dense(size)).stages[0]).toMatchObject({ bias: true, residual: false });
    expect((await dense({ ...size, use_residual: true })).stages[0]).toMatchObject({ residual: true });
  });

  test("all that is wrong is listed", async () => {
    const config = {
      in_features: "4",
      bias: 1,
      use_residual: null,
      activation_function: "my_code.Tanh",
      module_input_name: "token_embeddings",
    };
    expect(await problemsOf(dense(config))).toBe(
      "2_Dense/config.json: " +
        'module_input_name is "token_embeddings"; supported is "sentence_embedding"; ' +
        'in_features must be a whole number above 0, got "4"; ' +
        "out_features must be a whole number above 0, got undefined; " +
        "bias must be true or false, got 1; " +
        "use_residual must be true or false, got null; " +
        'activation "my_code.Tanh" is not known (known: Identity, Tanh, ReLU, GELU, SiLU, Sigmoid, of torch.nn)',
    );
    expect(await problemsOf(dense(undefined))).toMatch(/in_features .* out_features/);
    expect(await problemsOf(dense({ ...size, in_features: 2 ** 24 + 1 }))).toMatch("in_features must be");
  });
});

test("a Normalize of token vectors is refused", async () => {
  const files = {
    "modules.json": entries("Transformer", "Pooling", "Normalize"),
    "1_Pooling/config.json": {},
    "2_Normalize/config.json": { module_input_name: "token_embeddings" },
  };
  expect(await problemsOf(reading(files))).toBe(
    '2_Normalize/config.json: module_input_name is "token_embeddings"; supported is "sentence_embedding"',
  );
});

describe("hostile JSON", () => {
  test("objects that cannot be shown, keys that objects inherit, endless nesting", async () => {
    const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
    const odd: unknown = JSON.parse('{"toString": 5, "valueOf": 6, "__proto__": {"pooling_mode": "max"}}');
    for (const value of [deep, odd, "x".repeat(1e6)]) {
      expect((await problemsOf(reading({ "modules.json": [{ type: value, path: value }] }))).length).toBeLessThan(300);
      expect((await problemsOf(pooling({ pooling_mode: value }))).length).toBeLessThan(300);
      expect((await problemsOf(dense({ in_features: value, activation_function: value }))).length).toBeLessThan(500);
    }
    expect(await pooling(odd)).toMatchObject({ poolings: ["mean"] });
  });

  test("no JSON crashes it: modules that a head can be made of, or a ConfigError", async () => {
    const module = fc.record({
      type: fc.oneof(fc.constantFrom(...["Transformer", "Pooling", "Dense", "Normalize"].map(old)), fc.jsonValue()),
      path: fc.oneof(fc.constantFrom("", "1", "__proto__"), fc.jsonValue()),
    });
    const keys = ["pooling_mode", "pooling_mode_cls_token", "include_prompt", "in_features", "out_features", "bias"];
    const value = fc.oneof(
      fc.jsonValue(),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      fc.constantFrom(...poolingModes),
    );
    const config = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...keys), value), fc.constant(undefined));
    const start = entries("Transformer", "Pooling");
    const list = fc.oneof(
      fc.jsonValue(),
      fc.array(module),
      fc.array(module).map((others) => [...start, ...others]),
    );
    let made = 0;
    await fc.assert(
      fc.asyncProperty(list, fc.array(config, { minLength: 1 }), async (modules, configs) => {
        let at = 0;
        try {
          const read = await readSentenceModules(async (path) =>
            path === "modules.json" ? modules : configs[at++ % configs.length],
          );
          expect(read.poolings.length).toBeGreaterThan(0);
          made++;
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 500 },
    );
    expect(made).toBeGreaterThan(0);
  });
});

const normalised = { encoderFolder: "", includePrompt: true, stages: ["normalize"] };
const realFolders: readonly (readonly [string, object])[] = [
  ["checkpoints/all-MiniLM-L6-v2", { ...normalised, poolings: ["mean"] }],
  ["goldens/pooling/mean_normalize", { ...normalised, poolings: ["mean"] }],
  ["goldens/pooling/max", { ...normalised, poolings: ["max"], stages: [] }],
  [
    "goldens/pooling/cls_dense_normalize",
    {
      ...normalised,
      poolings: ["cls"],
      stages: [
        { inputs: 48, outputs: 16, bias: true, activation: tanh, residual: false, folder: "2_Dense" },
        "normalize",
      ],
    },
  ],
];

for (const [folder, expected] of realFolders) {
  describeWithData(folder, `the modules of ${folder}`, () => {
    test("are read", async () => {
      const read = async (path: string): Promise<unknown> => {
        const file = dataPath(folder, path);
        return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
      };
      expect(await readSentenceModules(read)).toEqual(expected);
    });
  });
}

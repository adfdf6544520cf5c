import { Embedding, type EncoderOutput, Linear, Module, nameTable } from "@bertkit/layers";
import { UnsupportedError } from "@bertkit/tensor";
import { expect, test } from "@jest/globals";
import type { EncoderConfig } from "./config/encoder-config.js";
import type { ConfiguredEncoder, EncoderFamily } from "./encoder-family.js";
import { encoderFile } from "./encoder-file.js";

const config: EncoderConfig = {
  ...{ vocabulary: 3, width: 2, layers: 0, heads: 1, innerWidth: 1, maxPositions: 1, activation: "gelu" },
  ...{ hiddenDropout: 0, attentionDropout: 0, initializerDeviation: 0.02, epsilon: 1e-12, pooler: true },
};

class Table extends Module {
  readonly word = new Embedding(3, 2);
}

class Words extends Module implements ConfiguredEncoder {
  readonly embeddings = new Table();
  readonly pooler: Linear | undefined;
  readonly #config: EncoderConfig;

  constructor(own: EncoderConfig) {
    super();
    this.pooler = own.pooler ? new Linear(2, 2) : undefined;
    this.#config = own;
  }

  get config(): EncoderConfig {
    return this.#config;
  }

  forward(): EncoderOutput {
    throw new UnsupportedError("this encoder is only written");
  }
}

/** A family whose pooler belongs to one of its heads. */
const family: EncoderFamily<EncoderConfig, Words> = {
  name: "words",
  modelTypes: ["words"],
  configFromHuggingFace: () => config,
  create: (own) => new Words(own),
  spellings: [nameTable([["embeddings.word", "words"]]), nameTable([["embeddings.word", "words"]], "module.")],
  heads: {},
  headPoolers: { sequenceClassification: [nameTable([["pooler", "classifier.dense"]])] },
  outputWords: [],
};

const namesOf = (encoder: Words, head?: "sequenceClassification" | "tokenClassification") =>
  encoderFile(family, encoder, head).arrays.map(({ name }) => name);

test("an encoder is written in the family's first spelling", () => {
  expect(namesOf(family.create({ ...config, pooler: false }))).toEqual(["words.weight"]);
  expect(encoderFile(family, family.create({ ...config, pooler: false })).metadata).toEqual({ format: "pt" });
});

test("a pooler that came with a head is written under the head's name for it", () => {
  const encoder = family.create(config);
  const expected = ["words.weight", "classifier.dense.weight", "classifier.dense.bias"];
  expect(namesOf(encoder, "sequenceClassification")).toEqual(expected);
});

test("a pooler that nothing has a name for is an error", () => {
  expect(() => namesOf(family.create(config))).toThrow(
    new UnsupportedError("this kind of file has no name for pooler.weight"),
  );
  expect(() => namesOf(family.create(config), "tokenClassification")).toThrow(UnsupportedError);
});

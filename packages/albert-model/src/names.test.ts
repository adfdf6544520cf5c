import { openCheckpoint, writeSafetensors } from "@bertkit/checkpoint";
import {
  encoderFile,
  findHeadNames,
  findNames,
  findOutputWords,
  type HeadName,
  headPaths,
  headsIn,
  holdsPooler,
  loadEncoder,
} from "@bertkit/encoder-family";
import { openReference, UnsupportedError } from "@bertkit/tensor";
import { useBackend } from "@bertkit/tensor/testing";
import { describe, expect, test } from "@jest/globals";
import { Albert } from "./albert.js";
import { albertFamily } from "./albert-family.js";
import { tinyAlbert, tinyConfig } from "./fixtures/tiny-albert.js";

// Numbers of two digits, so that 1 and 11 are told apart.
const paths = Array.from(new Albert({ ...tinyConfig, groups: 12, blocksPerLayer: 11 }).parameters(), ([path]) => path);
const plain = albertFamily.spellings[0];

const linear = (name: string): string[] => [`${name}.weight`, `${name}.bias`];
const language = (bias: string): string[] => [...linear("predictions.dense"), ...linear("predictions.LayerNorm"), bias];

describe("an ALBERT's names", () => {
  test("are those of transformers' AlbertModel, one for each parameter", () => {
    const names = paths.map((path) => plain(path).name);
    expect(new Set(names).size).toBe(paths.length);
    expect(plain("groups.11.blocks.10.feedForward.contract.bias").name).toBe(
      "encoder.albert_layer_groups.11.albert_layers.10.ffn_output.bias",
    );
    expect(plain("embeddings.projection.weight").name).toBe("encoder.embedding_hidden_mapping_in.weight");
    expect(plain("pooler.weight").name).toBe("pooler.weight");
    expect(plain("pooler.scale").name).toBe("pooler.scale");
  });

  test.each(["", "albert.", "module.", "module.albert."])("are found with %j before them", (prefix) => {
    const names = paths.map((path) => prefix + plain(path).name);
    const found = findNames(albertFamily.spellings, paths, new Set(["predictions.bias", ...names]));
    expect(paths.map((path) => found(path).name)).toEqual(names);
    expect(holdsPooler(albertFamily, new Set(names))).toBe(true);
  });

  test("are found in this project's own files", () => {
    const found = findNames(albertFamily.spellings, paths, new Set(paths));
    expect(paths.map((path) => found(path).name)).toEqual(paths);
  });

  test.each(["classifier.weight", "blocks.0.attention.query.weight", "groups.0.blocks.0.gate.weight", "groups.0.bias"])(
    "there is none for %s",
    (path) => expect(() => plain(path)).toThrow(UnsupportedError),
  );
});

describe("the names of an ALBERT's heads", () => {
  const files: readonly (readonly [HeadName, readonly string[]])[] = [
    ["maskedLanguage", language("predictions.bias")],
    ["maskedLanguage", language("predictions.decoder.bias")],
    ["nextSentence", linear("sop_classifier.classifier")],
    ["sequenceClassification", linear("classifier")],
    ["tokenClassification", linear("classifier")],
    ["questionAnswering", linear("qa_outputs")],
    ["multipleChoice", linear("classifier")],
    ["questionAnswering", linear("linear")],
  ];

  test.each(files)("of %s are %j, with and without module.", (head, names) => {
    for (const prefix of names.includes("linear.weight") ? [""] : ["", "module."]) {
      const prefixed = names.map((name) => prefix + name);
      const table = findHeadNames(albertFamily, head, new Set(prefixed))!;
      expect(headPaths[head].map((path) => table(path).name)).toEqual(prefixed);
      for (const missing of prefixed) {
        const rest = new Set(prefixed.filter((name) => name !== missing));
        expect(findHeadNames(albertFamily, head, rest)).toBeUndefined();
      }
    }
  });

  test("a file as published for pretraining has two heads; its decoder is a copy of the word table", () => {
    const names = new Set([
      ...language("predictions.bias"),
      ...linear("predictions.decoder"),
      ...linear("sop_classifier.classifier"),
    ]);
    expect(headsIn(albertFamily, names, ["AlbertForPreTraining"])).toEqual(["maskedLanguage", "nextSentence"]);
    expect(findOutputWords(albertFamily, names)!("weight").name).toBe("predictions.decoder.weight");
  });
});

describe("an ALBERT in a file", () => {
  const backend = useBackend(() => openReference());

  test("is written as transformers reads it, and read back equal", async () => {
    using albert = tinyAlbert(backend());
    const { arrays, metadata } = encoderFile(albertFamily, albert);
    const pieces: Uint8Array[] = [];
    await writeSafetensors({ write: (bytes) => void pieces.push(bytes.slice()) }, arrays, { metadata });
    await using source = await openCheckpoint(Buffer.concat(pieces));
    expect(source.entries.has("encoder.albert_layer_groups.1.albert_layers.1.full_layer_layer_norm.bias")).toBe(true);
    const { encoder, unused } = await loadEncoder(albertFamily, source, tinyConfig, backend());
    using _encoder = encoder;
    expect(unused).toEqual([]);
    const parameters = new Map(encoder.parameters());
    for (const [path, parameter] of albert.parameters()) {
      expect([path, await parameters.get(path)!.read()]).toEqual([path, await parameter.read()]);
    }
  });
});

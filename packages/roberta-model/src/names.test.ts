import { openCheckpoint, writeSafetensors } from "@bertkit/checkpoint";
import {
  encoderFile,
  findEncoderNames,
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
import { tinyConfig, tinyRoberta } from "./fixtures/tiny-roberta.js";
import { Roberta } from "./roberta.js";
import { robertaFamily } from "./roberta-family.js";

// Numbers of two digits, so that 1 and 11 are told apart.
const paths = Array.from(new Roberta({ ...tinyConfig, layers: 12 }).parameters(), ([path]) => path);
const plain = robertaFamily.spellings[0];

const linear = (name: string): string[] => [`${name}.weight`, `${name}.bias`];
const language = (bias: string): string[] => [...linear("lm_head.dense"), ...linear("lm_head.layer_norm"), bias];

describe("a RoBERTa's names", () => {
  test("are those of transformers' RobertaModel, one for each parameter", () => {
    const names = paths.map((path) => plain(path).name);
    expect(new Set(names).size).toBe(paths.length);
    expect(plain("blocks.11.attention.output.bias").name).toBe("encoder.layer.11.attention.output.dense.bias");
    expect(plain("embeddings.position.weight").name).toBe("embeddings.position_embeddings.weight");
    expect(plain("pooler.weight").name).toBe("pooler.dense.weight");
  });

  test.each(["", "roberta.", "module.", "module.roberta."])("are found with %j before them", (prefix) => {
    const names = paths.map((path) => prefix + plain(path).name);
    const found = findNames(robertaFamily.spellings, paths, new Set(["embeddings.position_ids", ...names]));
    expect(paths.map((path) => found(path).name)).toEqual(names);
  });

  test("are found in this project's own files", () => {
    const found = findNames(robertaFamily.spellings, paths, new Set(paths));
    expect(paths.map((path) => found(path).name)).toEqual(paths);
    expect(holdsPooler(robertaFamily, new Set(paths), "sequenceClassification")).toBe(true);
  });

  test.each(["classifier.weight", "blocks.0.gate.weight"])("there is none for %s", (path) => {
    expect(() => plain(path)).toThrow(UnsupportedError);
  });
});

describe("the names of a RoBERTa's heads", () => {
  const files: readonly (readonly [HeadName, readonly string[]])[] = [
    ["maskedLanguage", language("lm_head.bias")],
    ["maskedLanguage", language("lm_head.decoder.bias")],
    ["sequenceClassification", linear("classifier.out_proj")],
    ["tokenClassification", linear("classifier")],
    ["questionAnswering", linear("qa_outputs")],
    ["multipleChoice", linear("classifier")],
    ["questionAnswering", linear("linear")],
  ];

  test.each(files)("of %s are %j, with and without module.", (head, names) => {
    for (const prefix of names.includes("linear.weight") ? [""] : ["", "module."]) {
      const prefixed = names.map((name) => prefix + name);
      const table = findHeadNames(robertaFamily, head, new Set(prefixed))!;
      expect(headPaths[head].map((path) => table(path).name)).toEqual(prefixed);
      for (const missing of prefixed) {
        const rest = new Set(prefixed.filter((name) => name !== missing));
        expect(findHeadNames(robertaFamily, head, rest)).toBeUndefined();
      }
    }
  });

  test("a classifier of sequences is told from one of tokens by its names alone", () => {
    const sequences = new Set([...linear("classifier.dense"), ...linear("classifier.out_proj")]);
    expect(headsIn(robertaFamily, sequences, [])).toEqual(["sequenceClassification"]);
    const tokens = linear("classifier");
    for (const pooler of [[], linear("roberta.pooler.dense")]) {
      expect(headsIn(robertaFamily, new Set([...tokens, ...pooler]), [])).toEqual(["tokenClassification"]);
    }
    expect(headsIn(robertaFamily, new Set(tokens), ["RobertaForMultipleChoice"])).toEqual(["multipleChoice"]);
  });

  test("the classifier of sequences brings its pooler, the others take the encoder's", () => {
    const names = new Set([...linear("roberta.pooler.dense"), ...linear("classifier.dense")]);
    for (const path of paths) names.add(`roberta.${plain(path).name}`);
    const poolerFor = (head?: HeadName) => findEncoderNames(robertaFamily, paths, names, head)("pooler.bias").name;
    expect(poolerFor("sequenceClassification")).toBe("classifier.dense.bias");
    expect(poolerFor("multipleChoice")).toBe("roberta.pooler.dense.bias");
    expect(poolerFor()).toBe("roberta.pooler.dense.bias");
  });

  test("the decoder of an untied head is found", () => {
    expect(findOutputWords(robertaFamily, new Set(["lm_head.decoder.weight"]))!("weight").name).toBe(
      "lm_head.decoder.weight",
    );
  });
});

describe("a RoBERTa in a file", () => {
  const backend = useBackend(() => openReference());

  test("is written as transformers reads it, and read back equal", async () => {
    using roberta = tinyRoberta(backend());
    const { arrays, metadata } = encoderFile(robertaFamily, roberta);
    const pieces: Uint8Array[] = [];
    await writeSafetensors({ write: (bytes) => void pieces.push(bytes.slice()) }, arrays, { metadata });
    await using source = await openCheckpoint(Buffer.concat(pieces));
    expect(source.entries.get("embeddings.position_embeddings.weight")?.shape).toEqual([50, 12]);
    const { encoder, unused } = await loadEncoder(robertaFamily, source, tinyConfig, backend());
    using _encoder = encoder;
    expect(unused).toEqual([]);
    const parameters = new Map(encoder.parameters());
    for (const [path, parameter] of roberta.parameters()) {
      expect([path, await parameters.get(path)!.read()]).toEqual([path, await parameter.read()]);
    }
  });
});

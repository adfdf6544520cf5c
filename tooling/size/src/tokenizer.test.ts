import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import type { PageSize } from "./measure-page.js";

// In a process of its own: rolldown does not take what comes from jest's realm.
const program = fileURLToPath(new URL("../bin/measure.js", import.meta.url));

function sizeOf(code: string): PageSize {
  const { stdout, stderr } = spawnSync(process.execPath, [program], { input: code, encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const nothing = sizeOf(`import "@bertkit/tokenizer";`);
const own = sizeOf(`
  import { BertTokenizer } from "@bertkit/tokenizer";
  export const fromVocabulary = (text) => BertTokenizer.fromVocabulary(text);
  export const fromJson = (text) => BertTokenizer.fromTokenizerJson(text);
`);
const oneMore = sizeOf(`
  import { BertTokenizer, lowercaseNormalizer, whitespacePreTokenizer } from "@bertkit/tokenizer";
  const parts = { normalizers: [lowercaseNormalizer], preTokenizers: [whitespacePreTokenizer] };
  export const fromJson = (text) => BertTokenizer.fromTokenizerJson(text, { parts });
`);
const everyPart = sizeOf(`
  import { BertTokenizer, everyPart } from "@bertkit/tokenizer";
  export const fromJson = (text) => BertTokenizer.fromTokenizerJson(text, { parts: everyPart });
`);
const everything = sizeOf(`export * from "@bertkit/tokenizer";`);

const ownWork = ["TextScanner", "WordPiece", "huggingFaceClasses", "lowerCaseOf17", "decompositionOf12"];
const besides = [
  "trainVocabulary",
  "WordCounter",
  "vocabularyFiles",
  "chunk",
  "encodeStream",
  "encodeWindows",
  "Alignment",
];
const writers = ["toTokenizerJson", "packEncodings", "padEncodings", "byteRanges"];
const normalizers = ["nfcNormalizer", "nfkdNormalizer", "replaceNormalizer", "stripNormalizer", "prependNormalizer"];
const preTokenizers = ["splitPreTokenizer", "digitsPreTokenizer", "punctuationPreTokenizer"];

describe("the tokenizer in a page, minified and gzipped", () => {
  test("BERT's own pipeline with its Unicode tables is below 20 kB", () => {
    expect(own.names).toEqual(expect.arrayContaining(ownWork));
    expect(own.gzipped).toBeLessThan(20_000);
  });

  test("with every normalizer and pre-tokenizer it is below 32 kB", () => {
    expect(everyPart.names).toEqual(expect.arrayContaining([...ownWork, ...normalizers, ...preTokenizers]));
    expect(everyPart.gzipped).toBeLessThan(32_000);
  });

  test("an import by itself brings nothing", () => {
    expect(nothing).toMatchObject({ minified: 0, names: [] });
  });

  test("training and whatever else a page does not call is left out", () => {
    const unused = [...besides, ...writers];
    expect(everything.names).toEqual(expect.arrayContaining(unused));
    for (const page of [own, oneMore, everyPart])
      expect(page.names.filter((name) => unused.includes(name))).toEqual([]);
  });

  test("a part of tokenizer.json comes only where it is named", () => {
    const parts = [...normalizers, ...preTokenizers, "lowercaseNormalizer", "whitespacePreTokenizer"];
    const partsOf = ({ names }: PageSize): string[] => names.filter((name) => parts.includes(name)).sort();
    expect(partsOf(own)).toEqual([]);
    expect(partsOf(oneMore)).toEqual(["lowercaseNormalizer", "whitespacePreTokenizer"]);
    expect(partsOf(everyPart)).toEqual(parts.sort());
  });

  test("a name that the package does not export is an error, not a smaller page", () => {
    expect(() => sizeOf(`export { tokenise } from "@bertkit/tokenizer";`)).toThrow(/tokenise/);
  });
});

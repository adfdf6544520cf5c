import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataPath, describeWithData } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";
import { googleCharacters, huggingFaceCharacters } from "./character-data.js";
import { bertNormalization, references } from "./reference.js";
import { type Span, wholeSpan } from "./span.js";
import { splitWords } from "./split-words.js";

interface Row {
  readonly reference: string;
  readonly lowercase: boolean;
  readonly runs: readonly (readonly [count: number, kind: string])[];
  readonly maps: readonly (readonly [codePoint: number, words: string | readonly string[]])[];
}

describeWithData("tokenizer-goldens/codepoints-google.jsonl.gz", "every code point between two letters", () => {
  test.each([true, false])(
    "becomes the words that Google's tokenization.py makes of it, lower case %s",
    (lowerCase) => {
      const path = dataPath("tokenizer-goldens", "codepoints-google.jsonl.gz");
      const rows = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n").slice(1);
      const row = rows
        .map((line) => JSON.parse(line) as Row)
        .find(({ reference, lowercase }) => reference === "google" && lowercase === lowerCase) as Row;
      const maps = new Map(row.maps);
      const reference = references.google;
      const stages = bertNormalization(
        { cleanText: true, isolateCjk: true, stripAccents: lowerCase, lowerCase },
        reference,
      );
      const different: string[] = [];
      let codePoint = 0;
      for (const [count, kind] of row.runs) {
        for (const end = codePoint + count; codePoint < end; codePoint++) {
          if (kind === "-") continue; // surrogates
          const character = String.fromCodePoint(codePoint);
          const spans = stages.reduce<readonly Span[]>(
            (changed, stage) => stage(changed),
            [wholeSpan(`a${character}b`)],
          );
          const words = splitWords(spans, reference.classify).map((word) => word.map(({ text }) => text).join(""));
          const kinds: Record<string, string> = { J: `a${character}b`, P: `a ${character} b`, R: "ab", W: "a b" };
          const expected = kinds[kind] ?? [maps.get(codePoint)].flat().join(" ");
          if (words.join(" ") !== expected) different.push(codePoint.toString(16));
        }
      }
      expect(codePoint).toBe(0x110000);
      expect(different).toEqual([]);
    },
  );
});

describe("lower case", () => {
  test("is that of one character, which İ alone makes longer", () => {
    expect([..."AÉΣẞ𐐀a世"].map((letter) => huggingFaceCharacters.lowerCase(letter.codePointAt(0) as number))).toEqual([
      ..."aéσß𐐨a世",
    ]);
    expect(googleCharacters.lowerCase(0x130)).toBe("i\u0307");
  });
  test("of a letter that came with Unicode 16.0 is known to Hugging Face's and not to Google's", () => {
    expect(huggingFaceCharacters.lowerCase(0x10d50)).toBe("\u{10d70}");
    expect(googleCharacters.lowerCase(0x10d50)).toBe("\u{10d50}");
  });
});

describe("canonical decomposition", () => {
  test("goes on to the end, takes syllables apart, and leaves alone what has none", () => {
    const parts = ["ǖ", "각", "가", "豈", "a", "ﬁ"].map((letter) =>
      googleCharacters.decompose(letter.codePointAt(0) as number),
    );
    expect(parts).toEqual(["u\u0308\u0304", "\u1100\u1161\u11a8", "\u1100\u1161", "\u8c48", "a", "ﬁ"]);
  });
  test("is the engine's wherever both know a character", () => {
    for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
      const ours = googleCharacters.decompose(codePoint);
      const engine = String.fromCodePoint(codePoint).normalize("NFD");
      // An engine may know decompositions of later versions; it never has a different one.
      if (ours !== engine) expect([codePoint > 0x10000, ours]).toEqual([true, String.fromCodePoint(codePoint)]);
    }
  });
  test("of what came with Unicode 13.0 is known to Google's alone, and so is the class of its marks", () => {
    expect(googleCharacters.decompose(0x11938)).toBe("\u{11935}\u{11930}");
    expect(huggingFaceCharacters.decompose(0x11938)).toBe("\u{11938}");
    expect([googleCharacters.combiningClass(0x1193e), huggingFaceCharacters.combiningClass(0x1193e)]).toEqual([9, 0]);
    expect([0x301, 0x334, 0x61].map(huggingFaceCharacters.combiningClass)).toEqual([230, 1, 0]);
  });
});

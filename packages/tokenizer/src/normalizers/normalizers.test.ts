import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { JsonObject } from "../json-reader.js";
import { readPart } from "../part.js";
import { references } from "../reference.js";
import { textOf, wholeSpan } from "../span.js";
import { everyPart } from "../tokenizer-parts.js";

const normalizer = (json: unknown) =>
  readPart(new JsonObject(json, "normalizer"), {
    parts: everyPart.normalizers ?? [],
    reference: references["hugging-face"],
  });
const normalized = (json: unknown, text: string) => textOf(normalizer(json).normalize([wholeSpan(text)]));
const spansOf = (json: unknown, text: string) =>
  normalizer(json)
    .normalize([wholeSpan(text)])
    .map(({ text: part, start, end }) => [part, start, end]);

describe("normalisation forms", () => {
  test.each([
    ["NFD", "é각Å", "e\u0301\u1100\u1161\u11a8A\u030a"],
    ["NFC", "e\u0301\u1100\u1161\u11a8\u212b", "é각\u00c5"],
    ["NFKD", "ﬁ²ｶﾞ①", "fi2カ\u30991"],
    ["NFKC", "ﬁ²ｶﾞ①", "fi2ガ1"],
  ])("%s takes characters apart and puts them together", (type, text, wanted) => {
    expect(normalized({ type }, text)).toBe(wanted);
  });

  test("put combining characters into canonical order, and compose only what none of their class keeps apart", () => {
    expect(normalized({ type: "NFD" }, "a\u0301\u0323")).toBe("a\u0323\u0301");
    expect(normalized({ type: "NFC" }, "a\u0301\u0323")).toBe("ạ\u0301");
    expect(normalized({ type: "NFC" }, "\u0301a\u0327\u0301")).toBe("\u0301á\u0327");
    expect(normalized({ type: "NFC" }, "a\u0305\u0301")).toBe("a\u0305\u0301");
  });

  test("know nothing that is newer than the crates of the library, whatever the engine does", () => {
    expect(normalized({ type: "NFC" }, "e\u0301\u{105d2}\u0307")).toBe("é\u{105d2}\u0307"); // a composition of 16.0
    expect(normalized({ type: "NFKD" }, "é\ua7f2")).toBe("e\u0301\ua7f2"); // 14.0
    expect(normalized({ type: "NFD" }, "é\u0301\u0897\u0323")).toBe("e\u0301\u0301\u0897\u0323"); // a mark of 16.0
  });

  test("keep the range of each character: of a composed one that of its first part", () => {
    expect(spansOf({ type: "NFC" }, "xe\u0301y")).toEqual([
      ["xé", 0, 2],
      ["y", 3, 4],
    ]);
    expect(spansOf({ type: "NFKD" }, "aﬁb")).toEqual([
      ["af", 0, 2],
      ["ib", 1, 3],
    ]);
  });

  test("are the engine's for characters that both know", () => {
    const known = fc.string({
      unit: fc.constantFrom(..."aeZ é\u0301\u0308\u0323\u0327\u0345ﬁ²가각\u1100\u1161\u11a8ｶﾞ\u3099Åẛ "),
    });
    fc.assert(
      fc.property(known, fc.constantFrom("NFC", "NFD", "NFKC", "NFKD"), (text, type) => {
        expect(normalized({ type }, text)).toBe(text.normalize(type));
      }),
    );
  });

  test("take time linear in a run of combining characters", () => {
    const run = "\u0301\u0323".repeat(200_000);
    expect(normalized({ type: "NFC" }, `a${run}`)).toBe(`ạ${"\u0323".repeat(199_999)}${"\u0301".repeat(200_000)}`);
  });
});

describe("a normalizer", () => {
  test("Lowercase makes no final sigma", () => {
    expect(normalized({ type: "Lowercase" }, "ΑΣ İ")).toBe("ασ i\u0307");
  });

  test("StripAccents drops marks of every kind and takes nothing apart", () => {
    expect(normalized({ type: "StripAccents" }, "éa\u0301\u0903\u20ddb")).toBe("éab");
  });

  test("Strip takes white space from the sides it names", () => {
    const strip = (left: boolean, right: boolean) => ({ type: "Strip", strip_left: left, strip_right: right });
    expect(spansOf(strip(true, true), "\t\u3000 a b\u0085")).toEqual([["a b", 3, 6]]);
    expect(normalized(strip(true, false), " a ")).toBe("a ");
    expect(normalized(strip(false, true), " a ")).toBe(" a");
    expect(normalized(strip(true, true), " \n ")).toBe("");
  });

  test("Replace puts a text in the place of every match, which stands for the last character there", () => {
    const dashes = { type: "Replace", pattern: { String: "--" }, content: "—x" };
    expect(spansOf(dashes, "a--b-")).toEqual([
      ["a", 0, 1],
      ["—", 2, 3],
      ["x", 2, 3],
      ["b-", 3, 5],
    ]);
    const gone = { type: "Replace", pattern: { Regex: "\\s+" }, content: "" };
    expect(normalized(gone, "a \u3000b\n")).toBe("ab");
    expect(normalized({ type: "Replace", pattern: { Regex: "^" }, content: "> " }, "a\nb")).toBe("> a\n> b");
    expect(normalized(gone, "ab")).toBe("ab");
  });

  test("Prepend puts a text in front of any but the empty", () => {
    expect(spansOf({ type: "Prepend", prepend: "▁" }, "😀a")).toEqual([
      ["▁", 0, 2],
      ["😀a", 0, 3],
    ]);
    expect(spansOf({ type: "Prepend", prepend: "▁" }, "")).toEqual([["", 0, 0]]);
  });

  test("Sequence goes through its parts in order, BertNormalizer among them", () => {
    const normalizers = [
      { type: "NFKC" },
      { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
      { type: "Sequence", normalizers: [{ type: "Strip", strip_left: true, strip_right: true }] },
    ];
    expect(normalized({ type: "Sequence", normalizers }, "世É\u0000ﬀ")).toBe("世 eff");
  });

  test("spells itself as it was spelled", () => {
    const normalizers = [
      { type: "NFC" },
      { type: "NFD" },
      { type: "NFKC" },
      { type: "NFKD" },
      { type: "Lowercase" },
      { type: "StripAccents" },
      { type: "Strip", strip_left: true, strip_right: false },
      { type: "Prepend", prepend: "a" },
      { type: "Replace", pattern: { Regex: "a+" }, content: "b" },
      { type: "Replace", pattern: { String: "a" }, content: "" },
    ];
    const sequence = { type: "Sequence", normalizers };
    expect(normalizer(sequence).json).toEqual(sequence);
  });

  test.each([
    [{ type: "ByteLevel" }, "normalizer: wanted BertNormalizer, Sequence, NFC"],
    [{ type: "Sequence", normalizers: [{ type: "Precompiled" }] }, "normalizer.normalizers[0]: wanted"],
    [{ type: "Strip", strip_left: true }, "strip_right: wanted true or false, not nothing"],
    [{ type: "Prepend" }, "prepend: wanted a string"],
    [{ type: "Replace", pattern: "a", content: "b" }, "pattern: wanted an object"],
    [{ type: "Replace", pattern: { String: "" }, content: "b" }, "a String that is not empty, or a Regex"],
    [{ type: "Replace", pattern: { Regex: "(" }, content: "b" }, "is no regular expression"],
  ])("of the wrong form is an error that says where: %#", (json, message) => {
    expect(() => normalizer(json)).toThrow(message);
  });

  test("may not stand in itself without end", () => {
    const sequence: Record<string, unknown> = { type: "Sequence" };
    sequence.normalizers = [sequence];
    expect(() => normalizer(sequence)).toThrow("more than 16 deep");
  });
});

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataError } from "../data-error.js";
import { anyText } from "../fixtures/any-text.js";
import { errorOf } from "../fixtures/error-of.js";
import { gather } from "../fixtures/gather.js";
import { type ConllOptions, readConll } from "./conll.js";

describe("tagged sentences", () => {
  test("are read from CoNLL-2003, whose documents begin with -DOCSTART-", async () => {
    const file = `-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O

Peter NNP B-NP B-PER

-DOCSTART- -X- O O

LONDON NNP B-NP B-LOC
`;
    expect(await gather(readConll(file))).toEqual([
      { line: 3, document: 0, words: ["EU", "rejects"], tags: ["B-ORG", "O"] },
      { line: 6, document: 0, words: ["Peter"], tags: ["B-PER"] },
      { line: 10, document: 1, words: ["LONDON"], tags: ["B-LOC"] },
    ]);
  });

  test("are read from WNUT-17, whose blank lines may hold a tab and whose words may begin with #", async () => {
    expect(await gather(readConll("\ufeff#nlp\tO\r\nNew York\tB-location\r\n\t\r\n\r\nESB\tB-location"))).toEqual([
      { line: 1, document: 0, words: ["#nlp", "New York"], tags: ["O", "B-location"] },
      { line: 5, document: 0, words: ["ESB"], tags: ["B-location"] },
    ]);
  });

  test("can have their tags from another column, and white space other than spaces and tabs in words", async () => {
    const file = "a\u00a0b NNP  B-NP O \n";
    const [sentence] = await gather(readConll(file, { tagColumn: 2 }));
    expect(sentence).toMatchObject({ words: ["a\u00a0b"], tags: ["NNP"] });
    const [swapped] = await gather(readConll(file, { wordColumn: 4, tagColumn: 3 }));
    expect(swapped).toMatchObject({ words: ["O"], tags: ["B-NP"] });
  });

  test("are none in an empty file and one of blank lines", async () => {
    expect(await gather(readConll(""))).toEqual([]);
    expect(await gather(readConll("\n\r\n \t\n-DOCSTART- -X- O O\n\n"))).toEqual([]);
  });

  test.each<[file: string, options: ConllOptions, code: string, message: string]>([
    ["EU\n", {}, "columns", 'line 1: wanted at least 2 columns, came 1: "EU"'],
    ["EU B-ORG\n\nrejects VBZ O\n", {}, "columns", 'line 3: wanted 2 columns as before, came 3: "rejects\\tVBZ\\tO"'],
    ["EU B-ORG\n", { tagColumn: 4 }, "columns", 'line 1: wanted at least 4 columns, came 2: "EU\\tB-ORG"'],
    ["EU\t\n", {}, "value", 'line 1: wanted a word and its tag, came "EU\\t"'],
    ["\tO\n", {}, "value", 'line 1: wanted a word and its tag, came "\\tO"'],
    ["", { wordColumn: 0 }, "argument", "wordColumn: wanted a column's number, from 1, came 0"],
    ["", { tagColumn: -1 }, "argument", "tagColumn: wanted a column's number, from 1, came -1"],
    ["a b ".repeat(2000), {}, "columns", "line 1: wanted at most 1024 columns, came more"],
  ])("in %j with %j are an error of code %s", async (file, options, code, message) => {
    expect(await errorOf(readConll(file, options))).toMatchObject({ code, message });
  });

  test("without blank lines between them are an error before they fill the memory", async () => {
    const piece = "a\tO\n".repeat(2 ** 14);
    const endless = function* (): Generator<string> {
      for (;;) yield piece;
    };
    expect(await errorOf(readConll(endless()))).toMatchObject({ code: "limit", line: 1 });
  });

  test("have a tag for each word, or are a DataError, in any text", async () => {
    await fc.assert(
      fc.asyncProperty(anyText("O", "B-PER", "-DOCSTART-", "w O\n", "w\tO\n", "\n\n"), async (file) => {
        try {
          for (const { words, tags } of await gather(readConll(file))) {
            expect(words.length).toBeGreaterThan(0);
            expect(tags).toHaveLength(words.length);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
    );
  });
});

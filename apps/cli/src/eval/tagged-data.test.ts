import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DataFile } from "./data-file.js";
import { type TaggedWords, taggedFormOf } from "./tagged-data.js";

const formOf = (name: string) => {
  const input = { name, path: name, size: 0, format: "lines", compression: undefined } as const;
  return taggedFormOf(new DataFile(input, new AbortController().signal));
};

async function readBack(name: string, text: string): Promise<TaggedWords[]> {
  async function* pieces() {
    yield text;
  }
  const sentences: TaggedWords[] = [];
  for await (const sentence of formOf(name).read(pieces())) sentences.push(sentence);
  return sentences;
}

const tag = fc.constantFrom("O", "B-name", "I-name", "B-place", "I-place");

describe("predictions of a form are read back from its text", () => {
  test("words in columns, the predicted tag last", async () => {
    const word = fc.tuple(fc.stringMatching(/^[a-zé.,"]{1,6}$/), tag, tag);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(word, { minLength: 1 })), async (sentences) => {
        const gold = sentences.map((words) => ({
          line: 1,
          words: words.map(([word]) => word),
          tags: words.map(([, tag]) => tag),
        }));
        const predicted = sentences.map((words) => words.map(([, , tag]) => tag));
        const read = await readBack("p.conll", formOf("p.conll").text(gold, predicted));
        expect(read.map(({ words }) => words)).toEqual(gold.map(({ words }) => words));
        expect(read.map(({ tags }) => tags)).toEqual(predicted);
      }),
    );
  });

  test("CLUENER's ranges of characters, whatever they are", async () => {
    const character = fc.tuple(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }).map((text) => [...text][0] ?? "x"),
      tag,
    );
    const form = formOf("p.json");
    await fc.assert(
      fc.asyncProperty(fc.array(character, { minLength: 1 }), async (characters) => {
        const words = characters.map(([character]) => character);
        const tags = form.kept(characters.map(([, tag]) => tag));
        const [read] = await readBack("p.json", form.text([{ line: 1, words, tags }], [tags]));
        expect(read).toMatchObject({ words, tags });
      }),
    );
  });
});

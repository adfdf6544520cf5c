import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { anyText } from "../fixtures/any-text.js";
import { gather } from "../fixtures/gather.js";
import { readDocuments } from "./documents.js";

const spaces = new Set("\ufeff\u0085\u001c\u001d\u001e\u001f");

/** A text without white space, in JavaScript's meaning and in Python's. */
function letters(text: string): string {
  return [...text].filter((character) => character.trim() !== "" && !spaces.has(character)).join("");
}

describe("documents", () => {
  test("end at blank lines, and their sentences have no white space around them", async () => {
    const file = "\ufeff\r\n One. \r\nTwo.\n\n \t\u3000\n\nThree.\u2028still three\n\u0085\u001c\nFour.";
    expect(await gather(readDocuments(file))).toEqual([
      { line: 2, sentences: ["One.", "Two."] },
      { line: 7, sentences: ["Three.\u2028still three"] },
      { line: 9, sentences: ["Four."] },
    ]);
  });

  test("are none in an empty file", async () => {
    expect(await gather(readDocuments(""))).toEqual([]);
    expect(await gather(readDocuments("\n \n"))).toEqual([]);
  });

  test("are given as soon as they end", async () => {
    let asked = 0;
    const source = function* (): Generator<string> {
      for (;;) {
        asked++;
        yield "A sentence.\n\n";
      }
    };
    const documents = readDocuments(source());
    expect((await documents.next()).value).toEqual({ line: 1, sentences: ["A sentence."] });
    expect(asked).toBe(1);
    await documents.return(undefined);
  });

  test("lose no sentence of any text and are never empty", async () => {
    await fc.assert(
      fc.asyncProperty(anyText("\n\n", "b\n"), async (text) => {
        const documents = await gather(readDocuments(text));
        expect(documents.every(({ sentences }) => sentences.length > 0 && !sentences.includes(""))).toBe(true);
        expect(letters(documents.flatMap(({ sentences }) => sentences).join(""))).toBe(letters(text));
      }),
    );
  });
});

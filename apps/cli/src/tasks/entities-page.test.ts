import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { displayWidth } from "../terminal/display-width.js";
import { visibleText } from "../terminal/visible-text.js";
import { entitiesPage, entityColors } from "./entities-page.js";

/** Entities of a text, each the first place where its words are. */
const tagged = (text: string, ...entities: readonly (readonly [type: string, words: string])[]) => ({
  text,
  entities: entities.map(([type, words]) => {
    const start = text.indexOf(words);
    return { type, score: 0.5, start, end: start + words.length, text: words };
  }),
});

const pageOf = (tagging: Parameters<typeof entitiesPage>[0], columns = 80): string =>
  entitiesPage(tagging, { columns, colorOf: entityColors() });

describe("entitiesPage", () => {
  let forced: string | undefined;
  beforeEach(() => {
    forced = process.env.FORCE_COLOR;
    process.env.FORCE_COLOR = "0";
  });
  afterEach(() => {
    if (forced === undefined) delete process.env.FORCE_COLOR;
    else process.env.FORCE_COLOR = forced;
  });

  test("marks entities in the text, which stays as it is", () => {
    const tagging = tagged("Ann reads in New York.", ["PER", "Ann"], ["LOC", "New York"]);
    expect(pageOf(tagging)).toBe("[Ann](PER) reads in [New York](LOC).\n");
    expect(pageOf(tagged("Nobody reads."))).toBe("Nobody reads.\n");
    expect(pageOf(tagged(""))).toBe("\n");
  });

  test("breaks lines after words, within entities too", () => {
    const tagging = tagged("Ann reads in New York.", ["PER", "Ann"], ["LOC", "New York"]);
    expect(pageOf(tagging, 28)).toBe("[Ann](PER) reads in [New\nYork](LOC).\n");
  });

  test("underlines entities in the colour of their type", () => {
    process.env.FORCE_COLOR = "1";
    const page = pageOf(tagged("Ann, Bo, Rome", ["PER", "Ann"], ["PER", "Bo"], ["LOC", "Rome"]));
    expect(page).toContain("\u001b[4m\u001b[36mAnn\u001b[39m\u001b[24m");
    expect(page).toContain("\u001b[4m\u001b[36mBo\u001b[39m\u001b[24m");
    expect(page).toContain("\u001b[4m\u001b[33mRome\u001b[39m\u001b[24m");
    expect(stripVTControlCharacters(page)).toBe("[Ann](PER), [Bo](PER), [Rome](LOC)\n");
  });

  test("what would move the cursor is shown as escapes, in a text, an entity and a type", () => {
    const tagging = tagged("a\nb\u001b[2Jc", ["B\u001b[31m", "\u001b[2J"]);
    expect(pageOf(tagging)).toBe("a\\nb[\\u001b[2J](B\\u001b[31m)c\n");
  });

  test("whatever the text, lines fit and hold all of it", () => {
    const words = fc.array(fc.constantFrom("Ann", "New York", "水火中文字", "😀", "é", "a\tb", "bookseller's"), {
      minLength: 1,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 24, max: 90 }), (each, columns) => {
        const text = each.join(" ");
        let end = -1;
        const entities = each.map((word) => {
          const start = end + 1;
          end = start + word.length;
          return { type: "T", score: 1, start, end, text: word };
        });
        const page = pageOf({ text, entities: entities.filter((_, i) => i % 2 === 0) }, columns);
        for (const line of page.split("\n")) expect(displayWidth(line)).toBeLessThan(columns);
        const unmarked = page.replaceAll(/\[|\]\(T\)/g, "").replaceAll(/\s/g, "");
        expect(unmarked).toBe(visibleText(text).replaceAll(" ", ""));
      }),
    );
  });
});

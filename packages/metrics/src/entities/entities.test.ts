import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { entitiesOf } from "./entities-of.js";
import type { Entity } from "./entity.js";
import { scoreEntities } from "./score-entities.js";
import { strictEntitiesOf } from "./strict-entities-of.js";
import { type TagScheme, tagSchemes } from "./tag-schemes.js";

const tags = (text: string): string[] => text.split(" ");
const show = (entities: readonly Entity[]): string =>
  entities.map(({ type, start, end }) => `${type} ${start}-${end}`).join(", ");

describe("reading entities leniently", () => {
  test("IOB2, IOB1 and IOBES give the same entities", () => {
    for (const text of ["B-PER I-PER O B-LOC", "I-PER I-PER O I-LOC", "B-PER E-PER O S-LOC"])
      expect(show(entitiesOf(tags(text)))).toBe("PER 0-2, LOC 3-4");
  });

  test("a new type begins an entity, and B- ends one of its own type", () => {
    expect(show(entitiesOf(tags("I-PER I-LOC B-LOC I-LOC")))).toBe("PER 0-1, LOC 1-2, LOC 2-4");
  });

  test("a type is what follows the first hyphen, and a tag without one has the type _", () => {
    expect(show(entitiesOf(tags("B-art-work I-art-work B I O")))).toBe("art-work 0-2, _ 2-4");
  });

  test("no tags hold no entity, and an empty tag is an error", () => {
    expect(entitiesOf([])).toEqual([]);
    expect(() => entitiesOf(["O", ""])).toThrow('a tag is a text such as "O" or "B-PER", and one is empty');
  });
});

describe("reading entities strictly", () => {
  test("IOB2 wants a B-, and drops what begins with I-", () => {
    expect(show(strictEntitiesOf(tags("I-PER I-PER O B-LOC I-LOC I-PER"), "IOB2"))).toBe("LOC 3-5");
  });

  test("BILOU wants an L- at the end of what has a B-", () => {
    expect(show(strictEntitiesOf(tags("B-PER I-PER L-PER U-LOC B-PER I-PER O B-X"), "BILOU"))).toBe("PER 0-3, LOC 3-4");
  });

  test("a prefix that the scheme does not have, and a scheme that is none, are errors", () => {
    expect(() => strictEntitiesOf(["S-PER"], "IOB2")).toThrow('IOB2 has tags with I, O, B in front, not "S-PER"');
    const scheme = JSON.parse('"BIO"');
    expect(() => strictEntitiesOf(["O"], scheme)).toThrow(
      'schemes are IOB1, IOB2, IOE1, IOE2, IOBES, BILOU, not "BIO"',
    );
  });

  test("entities of any tags follow one another and lie within the sentence", () => {
    const schemes = fc.constantFrom(...(Object.keys(tagSchemes) as TagScheme[]));
    const sentence = fc.array(fc.tuple(fc.nat(4), fc.constantFrom("-A", "-B", "")), { maxLength: 12 });
    fc.assert(
      fc.property(schemes, sentence, (scheme, drawn) => {
        const prefixes = tagSchemes[scheme].prefixes;
        const words = drawn.map(([i, type]) => `${prefixes[i % prefixes.length]}${type}`);
        // Read leniently, BILOU's L- and U- are no borders, so entities may begin where an older one did.
        const lenient = scheme === "BILOU" ? [] : [entitiesOf(words)];
        for (const entities of [strictEntitiesOf(words, scheme), ...lenient]) {
          const borders = entities.flatMap(({ start, end }) => [start, end]);
          expect(borders).toEqual([...borders].sort((a, b) => a - b));
          expect(Math.max(0, ...borders)).toBeLessThanOrEqual(words.length);
          for (const { start, end } of entities) expect(end).toBeGreaterThan(start);
        }
      }),
    );
  });
});

describe("scores of entities", () => {
  test("count an entity as right by its type, start and end", () => {
    const gold = [tags("B-PER I-PER O B-LOC"), tags("B-LOC")];
    const predicted = [tags("B-PER I-PER O B-PER"), tags("B-LOC")];
    const scores = scoreEntities(gold, predicted);
    expect([...scores.types]).toEqual([
      ["LOC", { precision: 1, recall: 0.5, f1: 2 / 3, support: 2 }],
      ["PER", { precision: 0.5, recall: 1, f1: 2 / 3, support: 1 }],
    ]);
    expect(scores.micro).toEqual({ precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 });
  });

  test("an entity does not go on in the next sentence", () => {
    const one = scoreEntities([tags("O B-PER"), tags("I-PER")], [tags("O B-PER"), tags("O")]);
    expect(one.micro).toEqual({ precision: 1, recall: 0.5, f1: 2 / 3, support: 2 });
  });

  test("without any entity all are what zeroDivision says", () => {
    const scores = { precision: 1, recall: 1, f1: 1, support: 0 };
    expect(scoreEntities([["O"]], [["O"]], { zeroDivision: 1 })).toEqual({
      types: new Map(),
      micro: scores,
      macro: scores,
      weighted: scores,
    });
    expect(scoreEntities([["O"]], [["O"]]).micro.f1).toBe(0);
  });

  test("sentences that differ in number or in their tags are errors that name them", () => {
    expect(() => scoreEntities([], [])).toThrow("there are no sentences");
    expect(() => scoreEntities([["O"]], [])).toThrow("there are tags of 1 sentences, but predicted ones of 0");
    expect(() => scoreEntities([["O"], ["O", "O"]], [["O"], ["O"]])).toThrow(
      "1 sentences differ; the first is sentence 1, with 2 gold and 1 predicted tags",
    );
  });
});

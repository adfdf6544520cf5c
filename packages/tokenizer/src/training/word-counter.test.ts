import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { bertNormalization, references } from "../reference.js";
import { textOf, wholeSpan } from "../span.js";
import { splitWords } from "../split-words.js";
import { WordCounter, type WordCounterOptions } from "./word-counter.js";

const uncased: WordCounterOptions = {
  normalization: { cleanText: true, isolateCjk: true, stripAccents: true, lowerCase: true },
  reference: references["hugging-face"],
  longestWord: 100,
  wordLimit: 1e6,
};

/** Words with their counts, sorted. */
function counted(texts: readonly string[], options: WordCounterOptions): [string, number][] {
  const counter = new WordCounter(options);
  for (const text of texts) for (const _ of counter.add(text));
  const finish = counter.finish();
  let step = finish.next();
  while (!step.done) step = finish.next();
  const table = step.value;
  return Array.from({ length: table.length }, (_, i): [string, number] => [table.word(i), table.count(i)]).sort();
}

/** The same, of whole texts. */
function wanted(
  texts: readonly string[],
  { normalization, reference, longestWord }: WordCounterOptions,
): [string, number][] {
  const stages = bertNormalization(normalization, reference);
  const counts = new Map<string, number>();
  for (const text of texts) {
    const spans = stages.reduce<ReturnType<(typeof stages)[number]>>(
      (changed, stage) => stage(changed),
      [wholeSpan(text)],
    );
    for (const word of splitWords(spans, reference.classify).map(textOf)) {
      if ([...word].length <= longestWord) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts].sort();
}

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom(..."ΣΣΑσ.'-:;^`_\u00ad\u0301 !"), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..."aZ é\u0301\u200bİΣ世𠀀😀\u302e\u{1d165}\u1e05가ﬁ[]\t.", "\ud800", "\udc00") }),
);

describe("for any texts", () => {
  test("words are those of the texts as a whole, wherever they are cut for counting", () => {
    const anyOptions = fc.record({
      normalization: fc.record({
        cleanText: fc.constant(true),
        isolateCjk: fc.constant(true),
        stripAccents: fc.boolean(),
        lowerCase: fc.boolean(),
      }),
      reference: fc.constantFrom(...Object.values(references)),
      longestWord: fc.constantFrom(3, 100),
      wordLimit: fc.constant(1e6),
    });
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), anyOptions, (texts, options) => {
        expect(counted(texts, options)).toEqual(wanted(texts, options));
      }),
    );
  });
});

test("a text of megabytes is counted as it is read, and may be interrupted meanwhile", () => {
  const counter = new WordCounter(uncased);
  let pauses = 0;
  for (const _ of counter.add("so many words, ".repeat(1e5))) pauses++;
  expect(pauses).toBeGreaterThan(50);
  expect(counted(["so many words, ".repeat(1e5)], uncased)).toEqual(
    [",", "many", "so", "words"].map((word) => [word, 1e5]),
  );
});

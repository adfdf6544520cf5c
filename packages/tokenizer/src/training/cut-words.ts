import type { Pieces } from "./pieces.js";
import type { Work } from "./turns.js";
import type { WordTable } from "./word-table.js";

/** Every word of the texts as pieces. */
export interface CutWords {
  /** Word i begins at starts[i] and has lengths[i] pieces. */
  readonly pieces: Int32Array;
  readonly starts: Float64Array;
  readonly lengths: Int32Array;
  /** How often each word was seen. */
  readonly counts: Float64Array;
}

/**
 * Cuts words into their characters, which become pieces: the most frequent as they begin a word, in the order of their
 * code points; then, in that order too, those of them that are seen within a word, as they continue one. A rarer
 * character is cut out, and its neighbours then stand side by side, as in Hugging Face's trainer.
 */
export function* cutWords(words: WordTable, pieces: Pieces, alphabetLimit: number): Work<CutWords> {
  const { seen, length } = yield* seenCharacters(words);
  const alphabet = [...seen]
    .sort(([a, { count }], [b, other]) => other.count - count || a - b)
    .slice(0, alphabetLimit)
    .sort(([a], [b]) => a - b);
  const beginning = new Map(alphabet.map(([codePoint]) => [codePoint, pieces.add(String.fromCodePoint(codePoint))]));
  const continuing = new Map(
    alphabet
      .filter(([, { continues }]) => continues)
      .map(([codePoint]) => [codePoint, pieces.addContinuing(String.fromCodePoint(codePoint))]),
  );
  const cut: CutWords = {
    pieces: new Int32Array(length),
    starts: new Float64Array(words.length),
    lengths: new Int32Array(words.length),
    counts: new Float64Array(words.length),
  };
  let end = 0;
  for (let index = 0; index < words.length; index++) {
    if (index % 256 === 0) yield;
    cut.starts[index] = end;
    cut.counts[index] = words.count(index);
    let ids = beginning;
    for (const character of words.word(index)) {
      const id = ids.get(character.codePointAt(0) as number);
      if (id !== undefined) cut.pieces[end++] = id;
      ids = continuing;
    }
    cut.lengths[index] = end - (cut.starts[index] as number);
  }
  return cut;
}

interface Seen {
  count: number;
  /** Whether it is anywhere but at the beginning of a word. */
  continues: boolean;
}

/** How often each code point is in the texts, and how many of them all words have together. */
function* seenCharacters(words: WordTable): Work<{ seen: ReadonlyMap<number, Seen>; length: number }> {
  const seen = new Map<number, Seen>();
  let length = 0;
  for (let index = 0; index < words.length; index++) {
    if (index % 256 === 0) yield;
    const count = words.count(index);
    let continues = false;
    for (const character of words.word(index)) {
      length++;
      const codePoint = character.codePointAt(0) as number;
      const known = seen.get(codePoint);
      if (known === undefined) seen.set(codePoint, { count, continues });
      else {
        known.count += count;
        known.continues ||= continues;
      }
      continues = true;
    }
  }
  return { seen, length };
}

import type { Template } from "./template.js";
import type { IdBuffer, TokenBuffer } from "./token-buffer.js";
import type { Vocabulary } from "./vocabulary.js";

/** What a text, or a pair of texts, becomes. All but the ids is made anew when asked for: keep it where a loop needs it. */
export interface Encoding {
  /** How many tokens there are. */
  readonly length: number;
  /** [tokens] */
  readonly ids: Int32Array;
  /** [tokens] 0 for the first text, 1 for the second, as the template says. */
  readonly typeIds: Int32Array;
  /** [tokens] What the ids stand for in the vocabulary. */
  readonly tokens: readonly string[];
  /** [2 · tokens] Start and end in the text of its sequence, in UTF-16 units; 0 and 0 for the template's special tokens. */
  readonly ranges: Int32Array;
  /** [tokens] Number of the word in its text, from 0; -1 for the template's special tokens. */
  readonly wordIds: Int32Array;
  /** [tokens] 0 for the first text, 1 for the second; -1 for the template's special tokens. */
  readonly sequenceIds: Int32Array;
  /** [tokens] 1 for the template's special tokens (not for a "[MASK]" in the text), else 0. */
  readonly specialMask: Uint8Array;
  /** Whether tokens were cut off. */
  readonly truncated: boolean;
}

/** The tokens of one text that stay: `count` of them from `from` on. */
export interface Stretch<Tokens = TokenBuffer> {
  readonly tokens: Tokens;
  readonly from: number;
  readonly count: number;
}

/** Puts the tokens of a text, or two, into the places of a template. */
export function encodingOf(
  template: Template,
  texts: readonly Stretch[],
  { vocabulary, truncated }: { vocabulary: Vocabulary; truncated: boolean },
): Encoding {
  const counts = texts.map(({ count }) => count);
  const length = counts.reduce((sum, count) => sum + count, template.added);
  const block = new Int32Array(4 * length); // ids, ranges, word numbers
  let at = 0;
  for (const piece of template.pieces) {
    if ("ids" in piece) {
      for (const id of piece.ids) {
        block[at] = id;
        block[3 * length + at++] = -1;
      }
      continue;
    }
    const { tokens, from, count } = texts[piece.sequence] as Stretch;
    for (let token = from; token < from + count; token++) {
      block[at] = tokens.ids[token] as number;
      block[length + 2 * at] = tokens.starts[token] as number;
      block[length + 2 * at + 1] = tokens.ends[token] as number;
      block[3 * length + at++] = tokens.words[token] as number;
    }
  }
  return new TemplateEncoding(block, { template, counts, vocabulary, truncated });
}

/** The ids alone of the tokens of a text, or two, in the places of a template. */
export function idsOf(template: Template, texts: readonly Stretch<IdBuffer>[]): Int32Array {
  const ids = new Int32Array(texts.reduce((sum, { count }) => sum + count, template.added));
  let at = 0;
  for (const piece of template.pieces) {
    if ("ids" in piece) {
      ids.set(piece.ids, at);
      at += piece.ids.length;
      continue;
    }
    const { tokens, from, count } = texts[piece.sequence] as Stretch<IdBuffer>;
    ids.set(tokens.ids.subarray(from, from + count), at);
    at += count;
  }
  return ids;
}

interface Layout {
  readonly template: Template;
  readonly counts: readonly number[];
  readonly vocabulary: Vocabulary;
  readonly truncated: boolean;
}

/** Keeps four numbers a token; the rest follows from the template and the lengths of the texts. */
class TemplateEncoding implements Encoding {
  readonly ids: Int32Array;
  readonly #block: Int32Array;
  readonly #layout: Layout;

  constructor(block: Int32Array, layout: Layout) {
    this.ids = block.subarray(0, block.length / 4);
    this.#block = block;
    this.#layout = layout;
  }

  get length(): number {
    return this.ids.length;
  }

  get truncated(): boolean {
    return this.#layout.truncated;
  }

  get ranges(): Int32Array {
    return this.#block.subarray(this.length, 3 * this.length);
  }

  get wordIds(): Int32Array {
    return this.#block.subarray(3 * this.length);
  }

  get tokens(): readonly string[] {
    return Array.from(this.ids, (id) => this.#layout.vocabulary.token(id) ?? "");
  }

  get typeIds(): Int32Array {
    return this.#fill(new Int32Array(this.length), (_sequence, typeId) => typeId);
  }

  get sequenceIds(): Int32Array {
    return this.#fill(new Int32Array(this.length), (sequence) => sequence);
  }

  get specialMask(): Uint8Array {
    return this.#fill(new Uint8Array(this.length), (sequence) => (sequence < 0 ? 1 : 0));
  }

  #fill<Values extends Int32Array | Uint8Array>(
    values: Values,
    valueAt: (sequence: number, typeId: number) => number,
  ): Values {
    const { template, counts } = this.#layout;
    let at = 0;
    for (const piece of template.pieces) {
      const sequence = "ids" in piece ? -1 : piece.sequence;
      const count = "ids" in piece ? piece.ids.length : (counts[piece.sequence] as number);
      values.fill(valueAt(sequence, piece.typeId), at, at + count);
      at += count;
    }
    return values;
  }
}

import { withoutByteOrderMark } from "./byte-order-mark.js";
import { TokenizerError } from "./tokenizer-error.js";

/** Tokens and their ids. */
export class Vocabulary {
  /** How many ids there are: one more than the largest. */
  readonly size: number;
  readonly #ids: ReadonlyMap<string, number>;
  /** By id; made when first asked for, as encoding never does. */
  #tokens: readonly (string | undefined)[] | undefined;

  /** @throws {TokenizerError} `invalid_file` where an id is no whole number from 0 to 2^31 - 1. */
  constructor(ids: ReadonlyMap<string, number>) {
    let size = 0;
    ids.forEach((id, token) => {
      if (!Number.isInteger(id) || id < 0 || id > 0x7fffffff) {
        throw new TokenizerError(
          "invalid_file",
          `vocabulary: ids are whole numbers from 0 to 2147483647, but ${JSON.stringify(token)} has ${id}`,
        );
      }
      if (id >= size) size = id + 1;
    });
    this.size = size;
    this.#ids = ids;
  }

  /** The id of a token, or undefined where there is no such token. */
  id(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** The token with an id, or undefined where there is none. */
  token(id: number): string | undefined {
    this.#tokens ??= this.#byId();
    return this.#tokens[id];
  }

  /** All tokens with their ids. */
  entries(): IterableIterator<[token: string, id: number]> {
    return this.#ids.entries();
  }

  /** Calls a function with every token; unlike `entries`, makes no object of each. */
  forEach(visit: (token: string, id: number) => void): void {
    this.#ids.forEach((id, token) => {
      visit(token, id);
    });
  }

  #byId(): (string | undefined)[] {
    const tokens: (string | undefined)[] = [];
    this.forEach((token, id) => {
      tokens[id] = token;
    });
    return tokens;
  }
}

/**
 * Reads a `vocab.txt`: one token a line, the first has id 0; of equal lines the last counts. Lines end at LF alone (a token
 * may be U+2028) and nothing is trimmed, but for a byte order mark in front and the CR of a file in which every line ends
 * with CR LF.
 */
export function parseVocabulary(text: string): Vocabulary {
  const lines = withoutByteOrderMark(text).split("\n");
  if (lines.at(-1) === "") lines.pop();
  const windows =
    lines.length > 0 && lines.every((line, index) => line.endsWith("\r") || (index === lines.length - 1 && index > 0));
  const ids = new Map<string, number>();
  lines.forEach((line, id) => {
    ids.set(windows && line.endsWith("\r") ? line.slice(0, -1) : line, id);
  });
  return new Vocabulary(ids);
}

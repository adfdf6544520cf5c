import type { AddedToken } from "./added-tokens.js";
import { TokenizerError } from "./tokenizer-error.js";
import { Vocabulary } from "./vocabulary.js";

/**
 * A vocabulary with the added tokens that it lacks.
 * @throws {TokenizerError} `invalid_file` where an added token has an id that another token has, or two ids.
 */
export function withAddedTokens(vocabulary: Vocabulary, added: readonly AddedToken[]): Vocabulary {
  const missing = added.filter(({ content, id }) => vocabulary.id(content) !== id);
  if (missing.length === 0) return vocabulary;
  const ids = new Map(vocabulary.entries());
  const contents = new Map<number, string>();
  for (const { content, id } of missing) {
    const rival = ids.has(content) ? content : (vocabulary.token(id) ?? contents.get(id));
    if (rival !== undefined && ids.get(content) !== id) {
      throw new TokenizerError(
        "invalid_file",
        `added token ${JSON.stringify(content)} has id ${id}, but the vocabulary has ${JSON.stringify(rival)} with ${ids.get(rival)}`,
      );
    }
    ids.set(content, id);
    contents.set(id, content);
  }
  return new Vocabulary(ids);
}

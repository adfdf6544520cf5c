/**
 * Whether a `vocab.txt` has tokens with capital letters, so that text is not to be lower-cased for it. Tokens in brackets
 * such as `[CLS]` or `<S>`, which uncased vocabularies have too, do not count.
 */
export function isCased(vocabulary: string): boolean {
  // Not \p{Lu}: an uncased vocabulary has ℝ, which has no lower case.
  return vocabulary.split(/\r?\n/).some((token) => !/^[[<]/.test(token) && token !== token.toLowerCase());
}

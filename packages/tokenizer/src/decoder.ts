/** How pieces become text again. */
export interface DecoderOptions {
  /** What marks a piece that continues a word; undefined where pieces are only joined with spaces. */
  readonly continuationPrefix: string | undefined;
  /** Whether spaces before punctuation and in English contractions are taken out unless `decode` is told otherwise. */
  readonly cleanUp: boolean;
}

/** Joins tokens to text: pieces to words, words with a space between. */
export function joinTokens(tokens: readonly string[], { continuationPrefix, cleanUp }: DecoderOptions): string {
  let text = "";
  tokens.forEach((token, index) => {
    let part = token;
    if (index > 0) {
      const continues = continuationPrefix !== undefined && token.startsWith(continuationPrefix);
      part = continues ? token.slice(continuationPrefix.length) : ` ${token}`;
    }
    text += cleanUp ? cleanUpToken(part) : part;
  });
  return text;
}

// Token by token and in this order, as Hugging Face's WordPiece decoder does; most of them can match only tokens that
// have a space inside.
const cleanUps: readonly (readonly [from: string, to: string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

function cleanUpToken(token: string): string {
  return cleanUps.reduce((text, [from, to]) => text.replaceAll(from, to), token);
}

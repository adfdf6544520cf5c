import type { BertTokenizer, Encoding } from "@bertkit/tokenizer";

/** What batches are made of: the tokens of one text. */
export type TextTokens = Pick<Encoding, "length" | "ids" | "typeIds" | "truncated">;

/** What happens to a text before its tokenizer sees it, and after. */
export interface TokenizationRules {
  /** What every text begins with. */
  readonly prompt: string;
  readonly lowerCase: boolean;
  /** Tokens at most, special tokens included. */
  readonly maxLength: number;
}

/** How the texts of a call are tokenised. */
export interface Tokenization {
  readonly tokenizer: BertTokenizer;
  readonly rules: TokenizationRules;
}

/** Tokenises one text. */
export function tokenize(text: string, { tokenizer, rules }: Tokenization): Encoding {
  const { prompt, lowerCase, maxLength } = rules;
  const whole = prompt + text;
  return tokenizer.encode(lowerCase ? whole.toLowerCase() : whole, { maxLength });
}

/** Tokenises texts, each when it is asked for. */
export async function* tokenizeEach(texts: AsyncIterable<string>, how: Tokenization): AsyncGenerator<TextTokens> {
  for await (const text of texts) yield tokenize(text, how);
}

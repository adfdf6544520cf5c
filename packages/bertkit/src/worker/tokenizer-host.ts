import type { BertTokenizer } from "@bertkit/tokenizer";
import { tokenize } from "../batching/tokenization.js";
import { unpackTokenizer } from "./packed-tokenizer.js";
import { packTokens } from "./packed-tokens.js";
import type { Handlers } from "./peer.js";
import type { CompanionMethods } from "./protocol.js";

/** What a companion does: it has tokenizers, and uses them for the worker that has the models. */
export function tokenizerHost(): Handlers<CompanionMethods> {
  const tokenizers = new Map<number, BertTokenizer>();
  return {
    openTokenizer: ({ tokenizer, packed }) => {
      tokenizers.set(tokenizer, unpackTokenizer(packed));
    },
    tokenize: ({ tokenizer: number, texts, rules }) => {
      const tokenizer = tokenizers.get(number)!;
      return packTokens(texts.map((text) => tokenize(text, { tokenizer, rules })));
    },
    closeTokenizer: (tokenizer) => {
      tokenizers.delete(tokenizer);
    },
  };
}

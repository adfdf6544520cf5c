import type { EncoderConfig } from "@bertkit/encoder-family";
import { ConfigError } from "@bertkit/layers";
import type { Backend } from "@bertkit/tensor";
import type { BertTokenizer } from "@bertkit/tokenizer";
import type { LoadModelOptions } from "./load-model-options.js";
import { shareBackend } from "./shared-backend.js";

/** Loads something of parts; what is in `owned` when it fails is disposed of. */
export async function owning<Result>(load: (owned: Disposable[]) => Promise<Result>): Promise<Result> {
  const owned: Disposable[] = [];
  try {
    return await load(owned);
  } catch (error) {
    for (const part of owned) part[Symbol.dispose]();
    throw error;
  }
}

/** The backend that the options give, else one that is shared and owned. */
export async function backendOf(options: LoadModelOptions, owned: Disposable[]): Promise<Backend> {
  if (options.backend) return options.backend;
  const shared = await shareBackend(options);
  owned.push(shared);
  return shared.resource;
}

/** Throws `ConfigError` for a tokenizer that knows more tokens than the encoder. */
export function checkVocabulary(tokenizer: BertTokenizer, config: EncoderConfig): void {
  if (tokenizer.vocabulary.size > config.vocabulary) {
    throw new ConfigError("this model's files do not belong together", [
      `the tokenizer has ${tokenizer.vocabulary.size} tokens, the encoder's table ${config.vocabulary} rows`,
    ]);
  }
}

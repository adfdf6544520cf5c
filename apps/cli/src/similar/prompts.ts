import type { EncodeOptions, SentenceEncoder } from "bertkit";
import type { SimilarFlags } from "./similar-flags.js";

/** What stands before queries: what the flags say, else as `encode_query` of sentence-transformers the prompt called so. */
export function queryPrompt(
  { prompts }: Pick<SentenceEncoder, "prompts">,
  { prompt, promptName }: Pick<SimilarFlags, "prompt" | "promptName"> = {},
): EncodeOptions {
  if (prompt !== undefined || promptName !== undefined) return { prompt, promptName };
  return { promptName: firstOf(["query"], prompts) };
}

/** What stands before texts that are searched: what the flags say, else as `encode_document` the first prompt called so. */
export function documentPrompt(
  { prompts }: Pick<SentenceEncoder, "prompts">,
  flags: Pick<SimilarFlags, "documentPrompt" | "documentPromptName"> = {},
): EncodeOptions {
  const { documentPrompt: prompt, documentPromptName: promptName } = flags;
  if (prompt !== undefined || promptName !== undefined) return { prompt, promptName };
  return { promptName: firstOf(["document", "passage", "corpus"], prompts) };
}

function firstOf(names: readonly string[], prompts: SentenceEncoder["prompts"]): string | undefined {
  return names.find((name) => prompts.has(name));
}

import { ConfigError } from "@bertkit/layers";
import { BertTokenizer } from "@bertkit/tokenizer";
import { type ModelFolder, type OpenFolderOptions, openModelFolder } from "./model-folder.js";

/**
 * The tokenizer of a model's folder or address: from its `tokenizer.json`, else its `vocab.txt`, with its
 * `tokenizer_config.json`. Throws `TokenizerError` for files it cannot use, `ConfigError` where there are none.
 */
export async function loadTokenizer(model: string, options: OpenFolderOptions = {}): Promise<BertTokenizer> {
  return tokenizerIn(await openModelFolder(model, options));
}

/** The same for a folder that is open. */
export async function tokenizerIn(folder: ModelFolder): Promise<BertTokenizer> {
  const config = await folder.readText("tokenizer_config.json");
  const json = await folder.readText("tokenizer.json");
  if (json !== undefined) return BertTokenizer.fromTokenizerJson(json, { config });
  const vocabulary = await folder.readText("vocab.txt");
  if (vocabulary !== undefined) return BertTokenizer.fromVocabulary(vocabulary, { config });
  throw new ConfigError(folder.place, ["there is neither a tokenizer.json nor a vocab.txt"]);
}

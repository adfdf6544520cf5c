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

/** The same for a folder that is open; `path` is a folder inside it. */
export async function tokenizerIn(folder: ModelFolder, path = ""): Promise<BertTokenizer> {
  const at = (file: string): string => (path === "" ? file : `${path}/${file}`);
  const config = await folder.readText(at("tokenizer_config.json"));
  const json = await folder.readText(at("tokenizer.json"));
  if (json !== undefined) return BertTokenizer.fromTokenizerJson(json, { config });
  const vocabulary = await folder.readText(at("vocab.txt"));
  if (vocabulary !== undefined) return BertTokenizer.fromVocabulary(vocabulary, { config });
  throw new ConfigError(folder.child(path), ["there is neither a tokenizer.json nor a vocab.txt"]);
}

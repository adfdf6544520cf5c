import { BertTokenizer, everyPart } from "@bertkit/tokenizer";
import type { DownloadOptions } from "./download-options.js";
import type { ModelFolder } from "./opening/model-folder.js";
import { encoderPath, noTokenizer, otherTokenizers, tokenizerFiles } from "./opening/needed-files.js";
import { withModel } from "./opening/open-model.js";
import { isCased } from "./vocabulary-case.js";

/**
 * The tokenizer of a model (named as for `loadSentenceEncoder`), for which no weights are fetched: from its
 * `tokenizer.json`, else its `vocab.txt`, with its `tokenizer_config.json`; where there is but a vocabulary, as in
 * Google's releases, text is lower-cased unless the vocabulary has capital letters. Throws `TokenizerError` for files it cannot
 * use, `ConfigError` where there are none, `HubError` for a model that cannot be had.
 */
export async function loadTokenizer(model?: string, options: DownloadOptions = {}): Promise<BertTokenizer> {
  return withModel(model, { ...options, needed: tokenizerFiles }, async (folder) =>
    tokenizerIn(folder.folder(await encoderPath(folder))),
  );
}

/** The same for a folder that is open. */
export async function tokenizerIn(folder: ModelFolder): Promise<BertTokenizer> {
  const config = await folder.readText("tokenizer_config.json");
  const json = await folder.readText("tokenizer.json");
  if (json !== undefined) return BertTokenizer.fromTokenizerJson(json, { config, parts: everyPart });
  const vocabulary = await folder.readText("vocab.txt");
  if (vocabulary === undefined) {
    const others = await Promise.all(otherTokenizers.map((name) => folder.readText(name)));
    throw noTokenizer(folder, otherTokenizers[others.findIndex((text) => text !== undefined)]);
  }
  const lowerCase = config === undefined ? !isCased(vocabulary) : undefined;
  return BertTokenizer.fromVocabulary(vocabulary, { config, lowerCase });
}

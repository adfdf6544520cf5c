import { type HeadSettings, headSettingsFromHuggingFace } from "@bertkit/bert-model";
import { recordOf } from "@bertkit/layers";
import type { ModelFolder } from "./model-folder.js";

/**
 * What a folder says of its head: its `config.json`, given, and where sentence-transformers since version 6 keeps a
 * re-ranker's activation. Throws `ConfigError` that lists all that is wrong.
 */
export async function headSettingsIn(folder: ModelFolder, configJson: unknown): Promise<HeadSettings> {
  const { activation_fn } = recordOf(await folder.readJson("config_sentence_transformers.json"));
  const config = recordOf(configJson);
  if (activation_fn === undefined) return headSettingsFromHuggingFace(config);
  const stated = { ...recordOf(config.sentence_transformers), activation_fn };
  return headSettingsFromHuggingFace({ ...config, sentence_transformers: stated });
}

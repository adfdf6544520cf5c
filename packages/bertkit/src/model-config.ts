import { bertConfigFromGoogle, bertFamily } from "@bertkit/bert-model";
import {
  type EncoderConfig,
  type EncoderFamily,
  type HeadSettings,
  headSettingsFromHuggingFace,
} from "@bertkit/encoder-family";
import { ConfigError, recordOf } from "@bertkit/layers";
import { familyOf } from "./families.js";
import type { ModelFolder } from "./opening/model-folder.js";

/** What a folder says of its encoder and of the head on it. */
export interface ModelConfig {
  readonly family: EncoderFamily;
  readonly config: EncoderConfig;
  readonly head: HeadSettings;
}

/**
 * Reads Hugging Face's `config.json`, or else Google's `bert_config.json`, which says nothing of heads; and where
 * sentence-transformers since version 6 keeps a re-ranker's activation. Throws `ConfigError` that lists all that is
 * wrong, or where there is neither.
 */
export async function readModelConfig(folder: ModelFolder): Promise<ModelConfig> {
  const json = await folder.readJson("config.json");
  if (json !== undefined) {
    const family = familyOf(json);
    return { family, config: family.configFromHuggingFace(json), head: await headSettingsIn(folder, json) };
  }
  const googleJson = await folder.readJson("bert_config.json");
  if (googleJson !== undefined) {
    return { family: bertFamily, config: bertConfigFromGoogle(googleJson), head: headSettingsFromHuggingFace({}) };
  }
  throw new ConfigError(folder.place, [
    "there is neither a config.json nor a bert_config.json, so this is no model's folder",
  ]);
}

async function headSettingsIn(folder: ModelFolder, configJson: unknown): Promise<HeadSettings> {
  const { activation_fn } = recordOf(await folder.readJson("config_sentence_transformers.json"));
  const config = recordOf(configJson);
  if (activation_fn === undefined) return headSettingsFromHuggingFace(config);
  const stated = { ...recordOf(config.sentence_transformers), activation_fn };
  return headSettingsFromHuggingFace({ ...config, sentence_transformers: stated });
}

import { type BertConfig, bertConfigFromGoogle, bertConfigFromHuggingFace, bertFamily } from "@bertkit/bert-model";
import { ConfigError, recordOf } from "@bertkit/layers";
import { type BertTokenizer, TokenizerError } from "@bertkit/tokenizer";
import { tokenizerIn } from "../load-tokenizer.js";
import { type ModelConfig, readModelConfig } from "../model-config.js";
import { type ModelFolder, notingTexts } from "../opening/model-folder.js";
import { readSentenceSettings, type SentenceSettings } from "../sentence-settings.js";

/** A model that is to be converted, read up to its weights. */
export interface Origin {
  readonly folder: ModelFolder;
  /** The folder of its encoder and tokenizer, mostly the same. */
  readonly encoder: ModelFolder;
  readonly settings: SentenceSettings;
  readonly modelConfig: ModelConfig;
  /** Its `config.json`; undefined where there is Google's `bert_config.json` instead. */
  readonly configJson: Readonly<Record<string, unknown>> | undefined;
  /** Undefined for another family's. */
  readonly bertConfig: BertConfig | undefined;
  /** As Hugging Face's `model_type` spells it. */
  readonly modelType: string;
  /** Undefined for a model whose tokenizer is not read here, which goes by ids. */
  readonly tokenizer: BertTokenizer | undefined;
  /** The texts of its files by their paths in `folder`. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads what a model's folder says of it. Throws `ConfigError` where that is no model, or one of no known family. */
export async function readOrigin(opened: ModelFolder): Promise<Origin> {
  const { folder, texts } = notingTexts({
    ...opened,
    openCheckpoint: (path, signal) => opened.folder(path).openCheckpoint(signal),
  });
  const settings = await readSentenceSettings(folder);
  const encoder = folder.folder(settings.encoderFolder);
  const modelConfig = await readModelConfig(encoder);
  for (const name of tokenizerTexts) await encoder.readText(name);
  const json = await encoder.readJson("config.json");
  const configJson = json === undefined ? undefined : recordOf(json);
  const { model_type: type } = configJson ?? {};
  const modelType = typeof type === "string" ? type : modelConfig.family.modelTypes[0];
  const tokenizer = await tokenizerOf(encoder);
  const bertConfig = modelConfig.family.name === bertFamily.name ? await bertConfigIn(encoder, json) : undefined;
  return { folder, encoder, settings, modelConfig, configJson, bertConfig, modelType, tokenizer, texts };
}

const bertConfigIn = async (encoder: ModelFolder, json: unknown): Promise<BertConfig> =>
  json === undefined
    ? bertConfigFromGoogle(await encoder.readJson("bert_config.json"))
    : bertConfigFromHuggingFace(json);

/** Whatever a tokenizer of transformers may be made of, as text. */
export const tokenizerTexts = [
  ...["tokenizer.json", "vocab.txt", "tokenizer_config.json", "special_tokens_map.json"],
  ...["added_tokens.json", "vocab.json", "merges.txt"],
];

async function tokenizerOf(encoder: ModelFolder): Promise<BertTokenizer | undefined> {
  try {
    return await tokenizerIn(encoder);
  } catch (error) {
    const isOfAnotherKind = error instanceof TokenizerError && error.code === "unsupported";
    if (isOfAnotherKind || error instanceof ConfigError) return undefined;
    throw error;
  }
}

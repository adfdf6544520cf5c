import { type Bert, type BertConfig, bertConfigFromHuggingFace, loadBert } from "@bertkit/bert-model";
import type { CheckpointSource } from "@bertkit/checkpoint";
import { SentenceEmbedding } from "@bertkit/heads";
import { ConfigError } from "@bertkit/layers";
import type { Backend } from "@bertkit/tensor";
import type { BertTokenizer } from "@bertkit/tokenizer";
import { configJsonIn } from "./config-json.js";
import { type Device, openBackend } from "./devices.js";
import type { DownloadOptions } from "./download-options.js";
import { tokenizerIn } from "./load-tokenizer.js";
import type { ModelFolder } from "./model-folder.js";
import { sentenceEncoderFiles } from "./needed-files.js";
import { openModel } from "./open-model.js";
import { SentenceEncoder } from "./sentence-encoder.js";
import {
  denseStages,
  lengthLimit,
  readSentenceSettings,
  type SentenceSettings,
  type VectorWishes,
  withWishes,
} from "./sentence-settings.js";
import { withCheckpoint } from "./with-checkpoint.js";

export interface LoadSentenceEncoderOptions extends VectorWishes, DownloadOptions {
  /** Where to compute; it stays yours. By default the encoder opens one of its own and closes it when disposed of. */
  readonly backend?: Backend | undefined;
  /** Which device to open where no backend is given. */
  readonly device?: Device | undefined;
  /** Whether that device may use 256-bit operations, as in `openBackend`. */
  readonly wide?: boolean | undefined;
  /** Tokens at most, special tokens included, instead of the limit that the model's files state. */
  readonly maxLength?: number | undefined;
}

/**
 * A sentence encoder from a model's folder, its name on the hub (`namespace/name@revision`, fetched into the cache
 * where it isn't there) or its http(s) address; where none is named, `BERTKIT_MODEL`, else `defaultModel`. The files
 * are those of sentence-transformers or a BERT of Hugging Face (then the mean of its tokens). Throws `HubError` for a
 * model that cannot be had, `ConfigError`, `TokenizerError`, `CheckpointError` or `CheckpointMismatchError` for files
 * that cannot be used, `UnsupportedError` for an absent device.
 */
export async function loadSentenceEncoder(
  model?: string,
  options: LoadSentenceEncoderOptions = {},
): Promise<SentenceEncoder> {
  const { signal, maxLength } = options;
  const folder = await openModel(model, sentenceEncoderFiles, options);
  const stated = await readSentenceSettings(folder);
  const encoderFolder = folder.folder(stated.encoderFolder);
  const config = bertConfigFromHuggingFace(await configJsonIn(encoderFolder));
  const settings = withWishes(stated, config.width, options);
  const tokenizer = await tokenizerIn(encoderFolder);
  const limit = lengthLimit(settings, tokenizer, config, maxLength);
  checkVocabulary(tokenizer, config);
  const backend = options.backend ?? (await openBackend(options));
  const owned: Disposable[] = options.backend ? [] : [backend];
  try {
    const bert = await encoderIn(encoderFolder, config, { backend, signal });
    owned.unshift(bert);
    const head = await headIn(folder, settings, { backend, signal });
    owned.unshift(head);
    bert.freeze().prepare();
    head.freeze().prepare();
    return new SentenceEncoder({ tokenizer, bert, head, settings, maxLength: limit, backend, owned });
  } catch (error) {
    for (const part of owned) part[Symbol.dispose]();
    throw error;
  }
}

interface Place {
  readonly backend: Backend;
  readonly signal: AbortSignal | undefined;
}

async function encoderIn(folder: ModelFolder, config: BertConfig, { backend, signal }: Place): Promise<Bert> {
  // A sentence vector is pooled from hidden states: the pooler's weights would never be used.
  const needed = { ...config, pooler: false };
  const load = (source: CheckpointSource) => loadBert(source, needed, backend, { signal });
  return (await withCheckpoint(folder, signal, load)).bert;
}

async function headIn(
  folder: ModelFolder,
  settings: SentenceSettings,
  { backend, signal }: Place,
): Promise<SentenceEmbedding> {
  const head = new SentenceEmbedding(settings);
  try {
    for (const [i, { folder: path }] of denseStages(settings).entries()) {
      const load = (source: CheckpointSource) => head.dense[i]!.load(source, backend, { signal });
      await withCheckpoint(folder.folder(path), signal, load);
    }
    return head;
  } catch (error) {
    head[Symbol.dispose]();
    throw error;
  }
}

function checkVocabulary(tokenizer: BertTokenizer, config: BertConfig): void {
  if (tokenizer.vocabulary.size > config.vocabulary) {
    throw new ConfigError("this model's files do not belong together", [
      `the tokenizer has ${tokenizer.vocabulary.size} tokens, the encoder's table ${config.vocabulary} rows`,
    ]);
  }
}

import { type Bert, type BertConfig, bertConfigFromHuggingFace, loadBert } from "@bertkit/bert-model";
import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import { type PoolingMode, SentenceEmbedding } from "@bertkit/heads";
import { ConfigError } from "@bertkit/layers";
import type { Backend } from "@bertkit/tensor";
import type { BertTokenizer } from "@bertkit/tokenizer";
import { type Device, openBackend } from "./devices.js";
import { tokenizerIn } from "./load-tokenizer.js";
import { type ModelFolder, openModelFolder } from "./model-folder.js";
import { SentenceEncoder } from "./sentence-encoder.js";
import { readSentenceSettings, type SentenceSettings } from "./sentence-settings.js";

export interface LoadSentenceEncoderOptions {
  /** Where to compute; it stays yours. By default the encoder opens one of its own and closes it when disposed of. */
  readonly backend?: Backend | undefined;
  /** Which device to open where no backend is given. */
  readonly device?: Device | undefined;
  /** Whether that device may use 256-bit operations, as in `openBackend`. */
  readonly wide?: boolean | undefined;
  /** Instead of the pooling that the model's files state. */
  readonly pooling?: PoolingMode | undefined;
  /** Tokens at most, special tokens included, instead of the limit that the model's files state. */
  readonly maxLength?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A sentence encoder from a model's folder or http(s) address, in the layout of sentence-transformers or a BERT of
 * Hugging Face (then the mean of its tokens). Throws `ConfigError`, `TokenizerError`, `CheckpointError` or
 * `CheckpointMismatchError` for files that cannot be used, `UnsupportedError` for an absent device.
 */
export async function loadSentenceEncoder(
  model: string,
  options: LoadSentenceEncoderOptions = {},
): Promise<SentenceEncoder> {
  const { signal, pooling, maxLength } = options;
  const folder = await openModelFolder(model, { signal });
  const settings = await readSentenceSettings(folder, pooling);
  const config = await configIn(folder, settings.encoderFolder);
  const tokenizer = await tokenizerIn(folder, settings.encoderFolder);
  const limit = lengthLimit(settings, tokenizer, config, maxLength);
  const backend = options.backend ?? (await openBackend(options));
  const owned: Disposable[] = options.backend ? [] : [backend];
  try {
    const bert = await encoderIn(folder, settings, { config, backend, signal });
    owned.unshift(bert);
    checkVocabulary(tokenizer, config);
    const head = new SentenceEmbedding(settings);
    owned.unshift(head);
    await loadDense(head, folder, settings, { backend, signal });
    bert.freeze().prepare();
    head.freeze().prepare();
    return new SentenceEncoder({ tokenizer, bert, head, settings, maxLength: limit, backend, owned });
  } catch (error) {
    for (const part of owned) part[Symbol.dispose]();
    throw error;
  }
}

/** The configuration of the encoder in a folder. Throws `ConfigError`. */
export async function configIn(folder: ModelFolder, path: string): Promise<BertConfig> {
  const file = path === "" ? "config.json" : `${path}/config.json`;
  const json = await folder.readJson(file);
  if (json === undefined) throw new ConfigError(folder.name, [`there is no ${file}, so this is no model's folder`]);
  return bertConfigFromHuggingFace(json);
}

interface Place {
  readonly backend: Backend;
  readonly signal: AbortSignal | undefined;
}

async function encoderIn(
  folder: ModelFolder,
  { encoderFolder }: SentenceSettings,
  { config, backend, signal }: Place & { readonly config: BertConfig },
): Promise<Bert> {
  // A sentence vector is pooled from hidden states: the pooler's weights would never be used.
  const loading = (source: CheckpointSource): ReturnType<typeof loadBert> =>
    loadBert(source, { ...config, pooler: false }, backend, { signal });
  return (await withCheckpoint(folder.child(encoderFolder), signal, loading)).bert;
}

async function loadDense(
  head: SentenceEmbedding,
  folder: ModelFolder,
  { stages }: SentenceSettings,
  { backend, signal }: Place,
): Promise<void> {
  const folders = stages.flatMap((stage) => (stage === "normalize" ? [] : [stage.folder]));
  for (const [i, dense] of head.dense.entries()) {
    await withCheckpoint(folder.child(folders[i]!), signal, (source) => dense.load(source, backend, { signal }));
  }
}

async function withCheckpoint<Result>(
  place: string,
  signal: AbortSignal | undefined,
  use: (source: CheckpointSource) => Promise<Result>,
): Promise<Result> {
  const source = await openCheckpoint(place, { signal });
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

/** The limit asked for, else the files', but never more than the encoder has positions for. */
export function lengthLimit(
  settings: SentenceSettings,
  tokenizer: BertTokenizer,
  { maxPositions }: BertConfig,
  wanted?: number,
): number {
  const least = tokenizer.addedTokenCount() + 1;
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted >= least && wanted <= maxPositions)) {
    throw new ConfigError("maximum length", [
      `this model takes ${least} to ${maxPositions} tokens, special tokens included, got ${wanted}`,
    ]);
  }
  return wanted ?? Math.min(settings.maxLength ?? tokenizer.modelMaxLength ?? maxPositions, maxPositions);
}

function checkVocabulary(tokenizer: BertTokenizer, config: BertConfig): void {
  if (tokenizer.vocabulary.size > config.vocabulary) {
    throw new ConfigError("this model's files do not belong together", [
      `the tokenizer has ${tokenizer.vocabulary.size} tokens, the encoder's table ${config.vocabulary} rows`,
    ]);
  }
}

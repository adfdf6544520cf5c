import type { CheckpointSource } from "@bertkit/checkpoint";
import { type ConfiguredEncoder, loadEncoder, type Precision } from "@bertkit/encoder-family";
import { SentenceEmbedding } from "@bertkit/heads";
import type { Backend } from "@bertkit/tensor";
import { backendOf, checkVocabulary, owning } from "./load-parts.js";
import type { LoadSentenceEncoderOptions } from "./load-sentence-encoder.js";
import { tokenizerIn } from "./load-tokenizer.js";
import { type ModelConfig, readModelConfig } from "./model-config.js";
import type { ModelFolder } from "./opening/model-folder.js";
import { sentenceEncoderFiles } from "./opening/needed-files.js";
import { withModel } from "./opening/open-model.js";
import { withCheckpoint } from "./opening/with-checkpoint.js";
import { SentencePipeline } from "./sentence-pipeline.js";
import {
  denseStages,
  lengthLimit,
  readSentenceSettings,
  type SentenceSettings,
  withWishes,
} from "./sentence-settings.js";

type PipelineOptions = Omit<LoadSentenceEncoderOptions, "worker">;

/** Loads a sentence encoder's parts for the thread that calls it. Throws as `loadSentenceEncoder` does. */
export function loadPipeline(model: string | undefined, options: PipelineOptions): Promise<SentencePipeline> {
  return withModel(model, { ...options, needed: sentenceEncoderFiles }, (folder) => pipelineIn(folder, options));
}

async function pipelineIn(folder: ModelFolder, options: PipelineOptions): Promise<SentencePipeline> {
  const { signal, maxLength, precision } = options;
  const stated = await readSentenceSettings(folder);
  const encoderFolder = folder.folder(stated.encoderFolder);
  const modelConfig = await readModelConfig(encoderFolder);
  const { config } = modelConfig;
  const settings = withWishes(stated, config.width, options);
  return owning(async (owned) => {
    // First, while the engine's young generation is small: a vocabulary makes it grow, and garbage would then fill it.
    const backend = await backendOf(options, owned);
    const tokenizer = await tokenizerIn(encoderFolder);
    const limit = lengthLimit(settings, tokenizer, config, maxLength);
    checkVocabulary(tokenizer, config);
    const encoder = await encoderIn(encoderFolder, modelConfig, { backend, signal, precision });
    owned.unshift(encoder);
    const head = await headIn(folder, settings, { backend, signal });
    owned.unshift(head);
    encoder.freeze();
    head.freeze().prepare();
    return new SentencePipeline({ tokenizer, encoder, head, settings, maxLength: limit, backend, owned });
  });
}

interface Place {
  readonly backend: Backend;
  readonly signal: AbortSignal | undefined;
}

async function encoderIn(
  folder: ModelFolder,
  { family, config }: ModelConfig,
  { backend, signal, precision }: Place & { readonly precision: Precision | undefined },
): Promise<ConfiguredEncoder> {
  // A sentence vector is pooled from hidden states: the pooler's weights would never be used.
  const needed = { ...config, pooler: false };
  const load = (source: CheckpointSource) =>
    loadEncoder(family, source, needed, backend, { signal, precision, onFilled: (parameter) => parameter.prepare() });
  return (await withCheckpoint(folder, signal, load)).encoder;
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

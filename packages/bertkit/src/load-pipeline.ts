import { type Bert, type BertConfig, bertConfigFromHuggingFace, loadBert, type Precision } from "@bertkit/bert-model";
import type { CheckpointSource } from "@bertkit/checkpoint";
import { SentenceEmbedding } from "@bertkit/heads";
import type { Backend } from "@bertkit/tensor";
import { configJsonIn } from "./config-json.js";
import { backendOf, checkVocabulary, owning } from "./load-parts.js";
import type { LoadSentenceEncoderOptions } from "./load-sentence-encoder.js";
import { tokenizerIn } from "./load-tokenizer.js";
import type { ModelFolder } from "./model-folder.js";
import { sentenceEncoderFiles } from "./needed-files.js";
import { openModel } from "./open-model.js";
import { SentencePipeline } from "./sentence-pipeline.js";
import {
  denseStages,
  lengthLimit,
  readSentenceSettings,
  type SentenceSettings,
  withWishes,
} from "./sentence-settings.js";
import { withCheckpoint } from "./with-checkpoint.js";

/** Loads a sentence encoder's parts for the thread that calls it. Throws as `loadSentenceEncoder` does. */
export async function loadPipeline(
  model: string | undefined,
  options: Omit<LoadSentenceEncoderOptions, "worker">,
): Promise<SentencePipeline> {
  const { signal, maxLength, precision } = options;
  const folder = await openModel(model, sentenceEncoderFiles, options);
  const stated = await readSentenceSettings(folder);
  const encoderFolder = folder.folder(stated.encoderFolder);
  const config = bertConfigFromHuggingFace(await configJsonIn(encoderFolder));
  const settings = withWishes(stated, config.width, options);
  return owning(async (owned) => {
    // First, while the engine's young generation is small: a vocabulary makes it grow, and garbage would then fill it.
    const backend = await backendOf(options, owned);
    const tokenizer = await tokenizerIn(encoderFolder);
    const limit = lengthLimit(settings, tokenizer, config, maxLength);
    checkVocabulary(tokenizer, config);
    const bert = await encoderIn(encoderFolder, config, { backend, signal, precision });
    owned.unshift(bert);
    const head = await headIn(folder, settings, { backend, signal });
    owned.unshift(head);
    bert.freeze();
    head.freeze().prepare();
    return new SentencePipeline({ tokenizer, bert, head, settings, maxLength: limit, backend, owned });
  });
}

interface Place {
  readonly backend: Backend;
  readonly signal: AbortSignal | undefined;
}

async function encoderIn(
  folder: ModelFolder,
  config: BertConfig,
  { backend, signal, precision }: Place & { readonly precision: Precision | undefined },
): Promise<Bert> {
  // A sentence vector is pooled from hidden states: the pooler's weights would never be used.
  const needed = { ...config, pooler: false };
  const load = (source: CheckpointSource) =>
    loadBert(source, needed, backend, { signal, precision, onFilled: (parameter) => parameter.prepare() });
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

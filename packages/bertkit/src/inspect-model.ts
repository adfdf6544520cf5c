import type { CheckpointSource } from "@bertkit/checkpoint";
import { type EncoderConfig, headClassEndings } from "@bertkit/encoder-family";
import type { PoolingMode } from "@bertkit/heads";
import { sizeOf } from "@bertkit/tensor";
import { modelOr } from "./default-model.js";
import type { DownloadOptions } from "./download-options.js";
import { tokenizerIn } from "./load-tokenizer.js";
import { readModelConfig } from "./model-config.js";
import type { ModelFolder } from "./opening/model-folder.js";
import { sentenceEncoderFiles } from "./opening/needed-files.js";
import { withModel } from "./opening/open-model.js";
import { withCheckpoint } from "./opening/with-checkpoint.js";
import {
  denseStages,
  lengthLimit,
  readSentenceSettings,
  type SentenceSettings,
  vectorWidth,
} from "./sentence-settings.js";
import { holdingsOf, type TaskName, tasksOf } from "./tasks/task-heads.js";

/** What a model is. */
export interface ModelInfo {
  /** As it was given. */
  readonly model: string;
  /** The kind of encoder, such as BERT. */
  readonly family: string;
  readonly config: EncoderConfig;
  /** How many numbers are learned. */
  readonly parameters: number;
  /** Of the weights, as stored. */
  readonly bytes: number;
  /** How the weights are stored, such as float32. */
  readonly dtypes: readonly string[];
  /** The classes of Hugging Face's transformers that the configuration names. */
  readonly architectures: readonly string[];
  /** What it was made for, in words. */
  readonly purposes: readonly string[];
  /** The tasks that its weights hold a head for; sentence vectors, features and attention every encoder gives. */
  readonly tasks: readonly TaskName[];
  /** Of a classification head, in the order of its logits; empty where there is none. */
  readonly labels: readonly string[];
  /** How its sentence vectors are made; for a BERT that is no sentence model, how they would be. */
  readonly sentence: SentenceInfo;
}

export interface SentenceInfo {
  readonly poolings: readonly PoolingMode[];
  /** Numbers of a vector. */
  readonly width: number;
  /** Tokens of a text at most, special tokens included. */
  readonly maxLength: number;
  /** Whether vectors have length 1. */
  readonly normalized: boolean;
  readonly prompts: ReadonlyMap<string, string>;
}

/**
 * Reads what a model (named as for `loadSentenceEncoder`) says of itself, and the headers of its weights, not the
 * weights. A model on the hub that is not in the cache is fetched, weights and all: whoever asks what it is will use it
 * next. Throws as `loadSentenceEncoder` does.
 */
export function inspectModel(model?: string, options: DownloadOptions = {}): Promise<ModelInfo> {
  return withModel(model, { ...options, needed: sentenceEncoderFiles }, (folder) =>
    inspect(folder, modelOr(model), options.signal),
  );
}

async function inspect(folder: ModelFolder, model: string, signal: AbortSignal | undefined): Promise<ModelInfo> {
  const settings = await readSentenceSettings(folder);
  const { stages, poolings, prompts, isSentenceModel } = settings;
  const encoderFolder = folder.folder(settings.encoderFolder);
  const modelConfig = await readModelConfig(encoderFolder);
  const { family, config, head } = modelConfig;
  const tokenizer = await tokenizerIn(encoderFolder);
  const denseFolders = denseStages(settings).map((stage) => folder.folder(stage.folder));
  const weights = { parameters: 0, bytes: 0, dtypes: new Set<string>() };
  const holdings = await withCheckpoint(encoderFolder, signal, async (source) => {
    addWeights(source, weights);
    return holdingsOf(modelConfig, source.entries);
  });
  for (const part of denseFolders) {
    await withCheckpoint(part, signal, async (source) => addWeights(source, weights));
  }
  const { heads } = holdings;
  const { architectures, labels } = head;
  const hasLabels = heads.includes("sequenceClassification") || heads.includes("tokenClassification");
  return {
    model,
    family: family.name,
    config,
    ...weights,
    dtypes: [...weights.dtypes],
    architectures,
    purposes: [...(isSentenceModel ? [sentencePurpose(settings)] : []), ...purposesOf(architectures)],
    tasks: tasksOf(holdings),
    labels: hasLabels ? labels : [],
    sentence: {
      poolings,
      width: vectorWidth(settings, config.width),
      maxLength: lengthLimit(settings, tokenizer, config),
      normalized: stages.at(-1) === "normalize",
      prompts,
    },
  };
}

function addWeights(source: CheckpointSource, total: { parameters: number; bytes: number; dtypes: Set<string> }): void {
  const { entries } = source;
  const isInt8 = (part: string): boolean =>
    entries.get(`${part}.weight`)?.dtype === "int8" && entries.has(`${part}.scale`);
  for (const [name, { shape, dtype }] of entries) {
    const [, part = "", field] = /^(.*)\.(weight|scale)$/.exec(name) ?? [];
    const quantized = isInt8(part);
    // Other integer arrays are buffers, such as old files' position_ids: nothing learned.
    if (!dtype.includes("float") && !(quantized && field === "weight")) continue;
    if (!(quantized && field === "scale")) total.parameters += sizeOf(shape);
    total.bytes += (sizeOf(shape) * Number(/\d+/.exec(dtype)?.[0] ?? 32)) / 8;
    total.dtypes.add(dtype);
  }
}

function sentencePurpose({ poolings, stages }: SentenceSettings): string {
  const steps = stages.map((stage) => {
    if (stage === "normalize") return "normalised";
    return "folder" in stage ? `Dense to ${stage.outputs}` : `cut to ${stage.dimensions}`;
  });
  return `sentence embedding (${[`${poolings.join(" + ")} pooling`, ...steps].join(", ")})`;
}

/** What the heads of Hugging Face's classes are for, by how their names end behind that of the family. */
const purposesByEnding: ReadonlyMap<string, string> = new Map([
  [headClassEndings.maskedLanguage, "filling masks"],
  [headClassEndings.nextSentence, "next sentence prediction"],
  [headClassEndings.sequenceClassification, "classifying texts"],
  [headClassEndings.tokenClassification, "tagging tokens"],
  [headClassEndings.questionAnswering, "answering questions from a text"],
  [headClassEndings.multipleChoice, "multiple choice"],
  ["LMHeadModel", "writing on (causal language model)"],
  ["ForCausalLM", "writing on (causal language model)"],
]);

/** What families are pre-trained for differs. */
const pretrainings: ReadonlyMap<string, string> = new Map([
  ["BertForPreTraining", "pre-training (masked language and next sentence)"],
  ["AlbertForPreTraining", "pre-training (masked language and sentence order)"],
  ["ElectraForPreTraining", "pre-training (telling replaced tokens)"],
]);

const purposesOf = (architectures: readonly string[]): string[] =>
  architectures.flatMap((name) => {
    const ending = [...purposesByEnding.keys()].find((end) => name.endsWith(end));
    return pretrainings.get(name) ?? purposesByEnding.get(ending ?? "") ?? [];
  });

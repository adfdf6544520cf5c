import type { CheckpointSource } from "@bertkit/checkpoint";
import {
  type ConfiguredEncoder,
  type EncoderConfig,
  findHeadNames,
  type HeadSettings,
  loadEncoder as loadFamilyEncoder,
} from "@bertkit/encoder-family";
import type { WordTable } from "@bertkit/heads";
import { activationNamed, ConfigError, type Module } from "@bertkit/layers";
import type { Activation, Backend } from "@bertkit/tensor";
import type { LoadModelOptions } from "../load-model-options.js";
import { backendOf, checkVocabulary, owning } from "../load-parts.js";
import { tokenizerIn } from "../load-tokenizer.js";
import { type ModelConfig, readModelConfig } from "../model-config.js";
import type { ModelFolder } from "../opening/model-folder.js";
import { encoderFiles, encoderPath } from "../opening/needed-files.js";
import { withModel } from "../opening/open-model.js";
import { withCheckpoint } from "../opening/with-checkpoint.js";
import { loadOutputWords } from "../output-words.js";
import { lengthLimit } from "../sentence-settings.js";
import { holdingsOf, lackOf, type Task, type TaskName, tasksOf } from "./task-heads.js";
import { TaskModel } from "./task-model.js";

/** What a head is made from. */
export interface HeadContext {
  readonly config: EncoderConfig;
  readonly settings: HeadSettings;
  /** The activation inside a language head. */
  readonly activation: Activation;
  /** What a language head compares hidden states with: the encoder's word table, or the head's own. */
  readonly words: WordTable;
}

/** A task's head, and how it is made. */
export interface TaskHead<Head extends Module> {
  readonly task: Task;
  readonly make: (context: HeadContext) => Head;
}

/**
 * An encoder with the head for a task, from a model named as for `loadSentenceEncoder`. Throws as that does, and
 * `ConfigError` where the weights hold no such head, which names those that they hold.
 */
export function loadTask<Head extends Module>(
  model: string | undefined,
  options: LoadModelOptions,
  { task, make }: TaskHead<Head>,
): Promise<TaskModel<Head>> {
  return loadModel(model, options, task, async (parts, owned) => {
    const { modelConfig, source, encoder, backend, place } = parts;
    const { family, config, head: settings } = modelConfig;
    const holdings = holdingsOf(modelConfig, source.entries);
    const lack = lackOf(task, holdings);
    if (lack !== undefined) throw missingHead(place, lack, tasksOf(holdings));
    const { signal } = options;
    const hasOwnWords = task.head === "maskedLanguage" && !settings.tiesWords;
    const ownWords = hasOwnWords ? await loadOutputWords({ source, family, encoder, signal, owned }) : undefined;
    const words = ownWords?.freeze().prepare() ?? encoder.embeddings.word;
    const activation = activationNamed(family.languageActivation ?? config.activation);
    const head = make({ config, settings, activation, words });
    owned.unshift(head);
    const names = findHeadNames(family, task.head, source.entries)!;
    await head.load(source, backend, { names, signal });
    return head.freeze().prepare();
  });
}

/** An encoder without a head, for who looks inside. Throws as `loadSentenceEncoder` does. */
export function loadEncoder(model: string | undefined, options: LoadModelOptions): Promise<TaskModel<undefined>> {
  return loadModel(model, options, undefined, async () => undefined);
}

interface Parts {
  readonly modelConfig: ModelConfig;
  readonly source: CheckpointSource;
  readonly encoder: ConfiguredEncoder;
  readonly backend: Backend;
  /** What messages call the model. */
  readonly place: string;
}

type LoadHead<Head> = (parts: Parts, owned: Disposable[]) => Promise<Head>;

function loadModel<Head>(
  model: string | undefined,
  options: LoadModelOptions,
  task: Task | undefined,
  loadHead: LoadHead<Head>,
): Promise<TaskModel<Head>> {
  return withModel(model, { ...options, needed: encoderFiles }, async (whole) =>
    modelIn(whole.folder(await encoderPath(whole)), options, task, loadHead),
  );
}

async function modelIn<Head>(
  folder: ModelFolder,
  options: LoadModelOptions,
  task: Task | undefined,
  loadHead: LoadHead<Head>,
): Promise<TaskModel<Head>> {
  const { signal, precision } = options;
  const modelConfig = await readModelConfig(folder);
  const config = { ...modelConfig.config, pooler: task?.needsPooler === true };
  return owning(async (owned) => {
    const backend = await backendOf(options, owned);
    const tokenizer = await tokenizerIn(folder);
    const maxLength = lengthLimit({ maxLength: undefined }, tokenizer, config, options.maxLength);
    checkVocabulary(tokenizer, config);
    return withCheckpoint(folder, signal, async (source) => {
      const { encoder } = await loadFamilyEncoder(modelConfig.family, source, config, backend, {
        ...{ signal, precision, head: task?.head },
        onFilled: (parameter) => void parameter.prepare(),
      });
      owned.unshift(encoder);
      encoder.freeze();
      const head = await loadHead({ modelConfig, source, encoder, backend, place: folder.place }, owned);
      return new TaskModel({ tokenizer, encoder, head, maxLength, backend, owned });
    });
  });
}

function missingHead(place: string, lack: string, held: readonly TaskName[]): ConfigError {
  const others = held.length > 0 ? `they are for: ${held.join(", ")}` : "they hold an encoder only";
  return new ConfigError(place, [`its weights lack ${lack}; ${others}`]);
}

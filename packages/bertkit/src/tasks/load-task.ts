import {
  type Bert,
  type BertConfig,
  bertConfigFromHuggingFace,
  findHeadNames,
  findOutputWords,
  type HeadSettings,
  loadBert,
} from "@bertkit/bert-model";
import type { CheckpointSource } from "@bertkit/checkpoint";
import type { WordTable } from "@bertkit/heads";
import { ConfigError, Embedding, type Module, QuantizedEmbedding } from "@bertkit/layers";
import type { Backend } from "@bertkit/tensor";
import { configJsonIn } from "../config-json.js";
import { headSettingsIn } from "../head-settings.js";
import type { LoadModelOptions } from "../load-model-options.js";
import { backendOf, checkVocabulary, owning } from "../load-parts.js";
import { tokenizerIn } from "../load-tokenizer.js";
import { encoderFiles, encoderPath } from "../needed-files.js";
import { openModel } from "../open-model.js";
import { lengthLimit } from "../sentence-settings.js";
import { withCheckpoint } from "../with-checkpoint.js";
import { holdingsOf, lackOf, type Task, type TaskName, tasksOf } from "./task-heads.js";
import { TaskModel } from "./task-model.js";

/** What a head is made from. */
export interface HeadContext {
  readonly config: BertConfig;
  readonly settings: HeadSettings;
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
  return loadModel(model, options, task.needsPooler, async (parts, owned) => {
    const { source, bert, backend, place, settings } = parts;
    const holdings = holdingsOf(source.entries, settings);
    const lack = lackOf(task, holdings);
    if (lack !== undefined) throw missingHead(place, lack, tasksOf(holdings));
    const hasOwnWords = task.head === "maskedLanguage" && !settings.tiesWords;
    const words = hasOwnWords ? await loadOutputWords(parts, owned, options) : bert.embeddings.word;
    const head = make({ config: bert.config, settings, words });
    owned.unshift(head);
    await head.load(source, backend, { names: findHeadNames(task.head, source.entries)!, signal: options.signal });
    return head.freeze().prepare();
  });
}

/** An encoder without a head, for who looks inside. Throws as `loadSentenceEncoder` does. */
export function loadEncoder(model: string | undefined, options: LoadModelOptions): Promise<TaskModel<undefined>> {
  return loadModel(model, options, false, async () => undefined);
}

interface Parts {
  readonly source: CheckpointSource;
  readonly bert: Bert;
  readonly settings: HeadSettings;
  readonly backend: Backend;
  /** What messages call the model. */
  readonly place: string;
}

async function loadModel<Head>(
  model: string | undefined,
  options: LoadModelOptions,
  pooler: boolean,
  loadHead: (parts: Parts, owned: Disposable[]) => Promise<Head>,
): Promise<TaskModel<Head>> {
  const { signal, precision } = options;
  const whole = await openModel(model, encoderFiles, options);
  const folder = whole.folder(await encoderPath(whole));
  const json = await configJsonIn(folder);
  const config = { ...bertConfigFromHuggingFace(json), pooler };
  const settings = await headSettingsIn(folder, json);
  return owning(async (owned) => {
    const backend = await backendOf(options, owned);
    const tokenizer = await tokenizerIn(folder);
    const maxLength = lengthLimit({ maxLength: undefined }, tokenizer, config, options.maxLength);
    checkVocabulary(tokenizer, config);
    return withCheckpoint(folder, signal, async (source) => {
      const filled = { signal, precision, onFilled: (parameter: { prepare(): unknown }) => void parameter.prepare() };
      const { bert } = await loadBert(source, config, backend, filled);
      owned.unshift(bert);
      bert.freeze();
      const head = await loadHead({ source, bert, settings, backend, place: folder.place }, owned);
      return new TaskModel({ tokenizer, bert, head, maxLength, backend, owned });
    });
  });
}

/** The output table of a head that does not share the encoder's, in the precision of that one. */
async function loadOutputWords(
  { source, bert, backend }: Parts,
  owned: Disposable[],
  { signal }: LoadModelOptions,
): Promise<Embedding> {
  const { vocabulary, width } = bert.config;
  const isInt8 = bert.embeddings.word instanceof QuantizedEmbedding;
  const words = isInt8 ? new QuantizedEmbedding(vocabulary, width) : new Embedding(vocabulary, width);
  owned.unshift(words);
  await words.load(source, backend, { names: findOutputWords(source.entries)!, signal });
  return words.freeze().prepare();
}

function missingHead(place: string, lack: string, held: readonly TaskName[]): ConfigError {
  const others = held.length > 0 ? `they are for: ${held.join(", ")}` : "they hold an encoder only";
  return new ConfigError(place, [`its weights lack ${lack}; ${others}`]);
}

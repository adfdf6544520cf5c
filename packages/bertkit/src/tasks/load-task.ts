import {
  type Bert,
  type BertConfig,
  bertConfigFromHuggingFace,
  findHeadNames,
  type HeadSettings,
  headsIn,
  loadBert,
} from "@bertkit/bert-model";
import type { CheckpointSource } from "@bertkit/checkpoint";
import { ConfigError, type Module } from "@bertkit/layers";
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
import { type Task, type tasks, tasksOf } from "./task-heads.js";
import { TaskModel } from "./task-model.js";

/** What a head is made from. */
export interface HeadContext {
  readonly config: BertConfig;
  readonly settings: HeadSettings;
  readonly bert: Bert;
}

/** A task's head: how it is made, and whether it is over the pooled first token. */
export interface TaskHead<Head extends Module> {
  readonly task: Task;
  readonly needsPooler: boolean;
  readonly make: (context: HeadContext) => Head;
}

/**
 * An encoder with the head for a task, from a model named as for `loadSentenceEncoder`. Throws as that does, and
 * `ConfigError` where the weights hold no such head, which names those that they hold.
 */
export function loadTask<Head extends Module>(
  model: string | undefined,
  options: LoadModelOptions,
  wanted: TaskHead<Head>,
): Promise<TaskModel<Head>> {
  return loadModel(model, options, wanted.needsPooler, async (parts, owned) => {
    const { source, bert, backend, place, settings } = parts;
    const { architectures, labels, problem } = settings;
    const heads = headsIn(source.entries, architectures);
    const names = heads.includes(wanted.task.head) ? findHeadNames(wanted.task.head, source.entries) : undefined;
    const lacksPooler = wanted.needsPooler && !bert.pooler;
    if (!names || lacksPooler) {
      const lack = lacksPooler && names ? "the pooler that its head stands on" : `a head that ${wanted.task.does}`;
      throw missingHead(place, lack, tasksOf(heads, labels.length, problem));
    }
    const head = wanted.make({ config: bert.config, settings, bert });
    owned.unshift(head);
    await head.load(source, backend, { names, signal: options.signal });
    return head.freeze().prepare();
  });
}

/** An encoder without a head, for who looks inside. Throws as `loadSentenceEncoder` does. */
export function loadEncoder(model: string | undefined, options: LoadModelOptions): Promise<TaskModel<undefined>> {
  return loadModel(model, options, false, async () => undefined);
}

interface Parts extends HeadContext {
  readonly source: CheckpointSource;
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
      const head = await loadHead({ source, bert, backend, place: folder.place, config, settings }, owned);
      return new TaskModel({ tokenizer, bert, head, maxLength, backend, owned });
    });
  });
}

function missingHead(place: string, lack: string, held: readonly (keyof typeof tasks)[]): ConfigError {
  const others = held.length > 0 ? `they are for: ${held.join(", ")}` : "they hold an encoder only";
  return new ConfigError(place, [`its weights lack ${lack}; ${others}`]);
}

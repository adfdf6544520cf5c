import type { CheckpointSource } from "@bertkit/checkpoint";
import { findReplacedTokenNames, ReplacedTokenDetection } from "@bertkit/electra-model";
import {
  type ConfiguredEncoder,
  findHeadNames,
  type HeadName,
  loadEncoder,
  type Precision,
} from "@bertkit/encoder-family";
import {
  CausalLanguage,
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { activationNamed, type Embedding, type NameTable } from "@bertkit/layers";
import type { Backend } from "@bertkit/tensor";
import type { ModelConfig } from "../model-config.js";
import { loadOutputWords } from "../output-words.js";
import type { Architecture } from "./architecture.js";

/** A head as a class of transformers has it, on its encoder. */
export type WholeHead =
  | CausalLanguage
  | MaskedLanguage
  | MultipleChoice
  | NextSentence
  | Pretraining
  | QuestionAnswering
  | ReplacedTokenDetection
  | SequenceClassification
  | TokenClassification;

/** A model with all that its architecture names. */
export interface WholeModel {
  readonly encoder: ConfiguredEncoder;
  readonly head: WholeHead | undefined;
}

interface LoadWholeOptions {
  readonly backend: Backend;
  readonly precision: Precision | undefined;
  readonly signal: AbortSignal | undefined;
  /** Takes what is to be disposed of, also where loading fails. */
  readonly owned: Disposable[];
}

/** Loads a model with the head that its architecture names. Throws as `loadEncoder` and `Module.load` do. */
export async function loadWhole(
  source: CheckpointSource,
  modelConfig: ModelConfig,
  architecture: Architecture,
  options: LoadWholeOptions,
): Promise<WholeModel> {
  const { family, config } = modelConfig;
  const { backend, precision, signal, owned } = options;
  const { heads, hasPooler } = architecture;
  const wanted = { ...config, pooler: hasPooler };
  const { encoder } = await loadEncoder(family, source, wanted, backend, { precision, signal, head: heads[0] });
  owned.unshift(encoder);
  const names = headNamesIn(source, modelConfig, architecture);
  if (!names) return { encoder, head: undefined };
  const ownWords = modelConfig.head.tiesWords
    ? undefined
    : await loadOutputWords({ source, family, encoder, signal, owned });
  const words = ownWords ?? encoder.embeddings.word;
  const head = headOf(architecture, modelConfig, { words, labels: labelsIn(source, modelConfig, architecture) });
  owned.unshift(head);
  await head.load(source, backend, { names, signal });
  return { encoder, head };
}

/** How a file spells the parameters of the head, undefined where there is none. */
function headNamesIn(
  { entries }: CheckpointSource,
  { family }: ModelConfig,
  { heads, detectsReplaced }: Architecture,
): NameTable | undefined {
  if (detectsReplaced) return findReplacedTokenNames(entries);
  const tables = heads.map((head) => findHeadNames(family, head, entries)!);
  if (tables.length < 2) return tables[0];
  const parts = ["masked.", "next."];
  return (path) => {
    const part = parts.findIndex((start) => path.startsWith(start));
    return tables[part]!(path.slice(parts[part]!.length));
  };
}

/**
 * The labels of a classification head: the configuration's, unless the file has another number of them, as Google's
 * configurations name none. Empty for another head.
 */
export function labelsIn(
  { entries }: CheckpointSource,
  { family, head: { labels } }: ModelConfig,
  { heads: [head] }: Architecture,
): readonly string[] {
  if (head !== "sequenceClassification" && head !== "tokenClassification") return [];
  const [count = 0] = entries.get(findHeadNames(family, head, entries)!("linear.weight").name)?.shape ?? [];
  return count === labels.length ? labels : Array.from({ length: count }, (_, id) => `LABEL_${id}`);
}

interface HeadParts {
  readonly words: Embedding;
  readonly labels: readonly string[];
}

function headOf({ heads, detectsReplaced }: Architecture, model: ModelConfig, { words, labels }: HeadParts): WholeHead {
  const { family, config } = model;
  const { width, vocabulary, epsilon, causal } = config;
  if (detectsReplaced) return new ReplacedTokenDetection({ width, activation: activationNamed(config.activation) });
  const activation = activationNamed(family.languageActivation ?? config.activation);
  const language = { width, vocabulary, epsilon, activation, words };
  if (heads.length > 1) return new Pretraining(language);
  const makers: Readonly<Record<HeadName, () => WholeHead>> = {
    maskedLanguage: () => (causal ? new CausalLanguage(language) : new MaskedLanguage(language)),
    nextSentence: () => new NextSentence({ width }),
    sequenceClassification: () => new SequenceClassification({ width, labels }),
    tokenClassification: () => new TokenClassification({ width, labels }),
    questionAnswering: () => new QuestionAnswering({ width }),
    multipleChoice: () => new MultipleChoice({ width, choices: 1 }),
  };
  return makers[heads[0]!]();
}

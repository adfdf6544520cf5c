import type { CheckpointEntry } from "@bertkit/checkpoint";
import { findReplacedTokenNames } from "@bertkit/electra-model";
import { findEncoderNames, type HeadName, headClassEndings, headsIn, holdsPooler } from "@bertkit/encoder-family";
import type { ModelConfig } from "../model-config.js";

/** Which parts of a model go into one file, as a class of transformers has them. */
export interface Architecture {
  /** Such as `BertForMaskedLM`. */
  readonly name: string;
  /** None, one, or both of pre-training. */
  readonly heads: readonly HeadName[];
  /** Whether it has the head of ELECTRA's discriminator. */
  readonly detectsReplaced: boolean;
  readonly hasPooler: boolean;
}

/**
 * The class of transformers that has the heads which a file holds. Where they are of several classes, the one that the
 * configuration names is taken, or else the first.
 * @param modelType of the configuration: it tells namesakes of a family apart
 */
export function architectureOf(
  { family, config, head: { architectures } }: ModelConfig,
  modelType: string,
  names: ReadonlyMap<string, unknown>,
): Architecture {
  const held = headsIn(family, names, architectures);
  const holdsDetector = findReplacedTokenNames(names) !== undefined;
  const isDetector = held.length === 0 || architectures.some((name) => name.endsWith("ForPreTraining"));
  const detectsReplaced = holdsDetector && isDetector;
  const heads = detectsReplaced ? [] : chosenOf(held, architectures);
  const suffix = detectsReplaced ? "ForPreTraining" : suffixOf(heads, config.causal === true, modelType);
  const reads = heads.length === 0 || heads.some((head) => poolerReaders.has(head));
  return {
    name: architectures.find((name) => hasSuffix(name, suffix)) ?? `${classPrefix(modelType)}${suffix}`,
    heads,
    detectsReplaced,
    hasPooler: reads && config.pooler && holdsPooler(family, names, heads[0]),
  };
}

/** The same with every other head that the file holds, for a file that no class of transformers opens. */
export function withEveryHead(
  architecture: Architecture,
  { family, config, head: { architectures } }: ModelConfig,
  names: ReadonlyMap<string, unknown>,
): Architecture {
  const heads = [...new Set([...architecture.heads, ...headsIn(family, names, architectures)])];
  const reads = config.pooler && heads.some((head) => poolerReaders.has(head));
  return {
    ...architecture,
    heads,
    detectsReplaced: findReplacedTokenNames(names) !== undefined,
    hasPooler: architecture.hasPooler || (reads && holdsPooler(family, names, heads[0])),
  };
}

/** Whether a file holds an encoder in int8, as its word table is. */
export function storesInt8({ family }: ModelConfig, entries: ReadonlyMap<string, CheckpointEntry>): boolean {
  const path = "embeddings.word.weight";
  return entries.get(findEncoderNames(family, [path], entries)(path).name)?.dtype === "int8";
}

/** What stands on the pooled first token. */
const poolerReaders: ReadonlySet<HeadName> = new Set(["nextSentence", "sequenceClassification", "multipleChoice"]);

const pretraining: readonly HeadName[] = ["maskedLanguage", "nextSentence"];

function chosenOf(held: readonly HeadName[], architectures: readonly string[]): readonly HeadName[] {
  if (held.length <= 1) return held;
  const stated = held.find((head) => architectures.some((name) => name.endsWith(headClassEndings[head])));
  const isPretrained = pretraining.every((head) => held.includes(head));
  if (isPretrained && (stated === undefined || pretraining.includes(stated))) return pretraining;
  return [stated ?? held[0]!];
}

function suffixOf(heads: readonly HeadName[], isCausal: boolean, modelType: string): string {
  const [head] = heads;
  if (head === undefined) return "Model";
  if (heads.length > 1) return "ForPreTraining";
  if (head === "maskedLanguage" && isCausal) return modelType === "bert" ? "LMHeadModel" : "ForCausalLM";
  return headClassEndings[head];
}

const hasSuffix = (name: string, suffix: string): boolean =>
  name.endsWith(suffix) && (suffix === "LMHeadModel" || !name.endsWith("LMHeadModel"));

/** How transformers' classes for a `model_type` begin: "xlm-roberta" → "XLMRoberta". */
const classPrefix = (modelType: string): string =>
  classPrefixes.get(modelType) ?? `${modelType.charAt(0).toUpperCase()}${modelType.slice(1)}`;

/** Where it is more than a capital letter. */
const classPrefixes: ReadonlyMap<string, string> = new Map([
  ["distilbert", "DistilBert"],
  ["xlm-roberta", "XLMRoberta"],
]);

import { bertConfigToGoogle, bertConfigToHuggingFace } from "@bertkit/bert-model";
import { CheckpointError } from "@bertkit/checkpoint";
import { type BertTokenizer, toTokenizerJson, vocabularyFiles } from "@bertkit/tokenizer";
import type { Architecture } from "./architecture.js";
import type { Origin } from "./origin.js";

/** What the written model's configuration says that the other's may not. */
export interface WrittenStatements {
  readonly architecture: Architecture;
  /** Of a classification head; empty for another. */
  readonly labels: readonly string[];
  /** What the weights are stored in; undefined to say nothing of it. */
  readonly dtype: string | undefined;
}

/**
 * The texts of a folder as transformers, sentence-transformers and transformers.js read it, by their paths: the model's
 * own, a `config.json` that fits the weights, and a `tokenizer.json` where there is but a vocabulary.
 */
export function huggingFaceTexts(origin: Origin, statements: WrittenStatements): Map<string, string> {
  const { settings, tokenizer, texts } = origin;
  const at = (name: string): string => (settings.encoderFolder === "" ? name : `${settings.encoderFolder}/${name}`);
  const written = new Map([...texts].filter(([path]) => path !== at("bert_config.json")));
  written.set(at("config.json"), configText(origin, statements, texts.get(at("config.json"))));
  if (tokenizer && !written.has(at("tokenizer.json"))) {
    written.set(at("tokenizer.json"), `${toTokenizerJson(tokenizer)}\n`);
    if (!written.has(at("tokenizer_config.json"))) {
      written.set(at("tokenizer_config.json"), jsonText(tokenizerConfig(tokenizer, origin)));
    }
  }
  return written;
}

/** The texts of a folder as google-research/bert reads it, and what they cannot say. */
export function googleTexts(origin: Origin): { readonly texts: Map<string, string>; readonly warnings: string[] } {
  const { bertConfig, tokenizer, settings, texts, encoder } = origin;
  if (!bertConfig) {
    const { name } = origin.modelConfig.family;
    throw new CheckpointError("unsupported", `google-research/bert reads BERT, not ${name}: write safetensors or ONNX`);
  }
  const { json, differences } = bertConfigToGoogle(bertConfig);
  const own = (name: string): string | undefined =>
    texts.get(settings.encoderFolder === "" ? name : `${settings.encoderFolder}/${name}`);
  const vocabulary = own("vocab.txt") ?? (tokenizer && vocabularyText(tokenizer));
  if (vocabulary === undefined) {
    throw new CheckpointError("unsupported", `${encoder.place}: its tokenizer cannot be written as a vocab.txt`);
  }
  const tokenizerConfig = own("tokenizer_config.json");
  const written = new Map([
    ["bert_config.json", jsonText(json)],
    ["vocab.txt", vocabulary],
  ]);
  if (tokenizerConfig !== undefined) written.set("tokenizer_config.json", tokenizerConfig);
  const warnings = [...differences];
  if (settings.isSentenceModel) warnings.push("how sentence vectors are pooled is not said in Google's files");
  return { texts: written, warnings };
}

/** The model's own text where it fits. */
function configText(origin: Origin, statements: WrittenStatements, own: string | undefined): string {
  const { architecture, labels, dtype } = statements;
  const { configJson, bertConfig, modelConfig } = origin;
  const base: Readonly<Record<string, unknown>> = configJson ?? (bertConfig ? bertConfigToHuggingFace(bertConfig) : {});
  const changes: Record<string, unknown> = {};
  if (!modelConfig.head.architectures.includes(architecture.name)) changes.architectures = [architecture.name];
  if (labels.length > 0 && (configJson === undefined || labels !== modelConfig.head.labels)) {
    changes.id2label = Object.fromEntries(labels.map((label, id) => [id, label]));
    changes.label2id = Object.fromEntries(labels.map((label, id) => [label, id]));
  }
  const stated = base.dtype ?? base.torch_dtype ?? "float32";
  if (dtype !== undefined && dtype !== stated) {
    changes.dtype = dtype;
    if (base.torch_dtype !== undefined) changes.torch_dtype = dtype;
  }
  return own !== undefined && Object.keys(changes).length === 0 ? own : jsonText({ ...base, ...changes });
}

/** For a tokenizer that was made of a vocabulary alone. */
function tokenizerConfig({ settings, vocabulary }: BertTokenizer, { modelConfig }: Origin): Record<string, unknown> {
  const { lowerCase, stripAccents, isolateCjk } = settings.normalization;
  const { unknown, separator, padding, classifier, mask } = settings.specialTokens;
  const named = {
    unk_token: unknown,
    sep_token: separator,
    pad_token: padding,
    cls_token: classifier,
    mask_token: mask,
  };
  const tokens = Object.entries(named).map(([name, id]) => [name, id === undefined ? undefined : vocabulary.token(id)]);
  return {
    ...Object.fromEntries(tokens),
    do_lower_case: lowerCase,
    strip_accents: stripAccents === lowerCase ? null : stripAccents,
    tokenize_chinese_chars: isolateCjk,
    model_max_length: settings.modelMaxLength ?? modelConfig.config.maxPositions,
    tokenizer_class: "BertTokenizer",
  };
}

function vocabularyText({ vocabulary }: BertTokenizer): string {
  const tokens = Array.from({ length: vocabulary.size }, (_, id) => vocabulary.token(id) ?? `[unused-${id}]`);
  return vocabularyFiles(tokens).vocabulary;
}

const jsonText = (json: unknown): string => `${JSON.stringify(json, null, 2)}\n`;

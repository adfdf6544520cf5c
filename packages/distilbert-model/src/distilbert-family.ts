import type { EncoderFamily } from "@bertkit/encoder-family";
import { nameTable } from "@bertkit/layers";
import { type DistilBertConfig, distilBertConfigFromHuggingFace } from "./config.js";
import { DistilBert } from "./distilbert.js";
import { distilBertHeadPoolers, distilBertHeads, distilBertOutputWords, distilBertRows } from "./names.js";

const prefixes = ["distilbert.", "module.", "module.distilbert."];

/** DistilBERT, in the spelling of Hugging Face's transformers. */
export const distilBertFamily: EncoderFamily<DistilBertConfig, DistilBert> = {
  name: "DistilBERT",
  modelTypes: ["distilbert"],
  configFromHuggingFace: distilBertConfigFromHuggingFace,
  create: (config) => new DistilBert(config),
  spellings: [nameTable(distilBertRows), ...prefixes.map((prefix) => nameTable(distilBertRows, prefix))],
  heads: distilBertHeads,
  headPoolers: distilBertHeadPoolers,
  outputWords: distilBertOutputWords,
};

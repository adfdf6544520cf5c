import { type EncoderFamily, encoderSpellings } from "@bertkit/encoder-family";
import { nameTable } from "@bertkit/layers";
import { type DistilBertConfig, distilBertConfigFromHuggingFace } from "./config.js";
import { DistilBert } from "./distilbert.js";
import { distilBertHeadPoolers, distilBertHeads, distilBertOutputWords, distilBertRows } from "./names.js";

/** DistilBERT, in the spelling of Hugging Face's transformers. */
export const distilBertFamily: EncoderFamily<DistilBertConfig, DistilBert> = {
  name: "DistilBERT",
  modelTypes: ["distilbert"],
  configFromHuggingFace: distilBertConfigFromHuggingFace,
  create: (config) => new DistilBert(config),
  spellings: encoderSpellings((prefix) => nameTable(distilBertRows, prefix), "distilbert."),
  heads: distilBertHeads,
  headPoolers: distilBertHeadPoolers,
  outputWords: distilBertOutputWords,
};

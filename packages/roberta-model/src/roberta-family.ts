import type { EncoderFamily } from "@bertkit/encoder-family";
import { type RobertaConfig, robertaConfigFromHuggingFace, robertaModelTypes } from "./config.js";
import { robertaHeadPoolers, robertaHeads, robertaOutputWords, robertaSpellings } from "./names.js";
import { Roberta } from "./roberta.js";

/** RoBERTa, XLM-RoBERTa and CamemBERT, in the spelling of Hugging Face's transformers. */
export const robertaFamily: EncoderFamily<RobertaConfig, Roberta> = {
  name: "RoBERTa",
  modelTypes: robertaModelTypes,
  configFromHuggingFace: robertaConfigFromHuggingFace,
  create: (config) => new Roberta(config),
  spellings: robertaSpellings,
  heads: robertaHeads,
  headPoolers: robertaHeadPoolers,
  outputWords: robertaOutputWords,
  // Whatever the blocks have: transformers' `RobertaLMHead` calls it by name.
  languageActivation: "gelu",
};

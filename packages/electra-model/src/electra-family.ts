import { type EncoderFamily, encoderSpellings } from "@bertkit/encoder-family";
import { nameTable } from "@bertkit/layers";
import { type ElectraConfig, electraConfigFromHuggingFace } from "./config.js";
import { Electra } from "./electra.js";
import { electraHeadPoolers, electraHeads, electraOutputWords, electraRows } from "./names.js";

/** ELECTRA's discriminators and generators, in the spelling of Hugging Face's transformers. */
export const electraFamily: EncoderFamily<ElectraConfig, Electra> = {
  name: "ELECTRA",
  modelTypes: ["electra"],
  configFromHuggingFace: electraConfigFromHuggingFace,
  create: (config) => new Electra(config),
  spellings: encoderSpellings((prefix) => nameTable(electraRows, prefix), "electra."),
  heads: electraHeads,
  headPoolers: electraHeadPoolers,
  outputWords: electraOutputWords,
  languageActivation: "gelu",
};

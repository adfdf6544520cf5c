import type { EncoderFamily } from "@bertkit/encoder-family";
import { Albert } from "./albert.js";
import { type AlbertConfig, albertConfigFromHuggingFace } from "./config.js";
import { albertHeads, albertOutputWords, albertSpellings } from "./names.js";

/** ALBERT, in the spelling of Hugging Face's transformers. */
export const albertFamily: EncoderFamily<AlbertConfig, Albert> = {
  name: "ALBERT",
  modelTypes: ["albert"],
  configFromHuggingFace: albertConfigFromHuggingFace,
  create: (config) => new Albert(config),
  spellings: albertSpellings,
  heads: albertHeads,
  outputWords: albertOutputWords,
};

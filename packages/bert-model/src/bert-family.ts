import type { EncoderFamily } from "@bertkit/encoder-family";
import { nameTable, ownNames } from "@bertkit/layers";
import { Bert } from "./bert.js";
import type { BertConfig } from "./config/bert-config.js";
import { bertConfigFromHuggingFace } from "./config/hugging-face.js";
import { googleRows } from "./names/google.js";
import { bertHeads, bertOutputWords } from "./names/heads.js";
import { huggingFaceRows, oldHuggingFaceRows } from "./names/hugging-face.js";

const prefixes = ["bert.", "module.", "module.bert."];

/** BERT, in the spellings of Hugging Face's transformers, of its predecessors and of google-research/bert. */
export const bertFamily: EncoderFamily<BertConfig, Bert> = {
  name: "BERT",
  modelTypes: ["bert"],
  configFromHuggingFace: bertConfigFromHuggingFace,
  create: (config) => new Bert(config),
  spellings: [
    nameTable(huggingFaceRows),
    nameTable(oldHuggingFaceRows),
    ...prefixes.flatMap((prefix) => [nameTable(huggingFaceRows, prefix), nameTable(oldHuggingFaceRows, prefix)]),
    nameTable(googleRows),
    ownNames,
  ],
  heads: bertHeads,
  outputWords: bertOutputWords,
};

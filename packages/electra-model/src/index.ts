export { type ElectraConfig, electraConfig, electraConfigFromHuggingFace, electraSmall } from "./config.js";
export { Electra } from "./electra.js";
export { electraFamily } from "./electra-family.js";
export { ElectraEmbeddings } from "./embeddings.js";
export { electraRows, replacedTokenSpellings } from "./names.js";
export {
  findReplacedTokenNames,
  ReplacedTokenDetection,
  type ReplacedTokenOptions,
} from "./replaced-token-detection.js";

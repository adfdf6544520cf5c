export { type RobertaConfig, robertaBase, robertaConfig, robertaConfigFromHuggingFace } from "./config.js";
export { RobertaEmbeddings } from "./embeddings.js";
export { Roberta } from "./roberta.js";
export { robertaFamily } from "./roberta-family.js";

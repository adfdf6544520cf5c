export { type DistilBertConfig, distilBertBase, distilBertConfig, distilBertConfigFromHuggingFace } from "./config.js";
export { DistilBert } from "./distilbert.js";
export { distilBertFamily } from "./distilbert-family.js";
export { DistilBertEmbeddings } from "./embeddings.js";
export { distilBertRows } from "./names.js";

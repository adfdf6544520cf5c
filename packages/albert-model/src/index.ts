export { Albert, AlbertGroup } from "./albert.js";
export { albertFamily } from "./albert-family.js";
export { type AlbertConfig, albertConfig, albertConfigFromHuggingFace, albertXxlarge } from "./config.js";
export { AlbertEmbeddings } from "./embeddings.js";

/** The model that is used where none is named: small, fast, good at English. */
export const defaultModel = "sentence-transformers/all-MiniLM-L6-v2";

/** What `BERTKIT_MODEL` names, else {@link defaultModel}. */
export const modelOr = (model: string | undefined): string =>
  model ?? (globalThis.process?.env.BERTKIT_MODEL || defaultModel);

/** Sentence encoders that people name without their namespace. */
export const wellKnownModels: readonly string[] = [
  defaultModel,
  "sentence-transformers/all-MiniLM-L12-v2",
  "sentence-transformers/paraphrase-MiniLM-L6-v2",
  "sentence-transformers/multi-qa-MiniLM-L6-cos-v1",
  "sentence-transformers/msmarco-MiniLM-L6-cos-v5",
  "sentence-transformers/msmarco-bert-base-dot-v5",
  "BAAI/bge-small-en-v1.5",
  "BAAI/bge-base-en-v1.5",
  "BAAI/bge-large-en-v1.5",
  "BAAI/bge-small-zh-v1.5",
  "intfloat/e5-small-v2",
  "intfloat/e5-base-v2",
  "intfloat/e5-large-v2",
  "thenlper/gte-small",
  "thenlper/gte-base",
  "mixedbread-ai/mxbai-embed-large-v1",
  "Snowflake/snowflake-arctic-embed-s",
  "google-bert/bert-base-uncased",
  "google-bert/bert-base-cased",
  "google-bert/bert-base-chinese",
];

import type { Embedding, Encoder, Module, NameTable } from "@bertkit/layers";
import type { EncoderConfig } from "./config/encoder-config.js";
import type { HeadName } from "./names/head-names.js";

/** An encoder that tells what it is made of. */
export interface ConfiguredEncoder<Config extends EncoderConfig = EncoderConfig> extends Encoder {
  readonly config: Config;
  /** `word` is what a masked-language head compares hidden states with, [vocabulary, its width]. */
  readonly embeddings: Module & { readonly word: Embedding };
}

/** Ways to spell the parameters of each head that a family knows; a head that is left out it has not. */
export type HeadSpellings = Readonly<Partial<Record<HeadName, readonly NameTable[]>>>;

/**
 * A kind of encoder, as one package implements it and as whoever loads models by name uses it: how it is told from
 * others, how it is made, and what files call its parameters.
 */
export interface EncoderFamily<
  Config extends EncoderConfig = EncoderConfig,
  Made extends ConfiguredEncoder<Config> = ConfiguredEncoder<Config>,
> {
  /** For people: "DistilBERT". */
  readonly name: string;
  /** Every `model_type` of Hugging Face's `config.json` that it reads; the first is its own. */
  readonly modelTypes: readonly [string, ...string[]];
  /** The configuration in a `config.json`. Throws `ConfigError` that lists all that is wrong. */
  configFromHuggingFace(json: unknown): Config;
  /** An encoder whose parameters hold no numbers yet. */
  create(config: Config): Made;
  /** Ways to spell the encoder's parameters; the first is Hugging Face's, and is written. */
  readonly spellings: readonly [NameTable, ...NameTable[]];
  readonly heads: HeadSpellings;
  /**
   * The paths `pooler.weight` and `pooler.bias` where a head has a dense layer over the first token of its own, such as
   * RoBERTa's `classifier.dense`: the encoder then is loaded with that as its pooler.
   */
  readonly headPoolers?: HeadSpellings;
  /** The path `weight`: the table of a masked-language head that does not share the encoder's. */
  readonly outputWords: readonly NameTable[];
  /** The activation inside a masked-language head, where it is not the configuration's own. */
  readonly languageActivation?: string;
}

import { Albert, albertFamily } from "@bertkit/albert-model";
import { Bert, bertFamily } from "@bertkit/bert-model";
import { DistilBert, distilBertFamily } from "@bertkit/distilbert-model";
import { Electra, electraFamily } from "@bertkit/electra-model";
import type { ConfiguredEncoder, EncoderConfig, EncoderFamily } from "@bertkit/encoder-family";
import { Roberta, robertaFamily } from "@bertkit/roberta-model";
import { UnsupportedError } from "@bertkit/tensor";
import type { Encoded } from "../encoded.js";
import type { Graph } from "../graph/graph.js";
import type { PaddedBatch } from "../padded-batch.js";
import { albertGraph } from "./albert.js";
import { bertGraph } from "./bert.js";
import { distilBertGraph } from "./distilbert.js";
import { electraGraph } from "./electra.js";
import { robertaGraph } from "./roberta.js";

/** How an encoder is written. */
export interface EncoderForm {
  readonly family: EncoderFamily;
  /** Whether it is told the types of tokens: it knows more than one. */
  readonly hasTypes: boolean;
  /** Adds its forward pass over a padded batch to a graph. */
  build(graph: Graph, batch: PaddedBatch): Encoded;
}

/** Throws `UnsupportedError` for an encoder of another package. */
export function formOf(encoder: ConfiguredEncoder): EncoderForm {
  for (const find of forms) {
    const form = find(encoder);
    if (form) return form;
  }
  const known = "a BERT, ALBERT, DistilBERT, ELECTRA or RoBERTa of ours";
  throw new UnsupportedError(`${encoder.constructor.name} has no form in ONNX: give ${known}`);
}

/** The form of an encoder that is of one class; undefined for another's. */
type FindForm = (encoder: ConfiguredEncoder) => EncoderForm | undefined;

const formFor =
  <Made extends ConfiguredEncoder>(
    family: EncoderFamily,
    Kind: abstract new (...options: never[]) => Made,
    build: (graph: Graph, encoder: Made, batch: PaddedBatch) => Encoded,
  ): FindForm =>
  (encoder) => {
    if (!(encoder instanceof Kind)) return undefined;
    return { family, hasTypes: typesIn(encoder) > 1, build: (graph, batch) => build(graph, encoder, batch) };
  };

const typesIn = ({ config }: { readonly config: EncoderConfig & { readonly typeVocabulary?: number } }): number =>
  config.typeVocabulary ?? 0;

const forms: readonly FindForm[] = [
  formFor(bertFamily, Bert, bertGraph),
  formFor(albertFamily, Albert, albertGraph),
  formFor(distilBertFamily, DistilBert, distilBertGraph),
  formFor(electraFamily, Electra, electraGraph),
  formFor(robertaFamily, Roberta, robertaGraph),
];

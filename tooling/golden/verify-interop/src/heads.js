import { bertFamily } from "@bertkit/bert-model";
import { findHeadNames } from "@bertkit/encoder-family";
import {
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { activationNamed } from "@bertkit/layers";

/** @import { Bert } from "@bertkit/bert-model" */
/** @import { CheckpointSource } from "@bertkit/checkpoint" */
/** @import { EncoderOutput, NameTable } from "@bertkit/layers" */
/** @import { Backend, Tensor } from "@bertkit/tensor" */
/** @import { HeadName } from "@bertkit/encoder-family" */
/** @import { Head, MaskedLanguageOptions } from "@bertkit/heads" */

/** @typedef {MaskedLanguageOptions & { labels: readonly string[], choices: number }} Context what heads are made from */

/**
 * One class of transformers, by what is here in its place.
 *
 * @template {Head<unknown, unknown>} [Made=any]
 * @typedef {object} HeadKind
 * @property {Readonly<Record<string, HeadName>>} parts its heads by their path in the head here, `""` for itself
 * @property {(context: Context) => Made} make
 * @property {(head: Made, encoded: EncoderOutput) => Record<string, Tensor>} outputs as transformers names them
 */

/** @type {HeadKind<any>["outputs"]} */
const logits = (head, encoded) => ({ logits: head.forward(encoded) });

/** Every head that a BERT of transformers has. @type {Readonly<Record<string, HeadKind<any>>>} */
export const headKinds = {
  BertForPreTraining: {
    parts: { masked: "maskedLanguage", next: "nextSentence" },
    make: (context) => new Pretraining(context),
    outputs: ({ masked, next }, encoded) => ({
      prediction_logits: masked.forward(encoded),
      seq_relationship_logits: next.forward(encoded),
    }),
  },
  BertForMaskedLM: {
    parts: { "": "maskedLanguage" },
    make: (context) => new MaskedLanguage(context),
    outputs: logits,
  },
  BertForNextSentencePrediction: {
    parts: { "": "nextSentence" },
    make: (context) => new NextSentence(context),
    outputs: logits,
  },
  BertForSequenceClassification: {
    parts: { "": "sequenceClassification" },
    make: (context) => new SequenceClassification(context),
    outputs: logits,
  },
  BertForTokenClassification: {
    parts: { "": "tokenClassification" },
    make: (context) => new TokenClassification(context),
    outputs: logits,
  },
  BertForQuestionAnswering: {
    parts: { "": "questionAnswering" },
    make: (context) => new QuestionAnswering(context),
    outputs: (head, encoded) => ({ "start_logits,end_logits": head.forward(encoded) }),
  },
  BertForMultipleChoice: {
    parts: { "": "multipleChoice" },
    make: (context) => new MultipleChoice(context),
    outputs: logits,
  },
};

/**
 * A head with its parameters from a file of the whole model.
 *
 * @param {HeadKind} kind
 * @param {Bert} bert
 * @param {CheckpointSource} source
 * @param {{ backend: Backend, labels: readonly string[], choices: number }} options
 */
export async function loadHead(kind, bert, source, { backend, labels, choices }) {
  const { width, vocabulary, epsilon, activation } = bert.config;
  const words = bert.embeddings.word;
  const context = { width, vocabulary, epsilon, words, labels, choices, activation: activationNamed(activation) };
  const head = kind.make(context);
  const tables = Object.entries(kind.parts).map(([path, name]) => {
    const table = findHeadNames(bertFamily, name, source.entries);
    if (table === undefined) throw new Error(`the file has no ${name}`);
    return /** @type {const} */ ([path === "" ? "" : `${path}.`, table]);
  });
  /** @type {NameTable} */
  const names = (path) => {
    const [prefix, table] = tables.find(([start]) => path.startsWith(start)) ?? tables[0];
    return table(path.slice(prefix.length));
  };
  await head.load(source, backend, { names });
  return head;
}

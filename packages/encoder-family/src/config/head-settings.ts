import { ConfigError, recordOf, showValue } from "@bertkit/layers";

/** What a configuration says of the head that its model was made with. */
export interface HeadSettings {
  /** In the order of the logits; `LABEL_0` and on where they have no names. */
  readonly labels: readonly string[];
  /** Undefined where it says nothing. */
  readonly problem: (typeof problems)[number] | undefined;
  /** Whether the masked-language head multiplies with the encoder's word table. */
  readonly tiesWords: boolean;
  /** Of what a classification head reads, while training. */
  readonly classifierDropout: number;
  /** The classes it was saved from, such as `BertForTokenClassification`. */
  readonly architectures: readonly string[];
  /** What a re-ranker's score goes through. */
  readonly rerankActivation: "sigmoid" | "identity";
}

/**
 * The head's settings in a Hugging Face `config.json`; what it leaves out is as in transformers and in
 * sentence-transformers, and null counts as left out. Throws `ConfigError` that lists all that is wrong.
 */
export function headSettingsFromHuggingFace(json: unknown): HeadSettings {
  const fields = Object.fromEntries(Object.entries(recordOf(json)).filter(([, value]) => value !== null));
  const wrong: string[] = [];
  const labels = labelsIn(fields, wrong);
  const settings: HeadSettings = {
    labels,
    problem: problemIn(fields, wrong),
    tiesWords: tiesWordsIn(fields, wrong),
    classifierDropout: dropoutIn(fields, wrong),
    architectures: architecturesIn(fields, wrong),
    rerankActivation: rerankActivationIn(fields, wrong) ?? (labels.length === 1 ? "sigmoid" : "identity"),
  };
  if (wrong.length > 0) throw new ConfigError("this config.json does not describe a head", wrong);
  return settings;
}

type Fields = Readonly<Record<string, unknown>>;

const problems = ["single_label_classification", "multi_label_classification", "regression"] as const;

/** Far above any classifier, far below what would exhaust memory: a large `num_labels` costs a file a few characters. */
const mostLabels = 2 ** 16;

/** `id2label` goes before `num_labels`, which transformers itself does not write. */
function labelsIn({ id2label, num_labels: count = 2 }: Fields, wrong: string[]): readonly string[] {
  if (id2label !== undefined) return namedLabels(id2label, wrong);
  if (typeof count === "number" && Number.isInteger(count) && count >= 1 && count <= mostLabels) {
    return Array.from({ length: count }, (_, id) => `LABEL_${id}`);
  }
  wrong.push(`num_labels must be a whole number from 1 to ${mostLabels}, got ${showValue(count)}`);
  return [];
}

function namedLabels(id2label: unknown, wrong: string[]): readonly string[] {
  const entries = Array.isArray(id2label) ? [] : Object.entries(recordOf(id2label));
  if (entries.length === 0) {
    wrong.push(`id2label must be an object with a label for each id, one at least, got ${showValue(id2label)}`);
    return [];
  }
  const byId = new Map(entries);
  const idOf = new Map<string, number>();
  for (let id = 0; id < byId.size; id++) {
    const found = byId.get(String(id)) ?? "";
    const label = typeof found === "number" ? String(found) : found;
    const isText = typeof label === "string" && label !== "";
    if (!isText || idOf.has(label)) {
      const problem = isText ? `${idOf.get(label)} and ${id} are ${showValue(label)}` : `${id} has ${shown(found)}`;
      wrong.push(`id2label must have a label of its own for each of 0 … ${byId.size - 1}: ${problem}`);
      return [];
    }
    idOf.set(label, id);
  }
  return [...idOf.keys()];
}

const shown = (label: unknown): string => (label === "" ? "none" : showValue(label));

function problemIn({ problem_type: type }: Fields, wrong: string[]): HeadSettings["problem"] {
  const problem = problems.find((known) => known === type);
  if (!problem && type !== undefined) {
    wrong.push(`problem_type must be one of ${problems.join(", ")}, got ${showValue(type)}`);
  }
  return problem;
}

function tiesWordsIn({ tie_word_embeddings: ties = true }: Fields, wrong: string[]): boolean {
  if (typeof ties === "boolean") return ties;
  wrong.push(`tie_word_embeddings must be true or false, got ${showValue(ties)}`);
  return true;
}

function dropoutIn({ classifier_dropout, hidden_dropout_prob = 0.1 }: Fields, wrong: string[]): number {
  const rate = classifier_dropout ?? hidden_dropout_prob;
  if (typeof rate === "number" && rate >= 0 && rate < 1) return rate;
  const name = rate === classifier_dropout ? "classifier_dropout" : "hidden_dropout_prob";
  wrong.push(`${name} must be a number from 0 up to 1, got ${showValue(rate)}`);
  return 0;
}

function architecturesIn({ architectures = [] }: Fields, wrong: string[]): readonly string[] {
  if (Array.isArray(architectures) && architectures.every((name) => typeof name === "string")) return architectures;
  wrong.push(`architectures must be a list of names, got ${showValue(architectures)}`);
  return [];
}

/** By the last part of the class's path, such as `torch.nn.modules.activation.Sigmoid`. */
const rerankActivations = new Map<string, HeadSettings["rerankActivation"]>([
  ["Sigmoid", "sigmoid"],
  ["Identity", "identity"],
]);

/** Undefined where nothing is said. Before sentence-transformers 4 the activation had a field of its own. */
function rerankActivationIn(fields: Fields, wrong: string[]): HeadSettings["rerankActivation"] | undefined {
  const path = recordOf(fields.sentence_transformers).activation_fn ?? fields.sbert_ce_default_activation_function;
  if (path === undefined) return undefined;
  const activation = rerankActivations.get(String(path).split(".").at(-1)!);
  if (!activation) wrong.push(`a re-ranker's activation must be torch's Sigmoid or Identity, got ${showValue(path)}`);
  return activation;
}

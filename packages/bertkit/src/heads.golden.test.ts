import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Bert, bertConfigFromHuggingFace, bertFamily, loadBert } from "@bertkit/bert-model";
import { type CheckpointSource, openCheckpoint } from "@bertkit/checkpoint";
import {
  findEncoderNames,
  findHeadNames,
  type HeadName,
  type HeadSettings,
  headSettingsFromHuggingFace,
} from "@bertkit/encoder-family";
import {
  CausalLanguage,
  type LanguageDecoderOptions,
  MaskedLanguage,
  MultipleChoice,
  NextSentence,
  Pretraining,
  QuestionAnswering,
  SequenceClassification,
  TokenClassification,
} from "@bertkit/heads";
import { activationNamed, type EncoderOutput, type Module, type NameTable, type PackedBatch } from "@bertkit/layers";
import {
  type Backend,
  gatherRows,
  lossAndGradients,
  openReference,
  type Parameter,
  sliceRows,
  Tensor,
  tidy,
  transpose,
} from "@bertkit/tensor";
import { largestDifference, useBackend } from "@bertkit/tensor/testing";
import { openWasm } from "@bertkit/wasm";
import { dataPath, describeWithData, positionsOf, realRows, type Unpadded, unpad } from "@bertkit-tooling/test-data";
import { describe, expect, test } from "@jest/globals";

interface Limits {
  readonly logits: number;
  readonly loss: number;
  readonly gradients: number;
}

// Five times what PyTorch's own float32 run is off (goldens' README): another order of summation has its own rounding.
const single: Limits = { logits: 5 * 2.0e-6, loss: 5 * 3.7e-7, gradients: 5 * 3.5e-7 };
const regressionGradients = 5 * 2.2e-6;

// Sums of a few hundred doubles in another order.
const double: Limits = { logits: 1e-12, loss: 1e-12, gradients: 1e-12 };

const backends = {
  "reference, float64": { open: () => openReference({ precision: "float64" }), limits: double },
  reference: { open: () => openReference(), limits: single },
  wasm: { open: () => openWasm(), limits: single },
};

interface Context {
  readonly width: number;
  readonly settings: HeadSettings;
  readonly language: LanguageDecoderOptions & { readonly countOffset?: number };
  /** Of real tokens, or of sequences. */
  readonly labels: (name: string) => ArrayLike<number>;
}

interface Case {
  readonly outputs: readonly string[];
  /** The heads it is made of, each by the beginning of its parameters' paths. */
  readonly names: readonly (readonly [start: string, head: HeadName])[];
  make(context: Context): {
    readonly head: Module;
    logits(encoded: EncoderOutput): readonly Tensor[];
    loss(encoded: EncoderOutput): Tensor;
  };
}

const logitsOf = (name: HeadName, make: (context: Context) => Plain): Case => ({
  outputs: ["logits"],
  names: [["", name]],
  make: (context) => {
    const { head, loss } = make(context);
    return { head, logits: (encoded) => [head.forward(encoded)], loss };
  },
});

interface Plain {
  readonly head: Module & { forward(encoded: EncoderOutput): Tensor };
  readonly loss: (encoded: EncoderOutput) => Tensor;
}

function classification({ width, settings, labels: given }: Context): Plain {
  const head = new SequenceClassification({ width, labels: settings.labels, problem: settings.problem });
  const isSingle = settings.problem === "single_label_classification";
  const labels = isSingle ? Int32Array.from(given("labels")) : Float32Array.from(given("labels"));
  return { head, loss: (encoded) => head.loss(encoded, labels) };
}

const cases: Readonly<Record<string, Case>> = {
  masked_lm: logitsOf("maskedLanguage", ({ language, labels }) => {
    const head = new MaskedLanguage(language);
    return { head, loss: (encoded) => head.loss(encoded, Int32Array.from(labels("labels"))) };
  }),
  causal_lm: logitsOf("maskedLanguage", ({ language, labels }) => {
    const head = new CausalLanguage(language);
    return { head, loss: (encoded) => head.loss(encoded, Int32Array.from(labels("labels"))) };
  }),
  next_sentence: logitsOf("nextSentence", ({ width, labels }) => {
    const head = new NextSentence({ width });
    return { head, loss: (encoded) => head.loss(encoded, Int32Array.from(labels("labels"))) };
  }),
  pretraining: {
    outputs: ["prediction_logits", "seq_relationship_logits"],
    names: [
      ["masked.", "maskedLanguage"],
      ["next.", "nextSentence"],
    ],
    make: ({ language, labels }) => {
      const head = new Pretraining(language);
      const masked = Int32Array.from(labels("labels"));
      const next = Int32Array.from(labels("next_sentence_label"));
      return {
        head,
        logits: (encoded) => [head.masked.forward(encoded), head.next.forward(encoded)],
        loss: (encoded) => head.loss(encoded, { masked, next }),
      };
    },
  },
  sequence_single: logitsOf("sequenceClassification", classification),
  sequence_multi: logitsOf("sequenceClassification", classification),
  sequence_regression: logitsOf("sequenceClassification", classification),
  token: logitsOf("tokenClassification", ({ width, settings, labels }) => {
    const head = new TokenClassification({ width, labels: settings.labels });
    return { head, loss: (encoded) => head.loss(encoded, Int32Array.from(labels("labels"))) };
  }),
  question_answering: {
    outputs: ["start_logits", "end_logits"],
    names: [["", "questionAnswering"]],
    make: ({ width, labels }) => {
      const head = new QuestionAnswering({ width });
      const starts = Int32Array.from(labels("start_positions"));
      const ends = Int32Array.from(labels("end_positions"));
      return {
        head,
        logits: (encoded) => [0, 1].map((column) => sliceRows(transpose(head.forward(encoded)), column, column + 1)),
        loss: (encoded) => head.loss(encoded, { starts, ends }),
      };
    },
  },
  multiple_choice: logitsOf("multipleChoice", ({ width, labels }) => {
    const head = new MultipleChoice({ width, choices: 4 });
    return { head, loss: (encoded) => head.loss(encoded, Int32Array.from(labels("labels"))) };
  }),
};

describeWithData("goldens/heads", "heads equal Hugging Face's", () => {
  describe.each(Object.entries(backends))("%s", (_, { open, limits }) => {
    const backend = useBackend(open);
    // Hugging Face computes a causal model's loss in float32, in its double run too.
    const lossLimit = (name: string): number => (name === "causal_lm" ? single.loss : limits.loss);

    test.each(Object.keys(cases))("%s: logits and loss", async (name) => {
      using golden = await openGolden(name, backend());
      const { outputs, case: made, real, scalars } = golden;
      const computed = tidy(() => made.logits(packedForward(golden)));
      for (const [i, output] of cases[name]!.outputs.entries()) {
        using tensor = computed[i]!;
        expectWithin(await tensor.read(), realValues(golden, outputs.get(output)!, real), limits.logits, output);
      }
      using loss = tidy(() => made.loss(packedForward(golden)));
      const expected = name === "question_answering" ? unpaddedLoss(golden) : scalars.loss!;
      expectWithin(await loss.read(), [expected], lossLimit(name), "loss");
    });

    test.each(Object.keys(cases))("%s: every gradient", async (name) => {
      using golden = await openGolden(name, backend());
      const { parameters, gradients, areDoubles, scalars } = golden;
      // Hugging Face's softmax over a padded row is over padding too, which a packed batch has not.
      const forward = name === "question_answering" ? paddedForward : packedForward;
      using found = lossAndGradients(parameters.values(), () => golden.case.loss(forward(golden)));
      expectWithin(await found.loss.read(), [scalars.loss!], lossLimit(name), "loss");
      expect([...parameters.keys()].sort()).toEqual([...gradients.keys()].sort());
      const rounding = name === "sequence_regression" ? regressionGradients : single.gradients;
      for (const [theirs, parameter] of parameters) {
        const values = await found.gradients.get(parameter)!.read();
        // torch gives the padding token's row no gradient from the look-up; only padded rows look it up.
        const isTable = theirs.endsWith("word_embeddings.weight");
        if (isTable && forward === paddedForward) values.fill(0, 0, parameter.shape[1]);
        expectWithin(values, gradients.get(theirs)!.values, areDoubles ? limits.gradients : rounding, theirs);
      }
    });
  });

  test("pre-training's loss as Google divides it", async () => {
    using backend = openReference({ precision: "float64" });
    using golden = await openGolden("pretraining", backend, { countOffset: 1e-5 });
    using loss = tidy(() => golden.case.loss(packedForward(golden)));
    // The golden was divided by the float32 that is nearest to 15.00001.
    expectWithin(await loss.read(), [golden.scalars.google_loss!], single.loss, "loss");
    expect(Math.abs(golden.scalars.google_loss! - golden.scalars.loss!)).toBeGreaterThan(single.loss);
  });
});

/** A head of `goldens/heads` over its encoder, with inputs, and what they are to give. */
interface Golden extends Disposable, Files {
  readonly bert: Bert;
  readonly real: Unpadded;
  readonly case: ReturnType<Case["make"]>;
  /** By Hugging Face's names, the encoder's and the head's. */
  readonly parameters: ReadonlyMap<string, Parameter>;
}

/** Loads one; it is to be disposed of. */
async function openGolden(
  name: string,
  backend: Backend,
  options: { readonly countOffset?: number } = {},
): Promise<Golden> {
  const files = await readFiles(name);
  const config = bertConfigFromHuggingFace(files.json);
  const settings = headSettingsFromHuggingFace(files.json);
  const real = unpad(files.mask.values, files.mask.shape.at(-1)!);
  const { names, make } = cases[name]!;
  await using source = await openCheckpoint(dataPath("goldens/heads", name, "model.safetensors"));
  const { bert } = await loadBert(source, config, backend);
  const { width, vocabulary, epsilon, activation } = config;
  const words = bert.embeddings.word;
  const language = { width, vocabulary, epsilon, activation: activationNamed(activation), words, ...options };
  const made = make({
    width,
    settings,
    language,
    labels: (label) => realValues(files, files.inputs.get(label)!, real),
  });
  const headNames = joined(names, source);
  await made.head.load(source, backend, { names: headNames });
  const encoderNames = findEncoderNames(bertFamily, ["embeddings.word.weight"], source.entries);
  return {
    ...files,
    bert,
    real,
    case: made,
    parameters: new Map([...named(bert, encoderNames), ...named(made.head, headNames)]),
    [Symbol.dispose]() {
      bert[Symbol.dispose]();
      made.head[Symbol.dispose]();
    },
  };
}

interface Files {
  readonly json: unknown;
  /** [sequences, length], or [questions, choices, length] */
  readonly mask: FileArray;
  readonly inputs: Arrays;
  /** Logits in double precision. */
  readonly outputs: Arrays;
  /** In double precision where there are such. */
  readonly gradients: Arrays;
  readonly areDoubles: boolean;
  readonly scalars: Readonly<Record<string, number>>;
}

type Arrays = ReadonlyMap<string, FileArray>;

async function readFiles(name: string): Promise<Files> {
  const file = (part: string): string => dataPath("goldens/heads", name, part);
  const inputs = await arraysIn(file("inputs.safetensors"));
  const areDoubles = existsSync(file("gradients_f64.safetensors"));
  return {
    json: JSON.parse(await readFile(file("config.json"), "utf8")),
    mask: inputs.get("attention_mask")!,
    inputs,
    outputs: await arraysIn(file("outputs_f64.safetensors")),
    gradients: await arraysIn(file(areDoubles ? "gradients_f64.safetensors" : "gradients.safetensors")),
    areDoubles,
    scalars: JSON.parse(await readFile(file("meta.json"), "utf8")).scalars_f64,
  };
}

interface FileArray {
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

async function arraysIn(path: string): Promise<Arrays> {
  await using source = await openCheckpoint(path);
  const arrays = new Map<string, FileArray>();
  for (const [name, { shape }] of source.entries) arrays.set(name, { values: await source.read(name), shape });
  return arrays;
}

/** Without the padding, of what is for tokens; as it is, of what is for sequences. */
function realValues({ mask }: Files, { values, shape }: FileArray, real: Unpadded): ArrayLike<number> {
  const isForTokens = mask.shape.every((extent, axis) => shape[axis] === extent);
  return isForTokens ? realRows(values, real, values.length / mask.values.length) : values;
}

/** The table for a head made of heads. */
function joined(names: Case["names"], source: CheckpointSource): NameTable {
  return (path) => {
    const [prefix, head] = names.find(([start]) => path.startsWith(start))!;
    return findHeadNames(bertFamily, head, source.entries)!(path.slice(prefix.length));
  };
}

const named = (module: Module, names: NameTable): (readonly [string, Parameter])[] =>
  Array.from(module.parameters(), ([path, parameter]) => [names(path).name, parameter] as const);

const packedForward = (golden: Golden): EncoderOutput => golden.bert.forward(batchOf(golden, golden.real));

/** As padded rows with a mask are computed: every token, padding too, looks at the real ones of its row. */
function paddedForward(golden: Golden): EncoderOutput {
  const { bert, mask, real } = golden;
  const all = batchOf(golden, unpad(new Uint8Array(mask.values.length).fill(1), mask.shape.at(-1)!));
  const rows = Tensor.from(bert.backend, real.rows);
  let hidden = bert.embeddings.forward(all);
  for (const block of bert.blocks) {
    const context = { hidden: gatherRows(hidden, rows), offsets: real.offsets };
    hidden = block.forward(hidden, all.offsets, { context }).hidden;
  }
  return { hidden, layers: [], attention: [], pooled: undefined, offsets: all.offsets };
}

function batchOf({ inputs }: Golden, rows: Unpadded): PackedBatch {
  const take = (name: string): Int32Array => Int32Array.from(realRows(inputs.get(name)!.values, rows));
  return {
    ids: take("input_ids"),
    typeIds: take("token_type_ids"),
    positions: positionsOf(rows.offsets),
    offsets: rows.offsets,
  };
}

/** Question answering's loss among the real tokens of each row, from Hugging Face's logits. */
function unpaddedLoss(golden: Golden): number {
  const { inputs, outputs, real } = golden;
  const meanSurprise = (side: "start" | "end"): number => {
    const logits = Array.from(realValues(golden, outputs.get(`${side}_logits`)!, real));
    const surprises = Array.from(inputs.get(`${side}_positions`)!.values, (position, i) => {
      const own = logits.slice(real.offsets[i], real.offsets[i + 1]);
      return Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0)) - own[position]!;
    });
    return surprises.reduce((sum, surprise) => sum + surprise) / surprises.length;
  };
  return (meanSurprise("start") + meanSurprise("end")) / 2;
}

/** The largest absolute difference, as the goldens' README measures it. */
function expectWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, limit: number, what: string): void {
  const difference = largestDifference(actual, expected);
  if (!(difference <= limit)) throw new Error(`${what}: off by ${difference.toExponential(2)}, allowed ${limit}`);
}

import { type CheckpointSource, writeSafetensors, writeTensorFlow } from "@bertkit/checkpoint";
import {
  type ConfiguredEncoder,
  findEncoderNames,
  holdsPooler,
  int8Metadata,
  loadEncoder,
} from "@bertkit/encoder-family";
import { SentenceEmbedding } from "@bertkit/heads";
import { namedArrays } from "@bertkit/layers";
import { writeOnnx } from "@bertkit/onnx";
import { type Backend, openReference } from "@bertkit/tensor";
import { withCheckpoint } from "../opening/with-checkpoint.js";
import { denseStages } from "../sentence-settings.js";
import { type Architecture, withEveryHead } from "./architecture.js";
import { type ArrayMove, describeMove, encoderMoves, fileArray, headMoves, movedArrays } from "./array-moves.js";
import type { ConversionPrecision, ConvertedArray } from "./conversion-report.js";
import type { Origin } from "./origin.js";
import { googleNames, huggingFaceNames, type TargetNames } from "./target-names.js";
import { loadWhole } from "./whole-model.js";

/** A model whose weights are open, and what they are to become. */
export interface WeightsJob {
  readonly origin: Origin;
  readonly source: CheckpointSource;
  readonly architecture: Architecture;
  readonly precision: ConversionPrecision | undefined;
  /** Whether the encoder is written in int8, because it is to be or because it is so already. */
  readonly isInt8: boolean;
  readonly signal: AbortSignal | undefined;
}

/** What was written, and which arrays it took. */
export interface WrittenWeights {
  readonly arrays: readonly ConvertedArray[];
  readonly moves: readonly ArrayMove[];
}

/** Writes the weights as Hugging Face lays them out; int8 as docs/int8.md describes. */
export async function writeAsSafetensors(path: string, job: WeightsJob): Promise<WrittenWeights> {
  const { origin, source, precision, isInt8, signal } = job;
  const { family, head } = origin.modelConfig;
  const architecture = isInt8 ? withEveryHead(job.architecture, origin.modelConfig, source.entries) : job.architecture;
  const names = huggingFaceNames(family, architecture, head.tiesWords);
  const heads = headMoves(origin.modelConfig, architecture, { entries: source.entries, names });
  if (isInt8) return writeInt8(path, { ...job, architecture }, { names, heads });
  const moves = [...encoderMoves(origin.modelConfig, architecture, { entries: source.entries, names }), ...heads];
  const dtype = precision === "int8" ? undefined : precision;
  await writeSafetensors(path, movedArrays(moves, source, { dtype, signal }), { metadata: { format: "pt" }, signal });
  return { moves, arrays: moves.map((move) => describeMove(move, source.entries, dtype)) };
}

/** Writes a TensorFlow checkpoint with Google's names, in float32. */
export async function writeAsTensorFlow(prefix: string, job: WeightsJob): Promise<WrittenWeights> {
  const { origin, source, architecture, signal } = job;
  const { family } = origin.modelConfig;
  const { entries } = source;
  // Google's model has a pooler whatever stands on it.
  const hasPooler = holdsPooler(family, entries, architecture.heads[0]);
  const names = googleNames;
  const moves = [
    ...encoderMoves(origin.modelConfig, { ...architecture, hasPooler }, { entries, names }),
    ...headMoves(origin.modelConfig, architecture, { entries, names }),
  ];
  await writeTensorFlow(prefix, movedArrays(moves, source, { dtype: "float32", signal }), { signal });
  return { moves, arrays: moves.map((move) => describeMove(move, entries, "float32")) };
}

/** Writes an ONNX model, in float32 or with int8 weights. */
export async function writeAsOnnx(path: string, job: WeightsJob): Promise<WrittenWeights> {
  const { origin, source, architecture, precision, signal } = job;
  const { modelConfig, settings } = origin;
  const names = huggingFaceNames(modelConfig.family, architecture, modelConfig.head.tiesWords);
  const owned: Disposable[] = [];
  using backend = openReference();
  try {
    const whole = await loadWhole(source, modelConfig, architecture, {
      ...{ backend, signal, owned },
      precision: precision === "int8" ? "int8" : undefined,
    });
    const head = settings.isSentenceModel ? await sentenceHead(origin, { backend, signal, owned }) : whole.head;
    await writeOnnx(path, whole.encoder, { head, signal });
    const heads = settings.isSentenceModel
      ? []
      : headMoves(modelConfig, architecture, { entries: source.entries, names });
    return describeEncoder(whole.encoder, job, { names, heads, dtype: "float32" });
  } finally {
    for (const part of owned) part[Symbol.dispose]();
  }
}

interface NamedHeads {
  readonly names: TargetNames;
  readonly heads: readonly ArrayMove[];
  /** Of the heads; by default what each is stored in. */
  readonly dtype?: string;
}

/** The encoder in int8; the heads are a few hundred kilobytes, and stay what they are. */
async function writeInt8(path: string, job: WeightsJob, named: NamedHeads): Promise<WrittenWeights> {
  const { origin, source, architecture, precision, signal } = job;
  const { family, config } = origin.modelConfig;
  using backend = openReference();
  const wanted = { ...config, pooler: architecture.hasPooler };
  // Floats cannot be had back from int8: whoever asks for any kind of them is told so.
  const options = { precision: precision === "int8" ? precision : precision && ("float32" as const), signal };
  const { encoder } = await loadEncoder(family, source, wanted, backend, { ...options, head: architecture.heads[0] });
  const arrays = [...namedArrays(encoder, named.names.encoder), ...movedArrays(named.heads, source, { signal })];
  await writeSafetensors(path, arrays, { metadata: int8Metadata, signal });
  return describeEncoder(encoder, job, named);
}

/** What became of an encoder that was loaded: a weight of levels came from floats, and so did its scales. */
function describeEncoder(
  encoder: ConfiguredEncoder,
  { origin, source: { entries }, architecture }: WeightsJob,
  { names, heads, dtype }: NamedHeads,
): WrittenWeights {
  const parameters = [...encoder.parameters()];
  const isScale = (path: string): boolean => path.endsWith(".scale");
  const stored = parameters.map(([path]) => path).filter((path) => !isScale(path));
  const theirs = findEncoderNames(origin.modelConfig.family, stored, entries, architecture.heads[0]);
  const moves = parameters.map(([path]): ArrayMove => {
    const weight = theirs(path.replace(/\.scale$/, ".weight"));
    const isMade = isScale(path) && entries.get(weight.name)?.dtype !== "int8";
    const from = isScale(path) && !isMade ? theirs(path) : weight;
    return { from: from.name, to: names.encoder(path).name, transposed: from.transposed && !isMade };
  });
  const arrays = parameters.map(([, { shape, dtype: made }], i): ConvertedArray => {
    const { from, to, transposed } = moves[i]!;
    return { from: fileArray(from, entries.get(from)!), to: { name: to, shape, dtype: made }, transposed };
  });
  return {
    moves: [...moves, ...heads],
    arrays: [...arrays, ...heads.map((move) => describeMove(move, entries, dtype))],
  };
}

interface SentencePlace {
  readonly backend: Backend;
  readonly signal: AbortSignal | undefined;
  readonly owned: Disposable[];
}

/** What makes a sentence vector of hidden states, with its Dense layers' numbers. */
async function sentenceHead(
  { folder, settings }: Origin,
  { backend, signal, owned }: SentencePlace,
): Promise<SentenceEmbedding> {
  const head = new SentenceEmbedding(settings);
  owned.unshift(head);
  for (const [i, stage] of denseStages(settings).entries()) {
    await withCheckpoint(folder.folder(stage.folder), signal, (source) =>
      head.dense[i]!.load(source, backend, { signal }),
    );
  }
  return head;
}

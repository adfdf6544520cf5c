import { CheckpointError } from "@bertkit/checkpoint";
import type { PackedBatch } from "@bertkit/layers";
import { readModelConfig } from "../model-config.js";
import type { ModelFolder } from "../opening/model-folder.js";
import { withModel } from "../opening/open-model.js";
import { withCheckpoint } from "../opening/with-checkpoint.js";
import { architectureOf } from "./architecture.js";
import { conversionFiles } from "./conversion-files.js";
import type { ConversionReport, OutputComparison } from "./conversion-report.js";
import { runOnnx } from "./run-onnx.js";
import { compareOutputs, outputsOf, type SampleOutputs } from "./sample-outputs.js";
import { type FormatJob, weightsPath } from "./write-format.js";

/** What the model gave before it was written, and for what. */
export interface OutputsBefore {
  readonly before: SampleOutputs;
  readonly batch: PackedBatch;
}

/**
 * Loads what was written and compares its outputs with those before. Throws `CheckpointError` where they are further
 * apart than the precision explains.
 */
export async function checkOutputs(
  job: FormatJob,
  { before, batch }: OutputsBefore,
): Promise<ConversionReport["outputs"]> {
  const after = await (job.format === "onnx" ? onnxOutputs(job, batch) : writtenOutputs(job, batch));
  if (!after) return { kind: "not compared", reason: "onnxruntime-node, which runs ONNX models, is not installed" };
  const comparison = compareOutputs(before, after);
  const most = mostDifference(job);
  if (comparison.relativeDifference <= most) return comparison;
  throw new CheckpointError(
    "range",
    `${job.format}: the written model ${tooFar(comparison, most)}; nothing is kept of it`,
  );
}

const tooFar = ({ relativeDifference, largestDifference }: OutputComparison, most: number): string =>
  `gives other outputs than the model it was made from: they differ by ${relativeDifference.toPrecision(2)} of ` +
  `their size (at most ${largestDifference.toPrecision(2)}), where ${most} was to be expected`;

/** Relative to the outputs' size; what is not the same model at all is above 1. */
function mostDifference({ format, precision, isInt8, origin }: FormatJob): number {
  if (isInt8) return 0.5;
  if (precision === "bfloat16") return 0.15;
  if (precision === "float16") return 0.02;
  // Google's gelu is an approximation of the exact one.
  return format === "tensorflow" && origin.bertConfig?.activation === "gelu" ? 0.02 : 1e-4;
}

function onnxOutputs(job: FormatJob, batch: PackedBatch): Promise<Partial<SampleOutputs> | undefined> {
  const choices = job.architecture.heads.includes("multipleChoice");
  return runOnnx({ path: `${job.place}/${weightsPath(job)}`, batch, choices });
}

function writtenOutputs({ place, format, origin, signal }: FormatJob, batch: PackedBatch): Promise<SampleOutputs> {
  const { encoderFolder } = origin.settings;
  return withModel(place, { needed: conversionFiles, signal }, (folder) =>
    outputsIn(format === "tensorflow" ? folder : folder.folder(encoderFolder), {
      modelType: origin.modelType,
      batch,
      signal,
    }),
  );
}

interface SampleRun {
  readonly modelType: string;
  readonly batch: PackedBatch;
  readonly signal: AbortSignal | undefined;
}

async function outputsIn(folder: ModelFolder, { modelType, batch, signal }: SampleRun): Promise<SampleOutputs> {
  const modelConfig = await readModelConfig(folder);
  return withCheckpoint(folder, signal, (source) => {
    const architecture = architectureOf(modelConfig, modelType, source.entries);
    return outputsOf({ source, modelConfig, architecture }, batch, signal);
  });
}

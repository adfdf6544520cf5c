import { CheckpointError } from "@bertkit/checkpoint";
import { ConfigError, showValue } from "@bertkit/layers";
import { modelOr } from "../default-model.js";
import type { DownloadOptions } from "../download-options.js";
import { withModel } from "../opening/open-model.js";
import { withCheckpoint } from "../opening/with-checkpoint.js";
import { writeWholeFolder } from "../write-whole-folder.js";
import { type Architecture, architectureOf, storesInt8 } from "./architecture.js";
import { checkOutputs } from "./check-outputs.js";
import { conversionFiles } from "./conversion-files.js";
import {
  type ConversionFormat,
  type ConversionPrecision,
  type ConversionReport,
  conversionFormats,
  conversionPrecisions,
} from "./conversion-report.js";
import { leftOut } from "./left-out.js";
import { readOrigin } from "./origin.js";
import { outputsOf, sampleBatch } from "./sample-outputs.js";
import { type FormatJob, writeFormat } from "./write-format.js";

/** What a model is converted to. */
export interface ConvertModelOptions extends DownloadOptions {
  /** Default "safetensors". */
  readonly to?: ConversionFormat | undefined;
  /**
   * What the weights are stored in. By default what they are: a TensorFlow checkpoint has float32 alone, ONNX float32 or
   * int8, safetensors all.
   */
  readonly precision?: ConversionPrecision | undefined;
  /** Whether to replace a folder that is there and holds nothing but such files. Default false: it is refused. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes a model (named as for `loadSentenceEncoder`) in another format, with all files that go with it: as Hugging
 * Face's transformers and sentence-transformers have it (safetensors), as google-research/bert has it (a TensorFlow
 * checkpoint), or as transformers.js, optimum and ONNX Runtime take it (ONNX). The folder is there whole or not at all,
 * and only if the written model gives the same outputs for a sample text, as nearly as its precision allows. Throws
 * `CheckpointError` where they differ more or the format cannot hold the model, `OutputFolderError` where the folder
 * exists and is not empty, `ConfigError` for a format and precision that do not go together, else as
 * `loadSentenceEncoder` does. Node only.
 */
export async function convertModel(
  model: string | undefined,
  folder: string,
  { to = "safetensors", precision, overwrite = false, ...options }: ConvertModelOptions = {},
): Promise<ConversionReport> {
  checkWishes(to, precision);
  let report: ConversionReport | undefined;
  await writeWholeFolder(folder, overwrite, async (place) => {
    const written = await withModel(model, { ...options, needed: conversionFiles }, async (opened) => {
      const origin = await readOrigin(opened);
      return withCheckpoint(origin.encoder, options.signal, (source) =>
        convert({ origin, source, place, format: to, precision, signal: options.signal }),
      );
    });
    report = { from: modelOr(model), folder, format: to, precision, ...written };
  });
  return report!;
}

/** Which precisions each format has. */
const precisionsOf: Readonly<Record<ConversionFormat, readonly ConversionPrecision[]>> = {
  safetensors: conversionPrecisions,
  tensorflow: ["float32"],
  onnx: ["float32", "int8"],
};

function checkWishes(to: ConversionFormat, precision: ConversionPrecision | undefined): void {
  if (!conversionFormats.includes(to)) {
    throw new ConfigError("format", [`it is ${conversionFormats.join(" or ")}, got ${showValue(to)}`]);
  }
  if (precision === undefined || precisionsOf[to].includes(precision)) return;
  throw new ConfigError("precision", [`${to} has ${precisionsOf[to].join(" or ")}, got ${showValue(precision)}`]);
}

type Job = Omit<FormatJob, "architecture" | "isInt8">;

async function convert(job: Job): Promise<Omit<ConversionReport, "from" | "folder" | "format" | "precision">> {
  const { origin, source, format, precision, signal } = job;
  const { modelConfig, tokenizer } = origin;
  const architecture = architectureFor(job);
  const isInt8 = precision === "int8" || storesInt8(modelConfig, source.entries);
  if (isInt8 && format === "tensorflow") throw int8InTensorFlow();
  const whole: FormatJob = { ...job, architecture, isInt8 };
  const batch = sampleBatch(tokenizer, modelConfig.config);
  const before = await outputsOf({ source, modelConfig, architecture }, batch, signal);
  const { arrays, moves, warnings, files } = await writeFormat(whole);
  const outputs = await checkOutputs(whole, { before, batch });
  return {
    architecture: architecture.name,
    files,
    arrays,
    leftOut: leftOut(source.entries, moves, { family: modelConfig.family, architecture }),
    warnings,
    outputs,
  };
}

/** All that the weights hold, but for an ONNX model of a sentence encoder: its head is the pooling. */
function architectureFor({ origin, source, format }: Job): Architecture {
  const { modelConfig, modelType, settings } = origin;
  const whole = architectureOf(modelConfig, modelType, source.entries);
  if (format !== "onnx" || !settings.isSentenceModel) return whole;
  const alone = architectureOf(modelConfig, modelType, new Map());
  return { ...alone, hasPooler: false };
}

function int8InTensorFlow(): CheckpointError {
  const remedy = "convert the model that they were made from";
  return new CheckpointError("unsupported", `the weights are int8, which Google's checkpoints have not: ${remedy}`);
}

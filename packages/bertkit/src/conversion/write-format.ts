import { type CheckpointSource, type LazyArray, type ReadableDType, writeSafetensors } from "@bertkit/checkpoint";
import { fileSystem, type ModelFolder } from "../opening/model-folder.js";
import { withCheckpoint } from "../opening/with-checkpoint.js";
import { denseStages } from "../sentence-settings.js";
import type { ConversionFormat, WrittenFile } from "./conversion-report.js";
import { labelsIn } from "./whole-model.js";
import {
  type WeightsJob,
  type WrittenWeights,
  writeAsOnnx,
  writeAsSafetensors,
  writeAsTensorFlow,
} from "./write-weights.js";
import { googleTexts, huggingFaceTexts } from "./written-texts.js";

/** A model that is to be written into a folder. */
export interface FormatJob extends WeightsJob {
  readonly format: ConversionFormat;
  /** The folder. */
  readonly place: string;
}

export interface WrittenModel extends WrittenWeights {
  readonly warnings: readonly string[];
  readonly files: readonly WrittenFile[];
}

/** Writes a model with all its files. Throws `CheckpointError` for one that the format cannot hold. */
export async function writeFormat(job: FormatJob): Promise<WrittenModel> {
  const { texts, warnings } = textsOf(job);
  for (const [path, text] of texts) await fileSystem(job.place).writeFile(await pathIn(job.place, path), text);
  const path = await pathIn(job.place, weightsPath(job));
  const weights = await writers[job.format](path, job);
  if (job.format !== "tensorflow") await copyDense(job);
  return { ...weights, warnings, files: await filesIn(job.place) };
}

const writers: Readonly<Record<ConversionFormat, (path: string, job: WeightsJob) => Promise<WrittenWeights>>> = {
  safetensors: writeAsSafetensors,
  tensorflow: writeAsTensorFlow,
  onnx: writeAsOnnx,
};

/** Where a format's readers look for the weights; transformers.js for int8 ones under "q8", its default in browsers. */
export function weightsPath({ origin, format, isInt8 }: FormatJob): string {
  const { encoderFolder } = origin.settings;
  const names: Readonly<Record<ConversionFormat, string>> = {
    safetensors: "model.safetensors",
    tensorflow: "bert_model.ckpt",
    onnx: isInt8 ? "onnx/model_quantized.onnx" : "onnx/model.onnx",
  };
  return format === "tensorflow" || encoderFolder === "" ? names[format] : `${encoderFolder}/${names[format]}`;
}

function textsOf(job: FormatJob): { readonly texts: ReadonlyMap<string, string>; readonly warnings: string[] } {
  const { origin, source, architecture, format, precision, isInt8 } = job;
  const labels = labelsIn(source, origin.modelConfig, architecture);
  if (format === "tensorflow") {
    const { texts, warnings } = googleTexts(origin);
    if (labels.length > 0) warnings.push(`the labels have no names in Google's files: they are ${labels.join(", ")}`);
    return { texts, warnings };
  }
  const dtype = format === "onnx" || isInt8 ? undefined : (precision ?? storedFloats(source));
  const warnings = [];
  if (format === "onnx" && origin.settings.isSentenceModel && !origin.settings.includePrompt) {
    warnings.push("the ONNX model pools a prompt's tokens too, which this sentence encoder leaves out");
  }
  return { texts: huggingFaceTexts(origin, { architecture, labels, dtype }), warnings };
}

/** What the largest array is stored in. */
function storedFloats({ entries }: CheckpointSource): string {
  const sizes = Array.from(entries.values(), ({ shape, dtype }) => [shape.reduce((a, b) => a * b, 1), dtype] as const);
  const [, dtype] = sizes.reduce((largest, other) => (other[0] > largest[0] ? other : largest));
  return dtype;
}

/** The Dense layers of a sentence encoder, each array as it is stored. */
async function copyDense({ origin, place, signal }: FormatJob): Promise<void> {
  for (const { folder } of denseStages(origin.settings)) {
    const path = await pathIn(place, `${folder}/model.safetensors`);
    await copyWeights(origin.folder.folder(folder), path, signal);
  }
}

async function copyWeights(folder: ModelFolder, path: string, signal: AbortSignal | undefined): Promise<void> {
  await withCheckpoint(folder, signal, async (source) => {
    const arrays = Array.from(source.entries, ([name, { shape, dtype }]): LazyArray => {
      return { name, shape, dtype: dtype as ReadableDType, values: () => source.read(name, { signal }) };
    });
    await writeSafetensors(path, arrays, { metadata: source.metadata, signal });
  });
}

/** A path in a folder, whose own folder is made where it is missing. */
async function pathIn(place: string, path: string): Promise<string> {
  const whole = `${place}/${path}`;
  await fileSystem(place).mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
  return whole;
}

async function filesIn(place: string): Promise<WrittenFile[]> {
  const { readdir, stat } = fileSystem(place);
  const entries = await readdir(place, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => `${parentPath}/${name}`);
  const sized = files.map(async (file): Promise<WrittenFile> => {
    return { path: file.slice(place.length + 1).replaceAll("\\", "/"), bytes: (await stat(file)).size };
  });
  return (await Promise.all(sized)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

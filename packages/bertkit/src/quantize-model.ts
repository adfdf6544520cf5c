import { type CheckpointSource, type LazyArray, type ReadableDType, writeSafetensors } from "@bertkit/checkpoint";
import { encoderFile, headArrays, loadEncoder } from "@bertkit/encoder-family";
import { openReference } from "@bertkit/tensor";
import type { DownloadOptions } from "./download-options.js";
import { tokenizerIn } from "./load-tokenizer.js";
import { type ModelConfig, readModelConfig } from "./model-config.js";
import { fileSystem, type ModelFolder, notingTexts } from "./model-folder.js";
import { sentenceEncoderFiles } from "./needed-files.js";
import { withModel } from "./open-model.js";
import { denseStages, readSentenceSettings } from "./sentence-settings.js";
import { withCheckpoint } from "./with-checkpoint.js";
import { writeWholeFolder } from "./write-whole-folder.js";

export interface QuantizeModelOptions extends DownloadOptions {
  /** Whether to replace a folder that is there and holds nothing but such files. Default false: it is refused. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes a model (named as for `loadSentenceEncoder`) in int8: a folder with every file that a sentence encoder needs,
 * its weights as docs/int8.md describes, a quarter as large. It loads by its path, with vectors equal to the bit to
 * those of the model loaded with `precision: "int8"`; heads for other tasks go with it in float32. The folder is there
 * whole or not at all. Throws `OutputFolderError` where it exists and is not empty, else as `loadSentenceEncoder` does. Node only.
 */
export async function quantizeModel(
  model: string | undefined,
  folder: string,
  { overwrite = false, ...options }: QuantizeModelOptions = {},
): Promise<void> {
  await writeWholeFolder(folder, overwrite, (place) =>
    withModel(model, { ...options, needed: sentenceEncoderFiles }, (opened) =>
      writeQuantized(opened, place, options.signal),
    ),
  );
}

async function writeQuantized(opened: ModelFolder, place: string, signal: AbortSignal | undefined): Promise<void> {
  const { folder: noted, texts } = notingTexts({
    ...opened,
    openCheckpoint: (path, stop) => opened.folder(path).openCheckpoint(stop),
  });
  const settings = await readSentenceSettings(noted);
  const encoder = noted.folder(settings.encoderFolder);
  const modelConfig = await readModelConfig(encoder);
  await tokenizerIn(encoder);
  const { mkdir, writeFile } = fileSystem(place);
  const at = async (path: string): Promise<string> => {
    const whole = `${place}/${path}`;
    await mkdir(whole.slice(0, whole.lastIndexOf("/")), { recursive: true });
    return whole;
  };
  for (const [path, text] of texts) await writeFile(await at(path), text);
  await writeEncoder(encoder, modelConfig, await at(weightsIn(settings.encoderFolder)), signal);
  for (const { folder: path } of denseStages(settings)) {
    await copyWeights(noted.folder(path), await at(weightsIn(path)), signal);
  }
}

const weightsIn = (folder: string): string => `${folder === "" ? "" : `${folder}/`}model.safetensors`;

/** The encoder in int8; the heads in the same file are a few hundred kilobytes, and stay what they are. */
async function writeEncoder(
  folder: ModelFolder,
  { family, config, head }: ModelConfig,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  using backend = openReference();
  await withCheckpoint(folder, signal, async (source) => {
    const { encoder } = await loadEncoder(family, source, config, backend, { precision: "int8", signal });
    const { arrays, metadata } = encoderFile(family, encoder);
    const heads = arraysOf(source, headArrays(family, source.entries, head), signal);
    await writeSafetensors(path, [...arrays, ...heads], { metadata, signal });
  });
}

/** A folder's weights as one file, each array as it is stored: Dense layers stay what they are. */
async function copyWeights(folder: ModelFolder, path: string, signal: AbortSignal | undefined): Promise<void> {
  await withCheckpoint(folder, signal, (source) =>
    writeSafetensors(path, arraysOf(source, source.entries.keys(), signal), { metadata: source.metadata, signal }),
  );
}

const arraysOf = (source: CheckpointSource, names: Iterable<string>, signal: AbortSignal | undefined): LazyArray[] =>
  Array.from(names, (name) => {
    const { shape, dtype } = source.entries.get(name)!;
    return { name, shape, dtype: dtype as ReadableDType, values: () => source.read(name, { signal }) };
  });

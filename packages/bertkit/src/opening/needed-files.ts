import type { RepoView } from "@bertkit/hub";
import { ConfigError, recordOf } from "@bertkit/layers";
import { readModelConfig } from "../model-config.js";
import { denseStages, readSentenceSettings } from "../sentence-settings.js";
import { type ModelFolder, notingTexts } from "./model-folder.js";
import { findWeights, joined, type WeightsView, weightsAt } from "./weights-files.js";

/** A repository, or what can be asked the same. */
export interface ModelRepo extends WeightsView {
  /** The encoder's weights, where they were named; else they are looked for. */
  readonly weights?: string | undefined;
}

/** Says which files of a repository are needed for one purpose. */
export type NeededFiles = (repo: ModelRepo, place: string) => Promise<readonly string[]>;

/**
 * The files that a sentence encoder is loaded from. They are read on the way as loading reads them, so that a model of
 * another kind fails before its weights are fetched. Throws `ConfigError` as `loadSentenceEncoder` does.
 */
export const sentenceEncoderFiles: NeededFiles = async (repo, place) => {
  const files = await filesWithoutTokenizer(repo, place);
  return [...new Set([...(await tokenizerFiles(repo, place)), ...files])];
};

/** The files that a sentence encoder is loaded from but those of its tokenizer. Throws as `sentenceEncoderFiles` does. */
export const filesWithoutTokenizer: NeededFiles = async (repo, place) => {
  const { folder, texts } = recording(repo, place);
  const settings = await readSentenceSettings(folder);
  await readModelConfig(folder.folder(settings.encoderFolder));
  const files = [...(await encoderWeights(settings.encoderFolder, repo, place))];
  for (const stage of denseStages(settings)) files.push(...(await findWeights(stage.folder, repo, place)));
  return [...new Set([...texts.keys(), ...files])];
};

/**
 * The files that an encoder with whatever heads its weights hold is loaded from. Throws `ConfigError` for a model of
 * no known family, before its weights are fetched.
 */
export const encoderFiles: NeededFiles = async (repo, place) => {
  const { folder, texts } = recording(repo, place);
  const path = await encoderPath(folder);
  await readModelConfig(folder.folder(path));
  const files = await tokenizerFilesIn(path, folder, repo);
  files.push(...(await encoderWeights(path, repo, place)));
  return [...new Set([...texts.keys(), ...files])];
};

/** The files that a tokenizer is loaded from. Throws `ConfigError` where there are none. */
export const tokenizerFiles: NeededFiles = async (repo, place) => {
  const { folder, texts } = recording(repo, place);
  const files = await tokenizerFilesIn(await encoderPath(folder), folder, repo);
  return [...new Set([...texts.keys(), ...files])];
};

/** The folder of a model's encoder and tokenizer inside the model's own: that of its first module, where it has modules. */
export async function encoderPath(folder: ModelFolder): Promise<string> {
  const modules = await folder.readJson("modules.json");
  const { path } = recordOf(Array.isArray(modules) ? modules[0] : undefined);
  return typeof path === "string" ? path : "";
}

/** What tokenizers of other kinds are kept in. */
export const otherTokenizers = ["vocab.json", "sentencepiece.bpe.model", "spiece.model"] as const;

/** For a folder without a tokenizer that is read. @param other the file of another kind that it has */
export function noTokenizer(folder: ModelFolder, other: string | undefined): ConfigError {
  const problem = "there is neither a tokenizer.json nor a vocab.txt";
  return new ConfigError(folder.place, [
    other === undefined ? problem : `its tokenizer is of the kind of ${other}, which is not read yet: ${problem}`,
  ]);
}

/** A repository as a folder that notes what is read of it. */
const recording = (repo: RepoView, place: string): ReturnType<typeof notingTexts> =>
  notingTexts({
    place,
    readText: (path) => repo.readText(path),
    openCheckpoint: () => Promise.reject(new TypeError("files are picked before weights are opened")),
  });

async function tokenizerFilesIn(path: string, folder: ModelFolder, repo: RepoView): Promise<string[]> {
  await folder.folder(path).readText("tokenizer_config.json");
  for (const name of ["tokenizer.json", "vocab.txt"]) {
    if (await repo.has(joined(path, name))) return [joined(path, name)];
  }
  const others = await Promise.all(otherTokenizers.map((name) => repo.has(joined(path, name))));
  throw noTokenizer(folder.folder(path), otherTokenizers[others.indexOf(true)]);
}

async function encoderWeights(folder: string, repo: ModelRepo, place: string): Promise<readonly string[]> {
  const named = repo.weights === undefined ? undefined : await weightsAt(repo.weights, repo, place);
  return named ?? findWeights(folder, repo, place);
}

import { openArchive, openCheckpoint } from "@bertkit/checkpoint";
import { type FetchedModel, fetchModel, HubError, similarNames } from "@bertkit/hub";
import { modelOr, wellKnownModels } from "../default-model.js";
import { announceDownload, type DownloadOptions } from "../download-options.js";
import { archiveFiles } from "./archive-files.js";
import { blobFiles } from "./blob-files.js";
import { filesOf, splitFile } from "./folder-files.js";
import { googleModels } from "./google-models.js";
import { folderOf, type ModelFiles, type ModelFolder } from "./model-folder.js";
import { type ModelPlace, placeOf } from "./model-place.js";
import type { NeededFiles } from "./needed-files.js";

/** A model's folder that is to be closed: an archive holds its file open. */
export interface OpenModel extends ModelFolder {
  close(): Promise<void>;
}

/**
 * Opens a model by its folder, an archive of it (as Google's releases are downloaded), its weights with all else beside
 * them, the http(s) address of any of these, or its name on the hub, of which the needed files are fetched where the
 * cache has them not. Throws `CheckpointError` where there is no such thing or it cannot be opened, `HubError` for a name
 * that gives none. Whoever opens a model closes it; {@link withModel} does both.
 */
export async function openModel(
  model: string | undefined,
  needed: NeededFiles,
  options: DownloadOptions = {},
): Promise<OpenModel> {
  const place = await placeOf(modelOr(model), options);
  if (place.kind !== "archive")
    return { ...folderOf(await filesOfPlace(place, needed, options)), close: async () => {} };
  const archive = await openArchive(place.path, { signal: options.signal });
  return { ...folderOf(archiveFiles(archive)), close: () => archive.close() };
}

/** A model's folder for as long as `use` takes. Throws as {@link openModel} does. */
export async function withModel<Result>(
  model: string | undefined,
  { needed, ...options }: DownloadOptions & { readonly needed: NeededFiles },
  use: (folder: ModelFolder) => Promise<Result>,
): Promise<Result> {
  const folder = await openModel(model, needed, options);
  try {
    return await use(folder);
  } finally {
    await folder.close();
  }
}

/** Fetches the needed files of a model on the hub, as far as the cache has them not. */
export async function fetchFiles(name: string, needed: NeededFiles, options: DownloadOptions): Promise<FetchedModel> {
  const { onDownload = announceDownload, ...others } = options;
  try {
    return await fetchModel(name, { ...others, onPlan: onDownload, select: (repo) => needed(repo, name) });
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== "not-found" || error.suggestions.length > 0) throw error;
    const { hint } = error;
    const suggestions = similarNames(name, [...wellKnownModels, ...googleModels]);
    throw new HubError(error.code, error.message, { hint, suggestions });
  }
}

async function filesOfPlace(place: ModelPlace, needed: NeededFiles, options: DownloadOptions): Promise<ModelFiles> {
  const { signal } = options;
  if (place.kind === "weights") return filesBeside(place.path, signal);
  if (place.kind !== "hub") return filesOf(place.path, signal);
  const { folder, ...fetched } = await fetchFiles(place.name, needed, options);
  return folder === undefined ? blobFiles(fetched) : filesOf(folder, signal);
}

/** The files of the folder that a file of weights lies in, with no other weights than these. */
function filesBeside(weights: string, signal: AbortSignal | undefined): ModelFiles {
  const files = filesOf(splitFile(weights).folder, signal);
  return {
    ...files,
    openCheckpoint: (path, stop) =>
      path === "" ? openCheckpoint(weights, { signal: stop }) : files.openCheckpoint(path, stop),
  };
}

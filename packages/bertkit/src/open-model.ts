import { CheckpointError } from "@bertkit/checkpoint";
import { type FetchedModel, fetchModel, HubError, listCachedModels, parseModelName, similarNames } from "@bertkit/hub";
import { blobFiles } from "./blob-files.js";
import { modelOr, wellKnownModels } from "./default-model.js";
import { announceDownload, type DownloadOptions } from "./download-options.js";
import { fileSystem, filesAt, filesIn, folderOf, type ModelFolder } from "./model-folder.js";
import type { NeededFiles } from "./needed-files.js";

/** A place that models are named by. */
export type ModelPlace =
  | { readonly kind: "address"; readonly address: string }
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "hub"; readonly name: string };

/**
 * Opens a model by its folder, its http(s) address, or its name on the hub, of which the needed files are fetched where
 * the cache has them not. Throws `CheckpointError` where there is no such folder, `HubError` for a name that gives
 * none.
 */
export async function openModel(
  model: string | undefined,
  needed: NeededFiles,
  options: DownloadOptions = {},
): Promise<ModelFolder> {
  const place = await placeOf(modelOr(model), options);
  if (place.kind === "address") return folderOf(filesAt(place.address, options.signal));
  if (place.kind === "folder") return folderOf(filesIn(place.path, options.signal));
  const { folder, ...fetched } = await fetchFiles(place.name, needed, options);
  return folderOf(folder === undefined ? blobFiles(fetched) : filesIn(folder, options.signal));
}

/** Fetches the needed files of a model on the hub, as far as the cache has them not. */
export async function fetchFiles(name: string, needed: NeededFiles, options: DownloadOptions): Promise<FetchedModel> {
  const { onDownload = announceDownload, ...others } = options;
  try {
    return await fetchModel(name, { ...others, onPlan: onDownload, select: (repo) => needed(repo, name) });
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== "not-found" || error.suggestions.length > 0) throw error;
    const { hint } = error;
    throw new HubError(error.code, error.message, { hint, suggestions: similarNames(name, wellKnownModels) });
  }
}

/** What a text names. A folder that exists wins; `./x`, `../x`, `/x` and `~` can be nothing but folders. */
export async function placeOf(model: string, options: DownloadOptions): Promise<ModelPlace> {
  if (/^https?:\/\//i.test(model)) return { kind: "address", address: model };
  const isPath = /^(\.{1,2}([/\\]|$)|[/\\~]|[a-z]:)/i.test(model);
  const hasFiles = globalThis.process?.getBuiltinModule !== undefined;
  const found =
    hasFiles || isPath
      ? await fileSystem(model)
          .stat(model)
          .catch(() => undefined)
      : undefined;
  if (found?.isDirectory()) return { kind: "folder", path: model };
  if (found) {
    throw new CheckpointError("argument", `${model} is a file: name the folder it lies in, with its config.json`);
  }
  if (!isPath && parseModelName(model)) return { kind: "hub", name: model };
  if (isPath || model.includes("/") || !parseModelName(`namespace/${model}`)) {
    throw new CheckpointError("missing", `there is no folder ${model}: a model is a folder with a config.json`);
  }
  throw await halfName(model, options);
}

/** For a name without a namespace, which the hub has not. */
async function halfName(model: string, options: DownloadOptions): Promise<HubError> {
  const cached = await listCachedModels(options).catch(() => []);
  const names = [...wellKnownModels, ...cached.map(({ name }) => name)];
  return new HubError("name", `${model} is neither a folder here nor a full name on the hub`, {
    hint: "Name a folder, or a model of the hub by its full name, such as sentence-transformers/all-MiniLM-L6-v2.",
    suggestions: similarNames(model, names),
  });
}

import { CheckpointError, isArchive } from "@bertkit/checkpoint";
import { HubError, listCachedModels, parseModelName, similarNames } from "@bertkit/hub";
import { wellKnownModels } from "../default-model.js";
import type { DownloadOptions } from "../download-options.js";
import { isAddress, splitFile } from "./folder-files.js";
import { googleModelOnHub, googleModels } from "./google-models.js";
import { fileSystem } from "./model-folder.js";

/** A place that models are named by: by a path or an http(s) address, or by a name on the hub. */
export type ModelPlace =
  | { readonly kind: "folder" | "archive" | "weights"; readonly path: string }
  | { readonly kind: "hub"; readonly name: string };

const weightsEnding = /\.(safetensors|bin|pt|pth|npz|index|ckpt(-\d+)?|(safetensors|bin)\.index\.json)$/i;
const namedBy =
  "a folder, an archive (.zip, .tar, .tar.gz, .tgz) or weights (.safetensors, .bin, .pt, .npz, .ckpt.index)";

/**
 * What a text names. What exists here wins; then come names of the hub and those that Google gave its models. `./x`,
 * `../x`, `/x` and `~` can be nothing but paths. Throws `CheckpointError` where a path leads to nothing or to a file of
 * another kind, `HubError` for what is no full name.
 */
export async function placeOf(model: string, options: DownloadOptions): Promise<ModelPlace> {
  if (isAddress(model)) return placeAt(model);
  const isPath = /^(\.{1,2}([/\\]|$)|[/\\~]|[a-z]:)/i.test(model);
  const hasFiles = globalThis.process?.getBuiltinModule !== undefined;
  const found = hasFiles || isPath ? await placeIn(model) : undefined;
  if (found) return found;
  const name = googleModelOnHub(model) ?? model;
  if (!isPath && parseModelName(name)) return { kind: "hub", name };
  if (isPath || model.includes("/") || !parseModelName(`namespace/${model}`)) {
    throw new CheckpointError(
      "missing",
      `there is no folder ${model}, nor such a file: a model is named by ${namedBy}`,
    );
  }
  throw await halfName(model, options);
}

/** What is at an address, its name says: one cannot ask whether it is a folder. */
function placeAt(address: string): ModelPlace {
  if (!URL.canParse(address)) throw new CheckpointError("argument", `${address} is no address`);
  const { name } = splitFile(address);
  return { kind: kindOf(name) ?? "folder", path: address };
}

function kindOf(fileName: string): "archive" | "weights" | undefined {
  if (isArchive(fileName)) return "archive";
  return weightsEnding.test(fileName) ? "weights" : undefined;
}

/** What is at a path; undefined where there is nothing, nor a TensorFlow checkpoint that begins so. */
async function placeIn(path: string): Promise<ModelPlace | undefined> {
  const { stat } = fileSystem(path);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { kind: "folder", path };
  const kind = kindOf(splitFile(path).name);
  if (found === undefined) {
    const index = kind === "weights" ? await stat(`${path}.index`).catch(() => undefined) : undefined;
    return index && { kind: "weights", path };
  }
  if (kind !== undefined) return { kind, path };
  throw new CheckpointError("argument", `${path} is a file that is no model: a model is named by ${namedBy}`);
}

/** For a name without a namespace, which the hub has not. */
async function halfName(model: string, options: DownloadOptions): Promise<HubError> {
  const cached = await listCachedModels(options).catch(() => []);
  const names = [...wellKnownModels, ...googleModels, ...cached.map(({ name }) => name)];
  return new HubError("name", `${model} is neither a folder here nor a full name on the hub`, {
    hint: "Name a folder, or a model of the hub by its full name, such as sentence-transformers/all-MiniLM-L6-v2.",
    suggestions: similarNames(model, names),
  });
}

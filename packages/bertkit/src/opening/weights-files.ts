import { latestIndex } from "@bertkit/checkpoint";
import type { RepoView } from "@bertkit/hub";
import { ConfigError, recordOf } from "@bertkit/layers";

/** In the order in which transformers looks; a TensorFlow checkpoint is known by its index. */
const beforeTensorFlow = [
  "model.safetensors",
  "model.safetensors.index.json",
  "pytorch_model.bin",
  "pytorch_model.bin.index.json",
];
const [usualIndex, otherIndex] = ["bert_model.ckpt.index", "model.ckpt.index"];
const stateFile = "checkpoint";
const afterTensorFlow = ["model.npz"];

/** Google's checkpoints come in one data file; of larger ones, files are looked for up to so many. */
const mostShards = 16;

/** What a model's files can be asked. */
export interface WeightsView extends RepoView {
  /** The names of the files in a folder; absent where they cannot be had, as on the hub and the web. */
  readonly list?: ((folder: string) => Promise<readonly string[]>) | undefined;
}

/**
 * The files of the weights in a folder, by their paths: first the one to open, then those that it names. They are looked
 * for as `openCheckpoint` does. Throws `ConfigError` where there are none.
 */
export async function findWeights(folder: string, repo: WeightsView, place: string): Promise<readonly string[]> {
  const at = (name: string): string => joined(folder, name);
  const first = async (names: readonly string[]): Promise<readonly string[] | undefined> => {
    for (const name of names) {
      const files = await weightsAt(at(name), repo, place);
      if (files !== undefined) return files;
    }
    return undefined;
  };
  const found =
    (await first(beforeTensorFlow)) ??
    (await latestIn(at(stateFile), repo, first)) ??
    (await first([usualIndex])) ??
    (await first([latestIndex((await repo.list?.(folder)) ?? []) ?? otherIndex])) ??
    (await first(afterTensorFlow));
  if (found !== undefined) return found;
  const names = [...beforeTensorFlow, usualIndex, otherIndex, ...afterTensorFlow];
  throw new ConfigError(folder === "" ? place : joined(place, folder), [
    `it has no weights: none of ${names.join(", ")}`,
  ]);
}

/**
 * The files of weights that a path names: a file, an index with its shards, the index of a TensorFlow checkpoint or its
 * prefix. Undefined where there is no such file; throws `ConfigError` for an index whose files cannot be told.
 */
export async function weightsAt(
  path: string,
  repo: RepoView,
  place: string,
): Promise<readonly [string, ...string[]] | undefined> {
  if (path.endsWith(".index.json")) {
    const text = await repo.readText(path);
    return text === undefined
      ? undefined
      : [path, ...shardsIn(text, joined(place, path)).map((name) => beside(path, name))];
  }
  if (await repo.has(path)) return path.endsWith(".index") ? [path, ...(await dataOf(path, repo, place))] : [path];
  return path.endsWith(".index") || !/\.ckpt(-\d+)?$/.test(path) ? undefined : weightsAt(`${path}.index`, repo, place);
}

/** A file's path in a folder; "" is the model's own. */
export const joined = (folder: string, name: string): string => (folder === "" ? name : `${folder}/${name}`);

const beside = (path: string, name: string): string => path.slice(0, path.lastIndexOf("/") + 1) + name;

/** The checkpoint that the file `checkpoint` calls the latest, and that file: what training left. */
async function latestIn(
  statePath: string,
  repo: RepoView,
  first: (names: readonly string[]) => Promise<readonly string[] | undefined>,
): Promise<readonly string[] | undefined> {
  const state = await repo.readText(statePath);
  const path = /^model_checkpoint_path:\s*"([^"]*)"/m.exec(state ?? "")?.[1];
  const name = path?.split(/[/\\]/).at(-1);
  const files = name ? await first([`${name}.index`]) : undefined;
  return files && [...files, statePath];
}

async function dataOf(index: string, repo: RepoView, place: string): Promise<string[]> {
  const prefix = index.slice(0, -".index".length);
  const part = (number: number, of: number): string => `${prefix}.data-${fiveDigits(number)}-of-${fiveDigits(of)}`;
  for (let shards = 1; shards <= mostShards; shards++) {
    if (await repo.has(part(0, shards))) return Array.from({ length: shards }, (_, number) => part(number, shards));
  }
  throw new ConfigError(joined(place, index), [`its data is not beside it: there is no ${part(0, 1)}`]);
}

const fiveDigits = (number: number): string => String(number).padStart(5, "0");

function shardsIn(index: string, place: string): string[] {
  try {
    const shards = Object.values(recordOf(recordOf(JSON.parse(index)).weight_map));
    if (shards.length > 0 && shards.every((shard) => typeof shard === "string")) return [...new Set(shards)];
  } catch (error) {
    throw new ConfigError(place, [`it is not JSON: ${(error as Error).message}`]);
  }
  throw new ConfigError(place, ["weight_map names no files"]);
}

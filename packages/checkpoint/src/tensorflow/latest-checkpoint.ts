import { CheckpointError } from "../checkpoint-error.js";
import type { Place } from "../place.js";
import { latestPrefix } from "./checkpoint-state.js";
import { dataFileName, indexFileName, stateFileName } from "./file-names.js";

/**
 * The index of the TensorFlow checkpoint that a folder is about: the one that its file `checkpoint` names, else
 * `bert_model.ckpt`, else, where a folder can be listed, the one of the latest step whose data files are all there.
 *
 * @returns the place of a `PREFIX.index` file; undefined where the folder has none.
 * @throws CheckpointError `io` where the folder or its files cannot be read.
 */
export async function latestCheckpoint(folder: Place, signal?: AbortSignal): Promise<Place | undefined> {
  const usual = folder.child(indexFileName(usualPrefix));
  const [named, hasUsual] = await Promise.all([namedCheckpoint(folder, signal), isFile(usual, signal)]);
  if (named !== undefined) {
    const index = folder.child(indexFileName(named));
    if (await isFile(index, signal)) return index;
  }
  if (hasUsual) return usual;
  const found = latestIndex((await folder.list()) ?? []);
  return found === undefined ? undefined : folder.child(found);
}

/** Of a folder's file names the index of the TensorFlow checkpoint of the latest step whose data files are all there. */
export function latestIndex(fileNames: readonly string[]): string | undefined {
  const present = new Set(fileNames);
  const complete = fileNames.filter((name) => name.endsWith(".index") && hasData(name.slice(0, -6), present));
  return complete.sort((left, right) => stepOf(left) - stepOf(right)).at(-1);
}

// As in the archives that Google released.
const usualPrefix = "bert_model.ckpt";

// With every path that training kept it has some kB; what is larger is something else of the same name.
const largestState = 2 ** 20;

async function namedCheckpoint(folder: Place, signal: AbortSignal | undefined): Promise<string | undefined> {
  const bytes = await folder.child(stateFileName).open(signal).catch(undefinedIfAbsent);
  if (bytes === undefined) return undefined;
  try {
    if (bytes.size > largestState) return undefined;
    const content = new Uint8Array(bytes.size);
    await bytes.read(0, content, signal);
    return fileNameOf(latestPrefix(new TextDecoder().decode(content)));
  } finally {
    await bytes.close();
  }
}

/** The last part of a path, which is often one on the machine that trained; undefined where it is no file's name. */
function fileNameOf(path: string | undefined): string | undefined {
  const name = path?.split(/[/\\]/).at(-1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a file's name.
  return name === undefined || /^\.{0,2}$|[:\u0000-\u001f]/.test(name) ? undefined : name;
}

async function isFile(place: Place, signal: AbortSignal | undefined): Promise<boolean> {
  const bytes = await place.open(signal).catch(undefinedIfAbsent);
  await bytes?.close();
  return bytes !== undefined;
}

/** A folder of that name is as good as nothing. */
function undefinedIfAbsent(error: unknown): undefined {
  if (error instanceof CheckpointError && (error.code === "missing" || error.code === "argument")) return undefined;
  throw error;
}

function hasData(prefix: string, present: ReadonlySet<string>): boolean {
  const start = dataFileName(prefix, 0, 1).slice(0, -5);
  for (const name of present) {
    const shards = name.startsWith(start) ? Number(name.slice(start.length)) : Number.NaN;
    // No more names than there are files, whatever number one of them says.
    if (!(shards >= 1 && shards <= present.size)) continue;
    if (Array.from({ length: shards }, (_, i) => dataFileName(prefix, i, shards)).every((file) => present.has(file))) {
      return true;
    }
  }
  return false;
}

/** `model.ckpt-1000.index` is of step 1000; one that does not say is before all that do. */
function stepOf(fileName: string): number {
  return Number(/-(\d+)\.index$/.exec(fileName)?.[1] ?? -1);
}

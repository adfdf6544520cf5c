import type { ByteSource } from "./bytes/byte-source.js";
import { CheckpointError, quoted } from "./checkpoint-error.js";
import type { CheckpointEntry, CheckpointSource } from "./checkpoint-source.js";
import { JsonReader } from "./json-reader.js";
import type { Place } from "./place.js";
import { largestHeader } from "./safetensors/spelling.js";
import { sourceOf } from "./source-of.js";

/** How one of the files is opened. */
export type OpenFile = (place: Place, signal?: AbortSignal) => Promise<CheckpointSource>;

/** What a `*.safetensors.index.json` or `*.bin.index.json` says: which file holds each array. */
interface ShardIndex {
  readonly shardOf: ReadonlyMap<string, string>;
  readonly metadata: ReadonlyMap<string, string>;
}

// Each shard is an open file; no checkpoint that runs anywhere comes in more.
const mostShards = 1024;

/**
 * The arrays of several files as one checkpoint. The tables of contents of all are read at once, for `entries` needs
 * them; of the data, what is asked for. Only what the index lists counts. Closes the index's bytes.
 *
 * @throws CheckpointError `malformed` where the index names a file outside its folder or an array its file lacks.
 */
export async function openSharded(
  place: Place,
  indexBytes: ByteSource,
  openShard: OpenFile,
  signal?: AbortSignal,
): Promise<CheckpointSource> {
  const index = await readIndex(indexBytes, signal);
  const shards = new Map<string, CheckpointSource>();
  const close = async () => {
    await Promise.all([...shards.values()].map((shard) => shard.close()));
  };
  try {
    for (const fileName of new Set(index.shardOf.values())) {
      shards.set(fileName, await openShard(place.sibling(fileName), signal));
    }
    return sourceOf({
      label: place.label,
      entries: joinEntries(index, shards, place.label),
      metadata: new Map([...[...shards.values()].flatMap((shard) => [...shard.metadata]), ...index.metadata]),
      read: (_, name, options) => shards.get(index.shardOf.get(name)!)!.read(name, options),
      close,
    });
  } catch (error) {
    await close();
    throw error;
  }
}

async function readIndex(bytes: ByteSource, signal?: AbortSignal): Promise<ShardIndex> {
  try {
    return parseIndex(await readText(bytes, signal), bytes.label);
  } finally {
    await bytes.close();
  }
}

async function readText(bytes: ByteSource, signal?: AbortSignal): Promise<string> {
  const { label, size } = bytes;
  if (size > largestHeader) {
    throw new CheckpointError("malformed", `${label}: an index has at most ${largestHeader} bytes, not ${size}`);
  }
  const content = new Uint8Array(size);
  await bytes.read(0, content, signal);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (error) {
    throw new CheckpointError("malformed", `${label} is not UTF-8`, { cause: error });
  }
}

/** Reads `{"metadata": {"total_size": 1}, "weight_map": {"a": "model-00001-of-00002.safetensors"}}`. */
function parseIndex(text: string, label: string): ShardIndex {
  const reader = new JsonReader(text, label);
  const shardOf = new Map<string, string>();
  const metadata = new Map<string, string>();
  let found = false;
  reader.object((key) => {
    if (key === "weight_map") {
      found = true;
      reader.object((name) => shardOf.set(name, checkedFileName(reader.string(), reader)));
    } else if (key === "metadata" && !reader.null()) {
      reader.object((name) => {
        const value = reader.scalar();
        if (value !== undefined) metadata.set(name, value);
      });
    } else if (key !== "metadata") reader.scalar();
  });
  reader.end();
  if (!found) throw reader.error("there is no weight_map; is it the index of a sharded checkpoint?");
  const shards = new Set(shardOf.values()).size;
  if (shards > mostShards) throw reader.error(`${shards} files, where at most ${mostShards} are opened`);
  return { shardOf, metadata };
}

/** A file beside the index, and nowhere else: no separator of any system, no drive, no stream, no "..". */
function checkedFileName(name: string, reader: JsonReader): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a file's name.
  if (/^[^/\\:\u0000-\u001f]+\.(safetensors|bin|pt)$/.test(name) && !name.startsWith(".")) return name;
  throw reader.error(`${quoted(name)} is not the name of a .safetensors or .bin file in the same folder`);
}

function joinEntries(
  { shardOf }: ShardIndex,
  shards: ReadonlyMap<string, CheckpointSource>,
  label: string,
): ReadonlyMap<string, CheckpointEntry> {
  const entries = new Map<string, CheckpointEntry>();
  for (const [fileName, shard] of shards) {
    for (const [name, entry] of shard.entries) if (shardOf.get(name) === fileName) entries.set(name, entry);
  }
  for (const [name, fileName] of shardOf) {
    if (entries.has(name)) continue;
    throw new CheckpointError("malformed", `${label}: ${quoted(name)} should be in ${fileName}, but is not`);
  }
  return entries;
}

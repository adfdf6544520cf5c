import { gzipSync } from "node:zlib";
import { assemble, utf8 } from "./formats/assemble.js";
import { anyName, namesOf } from "./formats/names.js";
import { npyFile } from "./formats/npy.js";
import { barePickle, torchOldFile, torchZip } from "./formats/pytorch.js";
import { bundleFiles, modelFolder, release, tarOf } from "./formats/release.js";
import { anyJson, jsonText, safetensorsFile } from "./formats/safetensors.js";
import { zipArchive } from "./formats/zip.js";
import { mutate } from "./mutate.js";
import { type Input, nameless, type Parser } from "./parser.js";
import type { Random } from "./random.js";

/** All parsers of `@bertkit/checkpoint` that read what others wrote. */
export const parsers: readonly Parser[] = [
  { name: "safetensors", make: (random) => nameless(perhapsDamaged(safetensorsFile(random), random)) },
  { name: "sharded", make: shardedCheckpoint },
  { name: "pytorch-zip", make: (random) => nameless(perhapsDamaged(torchZip(random), random)) },
  { name: "pytorch-old", make: (random) => nameless(perhapsDamaged(torchOldFile(random), random)) },
  { name: "pickle", make: (random) => nameless(perhapsDamaged(barePickle(random), random)) },
  { name: "tensorflow-index", make: (random) => tensorFlowCheckpoint("bert_model.ckpt.index", random, 0) },
  {
    name: "tensorflow-data",
    make: (random) => tensorFlowCheckpoint("bert_model.ckpt.data-00000-of-00001", random, 0.3),
  },
  { name: "snappy", make: (random) => tensorFlowCheckpoint("", random, 1) },
  { name: "npy", make: (random) => nameless(perhapsDamaged(npyFile(random), random)) },
  { name: "npz", make: (random) => nameless(perhapsDamaged(npz(random), random)) },
  { name: "zip", make: (random) => archive(perhapsDamaged(zipArchive(members(random), random), random)) },
  { name: "deflate", make: deflated },
  { name: "tar", make: (random) => archive(perhapsDamaged(tarOf(random), random)) },
  { name: "tar.gz", make: compressedTar },
  { name: "archive", make: (random) => nameless(perhapsDamaged(release(random), random)) },
  { name: "recognition", make: anyFile },
];

/**
 * A parser by its name.
 *
 * @throws RangeError that lists the names there are.
 */
export function parserOf(name: string): Parser {
  const found = parsers.find((parser) => parser.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`there is no parser ${name}, but ${parsers.map((parser) => parser.name).join(", ")}`);
}

function perhapsDamaged(bytes: Uint8Array, random: Random): Uint8Array {
  return random.chance(0.5) ? mutate(bytes, random) : bytes;
}

function archive(bytes: Uint8Array): Input {
  return { ...nameless(bytes), isArchive: true };
}

function shardedCheckpoint(random: Random): Input {
  const files = new Map<string, Uint8Array>();
  const weightMap: Record<string, unknown> = {};
  for (let shard = 1; shard <= 2; shard++) {
    const fileName = `model-0000${shard}-of-00002.safetensors`;
    const names = namesOf(random.below(4), random).map((name) => `${name}/${shard}`);
    for (const name of names) weightMap[name] = random.orWrong<unknown>(fileName, () => `${anyName(random)}.bin`);
    files.set(
      fileName,
      random.orWrong(safetensorsFile(random, names), () => release(random)),
    );
  }
  const index = {
    metadata: random.orWrong<unknown>({ total_size: 1 }, () => anyJson(random, 3)),
    weight_map: random.orWrong<unknown>(weightMap, () => anyJson(random, 3)),
  };
  files.set("model.safetensors.index.json", perhapsDamaged(utf8(jsonText(index, random)), random));
  return { files };
}

/** One of the files may be damaged after the checksums were made. */
function tensorFlowCheckpoint(fileName: string, random: Random, compressed: number): Input {
  const files = bundleFiles(random, compressed);
  const bytes = files.get(fileName);
  if (bytes !== undefined && random.chance(0.3)) files.set(fileName, mutate(bytes, random));
  return { files };
}

function npz(random: Random): Uint8Array {
  const files = namesOf(1 + random.below(3), random).map((name) => ({ name: `${name}.npy`, content: npyFile(random) }));
  return zipArchive(files, random);
}

function members(random: Random): { name: string; content: Uint8Array }[] {
  return namesOf(random.below(6), random).map((name) => ({ name, content: utf8("text ".repeat(random.below(20))) }));
}

/** Texts and arrays that repeat themselves, as far as a thousandfold, packed and then damaged. */
function deflated(random: Random): Input {
  const bytes = random.bytes(1 + random.below(64)).map((byte) => byte & 127);
  const content = assemble(random.several(random.pick([1, 10, 1000]), () => bytes));
  const bomb = random.chance(0.02);
  const files = [{ name: "text.txt", content: bomb ? zeros : content, isDeflated: true }];
  return archive(perhapsDamaged(zipArchive(files, random), random));
}

/** Mostly sound as far as gzip goes, so that what is within is read. */
function compressedTar(random: Random): Input {
  const tar = random.chance(0.02) ? assemble(tarOf(random), zeros) : tarOf(random);
  const packed = new Uint8Array(gzipSync(random.chance(0.2) ? mutate(tar, random) : tar));
  return archive(random.chance(0.2) ? mutate(packed, random) : packed);
}

/** What packs to next to nothing and unpacks to a lot. */
const zeros = new Uint8Array(2 ** 22);

const fileNames = [
  "",
  "a.bin",
  "a.pt",
  "a.pkl",
  "a.index",
  "a.safetensors",
  "a.npy",
  "a.npz",
  "a.tar",
  "a.json",
  "a.zip",
];

/** A file of one format under the name of another, or of none. */
function anyFile(random: Random): Input {
  if (random.chance(0.2)) return { files: modelFolder(random) };
  const makers = [safetensorsFile, torchZip, torchOldFile, barePickle, npyFile, npz, release, tarOf];
  const made = random.pick(makers)(random);
  const start = random.pick(makers)(random).subarray(0, random.below(16));
  const bytes = random.pick([
    made,
    assemble(start, made.subarray(start.length)),
    random.bytes(random.below(600)),
    start,
  ]);
  return { files: new Map([[random.pick(fileNames), perhapsDamaged(bytes, random)]]) };
}

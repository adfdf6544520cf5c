import { gzipSync } from "node:zlib";
import type { Random } from "../random.js";
import { utf8 } from "./assemble.js";
import { anyName } from "./names.js";
import { npyFile } from "./npy.js";
import { torchZip } from "./pytorch.js";
import { safetensorsFile } from "./safetensors.js";
import { tarArchive } from "./tar.js";
import { tensorBundle } from "./tensor-bundle.js";
import { zipArchive } from "./zip.js";

/** A model's folder: a checkpoint of some format, its configuration and vocabulary. */
export function modelFolder(random: Random): ReadonlyMap<string, Uint8Array> {
  const files = new Map([
    ["config.json", utf8('{"hidden_size": 8}')],
    ["vocab.txt", random.orWrong(utf8("[PAD]\n[UNK]\n"), () => random.bytes(20))],
  ]);
  for (const [name, content] of checkpointFiles(random))
    files.set(
      random.orWrong(name, () => anyName(random)),
      content,
    );
  return files;
}

function checkpointFiles(random: Random): ReadonlyMap<string, Uint8Array> {
  switch (random.below(4)) {
    case 0:
      return new Map([["model.safetensors", safetensorsFile(random)]]);
    case 1:
      return new Map([["pytorch_model.bin", torchZip(random)]]);
    case 2:
      return new Map([["model.npz", zipArchive([{ name: "a.npy", content: npyFile(random) }], random)]]);
    default:
      return bundleFiles(random);
  }
}

/** The files of a TensorFlow checkpoint by name. */
export function bundleFiles(random: Random, compressed?: number): Map<string, Uint8Array> {
  const { index, data } = tensorBundle(random, compressed);
  return new Map([
    ["checkpoint", utf8(`model_checkpoint_path: "${random.orWrong("bert_model.ckpt", () => anyName(random))}"\n`)],
    ["bert_model.ckpt.index", index],
    ["bert_model.ckpt.data-00000-of-00001", data],
  ]);
}

/** A model's folder as a tar archive. */
export function tarOf(random: Random): Uint8Array {
  return tarArchive(placed(random), random);
}

/** A model's folder as it is downloaded: `.zip`, `.tar` or `.tar.gz`. */
export function release(random: Random): Uint8Array {
  switch (random.below(3)) {
    case 0:
      return zipArchive(placed(random), random);
    case 1:
      return tarOf(random);
    default:
      return new Uint8Array(gzipSync(tarOf(random)));
  }
}

function placed(random: Random): { name: string; content: Uint8Array }[] {
  const top = random.pick(["", "uncased_L-2_H-128_A-2/", "./"]);
  return [...modelFolder(random)].map(([name, content]) => ({
    name: random.orWrong(top, () => "../") + name,
    content,
  }));
}

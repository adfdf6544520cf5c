import { folderOf } from "../opening/model-folder.js";
import { encoderPath, filesWithoutTokenizer, type NeededFiles } from "../opening/needed-files.js";
import { joined } from "../opening/weights-files.js";
import { tokenizerTexts } from "./origin.js";

/** The files of a sentence encoder, and whatever its tokenizer is made of, which need not be one that is read here. */
export const conversionFiles: NeededFiles = async (repo, place) => {
  const files = new Set(await filesWithoutTokenizer(repo, place));
  const noWeights = () => Promise.reject(new TypeError("files are picked before weights are opened"));
  const folder = folderOf({ place, readText: (path) => repo.readText(path), openCheckpoint: noWeights });
  const path = await encoderPath(folder);
  for (const name of tokenizerTexts) {
    if (await repo.has(joined(path, name))) files.add(joined(path, name));
  }
  return [...files];
};

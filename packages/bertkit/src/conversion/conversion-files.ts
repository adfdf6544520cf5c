import { folderOf } from "../model-folder.js";
import { encoderPath, type NeededFiles, sentenceEncoderFiles } from "../needed-files.js";
import { joined } from "../weights-files.js";
import { tokenizerTexts } from "./origin.js";

/** The files of a sentence encoder, and whatever else its tokenizer is made of, which goes with a converted model. */
export const conversionFiles: NeededFiles = async (repo, place) => {
  const files = new Set(await sentenceEncoderFiles(repo, place));
  const noWeights = () => Promise.reject(new TypeError("files are picked before weights are opened"));
  const folder = folderOf({ place, readText: (path) => repo.readText(path), openCheckpoint: noWeights });
  const path = await encoderPath(folder);
  for (const name of tokenizerTexts) {
    if (await repo.has(joined(path, name))) files.add(joined(path, name));
  }
  return [...files];
};

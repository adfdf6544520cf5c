import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe } from "@jest/globals";

const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** The data folder: `BERTKIT_DATA`, else `../shared/data` beside the repository. */
export const dataFolder = resolve(repository, process.env.BERTKIT_DATA ?? "../shared/data");

/** The full path of a file or folder of the data folder. */
export const dataPath = (...parts: string[]): string => resolve(dataFolder, ...parts);

/** `describe`, where the named file or folder of the data folder exists; else skipped, and the title says why. */
export function describeWithData(path: string, title: string, body: () => void): void {
  if (existsSync(dataPath(path))) describe(title, body);
  else describe.skip(`${title} [skipped: no ${path} in BERTKIT_DATA]`, body);
}

export { positionsOf, realRows, realWeights, type Unpadded, unpad } from "./padded.js";
export { openRecordedModel, type RecordedBatch, type RecordedModel } from "./recorded-model.js";
export { spearman } from "./spearman.js";

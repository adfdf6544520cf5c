import type { Archive } from "@bertkit/checkpoint";
import type { ModelFiles } from "./model-folder.js";

/** A model's files in an archive, which is borrowed. */
export const archiveFiles = (archive: Archive): ModelFiles => ({
  place: archive.label,
  readText: (path) => archive.readText(path),
  openCheckpoint: (path, signal) => archive.openCheckpoint(path, signal),
});

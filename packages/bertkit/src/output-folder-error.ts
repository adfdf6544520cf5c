/** A folder to write into that holds something which would be lost. */
export class OutputFolderError extends Error {
  override readonly name = "OutputFolderError";
  readonly code = "OUTPUT_FOLDER";
}

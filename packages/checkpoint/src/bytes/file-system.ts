import { CheckpointError } from "../checkpoint-error.js";

/**
 * Node's files. Asked for at run time and without an `import`, so that bundlers for browsers have nothing to resolve.
 *
 * @throws CheckpointError `unsupported` where there are none, as in a browser.
 */
export function fileSystem(path: string): typeof import("node:fs/promises") {
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  if (files === undefined) {
    throw new CheckpointError(
      "unsupported",
      `${path} looks like a file's path, and there are no files here; give a URL (http:// or https://) or the bytes`,
    );
  }
  return files;
}

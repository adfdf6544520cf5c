import { CheckpointError } from "@bertkit/checkpoint";
import { fileSystem } from "./opening/model-folder.js";
import { OutputFolderError } from "./output-folder-error.js";

/**
 * Has `write` fill a folder of another name beside `folder`, and renames it when it is complete: whoever reads `folder`
 * never sees half of it. When `write` fails, nothing is left behind. Throws `OutputFolderError` for a folder that is
 * there and not empty, unless `overwrite` says to replace it and every file in it has a counterpart; `CheckpointError`
 * where it cannot be written. Node only.
 */
export async function writeWholeFolder(
  folder: string,
  overwrite: boolean,
  write: (place: string) => Promise<void>,
): Promise<void> {
  const { mkdir, rename, rm } = fileSystem(folder);
  const path = globalThis.process.getBuiltinModule("node:path").resolve(folder);
  await expectFree(path, overwrite);
  const random = crypto.getRandomValues(new Uint32Array(2)).join("");
  const [made, old] = [`${path}.${random}.partial`, `${path}.${random}.old`];
  try {
    await mkdir(made, { recursive: true });
    await write(made);
    const before = await filesBelow(path);
    await expectNothingLost(path, before, (await filesBelow(made)) ?? []);
    if (before) await rename(path, old);
    await rename(made, path).catch(async (error: unknown) => {
      if (before) await rename(old, path);
      throw error;
    });
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw isSystemError(error) ? new CheckpointError("io", `${path} cannot be written: ${error.message}`) : error;
  }
  await rm(old, { recursive: true, force: true });
}

async function expectFree(path: string, overwrite: boolean): Promise<void> {
  const found = await fileSystem(path)
    .stat(path)
    .catch(() => undefined);
  if (found && !found.isDirectory()) throw new OutputFolderError(`${path} is there and is no folder`);
  if (overwrite || !found || (await fileSystem(path).readdir(path)).length === 0) return;
  throw new OutputFolderError(`the folder ${path} is not empty: it can be overwritten where that is asked for`);
}

async function expectNothingLost(
  path: string,
  before: readonly string[] | undefined,
  after: readonly string[],
): Promise<void> {
  const lost = before?.find((file) => !after.includes(file));
  if (lost === undefined) return;
  throw new OutputFolderError(
    `the folder ${path} would lose ${lost}, which is none of the files written: move it away`,
  );
}

/** The files in a folder and in those inside it; undefined where there is no such folder. */
async function filesBelow(path: string): Promise<string[] | undefined> {
  const entries = await fileSystem(path)
    .readdir(path, { withFileTypes: true, recursive: true })
    .catch(() => undefined);
  return entries
    ?.filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(path.length + 1).replaceAll("\\", "/"));
}

const isSystemError = (error: unknown): error is Error =>
  error instanceof Error && "syscall" in error && "code" in error;

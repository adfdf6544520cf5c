import type { CachedRepo } from "./cache/model-cache.js";
import { HubError } from "./hub-error.js";
import { expectSafePath } from "./repo-path.js";

/** What a function that picks files may ask of a repository. */
export interface RepoView {
  /** Whether the repository has such a file. */
  has(path: string): Promise<boolean>;
  /** A file's text; undefined where there is no such file. */
  readText(path: string): Promise<string | undefined>;
}

/** Says which files are needed, by their paths. It may be called twice: first with what the cache knows. */
export type SelectFiles = (repo: RepoView) => Promise<readonly string[]>;

/** What the cache alone could tell: the files, or which one it is that the hub must be asked for. */
export type CachedSelection =
  | { readonly files: readonly string[] }
  | { readonly missing: string; readonly isDamaged: boolean };

// What is read as text is configuration and vocabularies.
const longestText = 256 * 2 ** 20;

/** Picks files of a commit by what is in the cache, and makes sure that they are there and sound. */
export async function selectCached(repo: CachedRepo, commit: string, select: SelectFiles): Promise<CachedSelection> {
  const expectSound = async (path: string): Promise<void> => {
    if (!(await repo.isSound(commit, path))) throw new NotCached(path, true);
  };
  const has = async (path: string): Promise<boolean> => {
    const state = await repo.stateOf(commit, expectSafePath(path));
    if (state === "unknown") throw new NotCached(path, false);
    return state === "present";
  };
  const view: RepoView = {
    has,
    async readText(path) {
      if (!(await has(path))) return undefined;
      await expectSound(path);
      return textOf(repo, commit, path);
    },
  };
  try {
    const files = await select(view);
    for (const path of files) {
      if (!(await has(path))) throw new NotCached(path, false);
      await expectSound(path);
    }
    return { files };
  } catch (error) {
    if (error instanceof NotCached) return { missing: error.path, isDamaged: error.isDamaged };
    throw error;
  }
}

/** The text of a file in the cache. */
export async function textOf(repo: CachedRepo, commit: string, path: string): Promise<string> {
  const blob = await repo.open(commit, path);
  if (blob.size > longestText)
    throw new HubError("argument", `${path} is too long to be read as text: ${blob.size} bytes`);
  return blob.text();
}

/** Ends a selection that the cache alone cannot answer. */
class NotCached extends Error {
  constructor(
    readonly path: string,
    readonly isDamaged: boolean,
  ) {
    super(path);
  }
}

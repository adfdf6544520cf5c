import { createHash } from "node:crypto";
import { type HubFiles, type ServedFile, servedFile } from "./content.js";

/** A model to be served. */
export interface HubModel {
  /** The files of its newest commit. */
  readonly files: HubFiles;
  /** Files of other revisions: tags, branches, `refs/pr/1`. */
  readonly revisions?: Readonly<Record<string, HubFiles>> | undefined;
  /** Whether only those see it who have the token. */
  readonly private?: boolean | undefined;
  /** Whether its files are only for those whom the owner has let in: nobody. */
  readonly gated?: boolean | undefined;
}

/** A model that is served. */
export interface Repository {
  readonly name: string;
  readonly private: boolean;
  readonly gated: boolean;
  /** The commit of each branch and tag. */
  readonly refs: Map<string, string>;
  /** The files of each commit, by path. */
  readonly commits: Map<string, ReadonlyMap<string, ServedFile>>;
}

/** Hashes a model's files and gives each of its revisions a commit. */
export async function repository(name: string, model: HubModel): Promise<Repository> {
  const served: Repository = {
    name,
    private: model.private ?? false,
    gated: model.gated ?? false,
    refs: new Map(),
    commits: new Map(),
  };
  await commit(served, "main", model.files);
  for (const [revision, files] of Object.entries(model.revisions ?? {})) await commit(served, revision, files);
  return served;
}

/** Moves a branch to a new commit with these files; the commit before stays. Gives the new one. */
export async function commit({ name, refs, commits }: Repository, revision: string, files: HubFiles): Promise<string> {
  const served = new Map<string, ServedFile>();
  for (const [path, content] of files) served.set(path, await servedFile(path, content));
  const hash = createHash("sha1").update(`${name}\0${commits.size}`);
  for (const { path, oid } of served.values()) hash.update(`${path}\0${oid}\0`);
  const sha = hash.digest("hex");
  refs.set(revision, sha);
  commits.set(sha, served);
  return sha;
}

/** The commit that a branch, a tag or a commit's own name stands for. */
export function commitOf({ refs, commits }: Repository, revision: string): string | undefined {
  const name = revision === "HEAD" ? "main" : revision;
  return refs.get(name) ?? (commits.has(name) ? name : undefined);
}

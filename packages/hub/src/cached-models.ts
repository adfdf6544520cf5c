import type { CachedModel, VerifiedFile } from "./cache/model-cache.js";
import { expectModelName } from "./fetch-model.js";
import { HubError } from "./hub-error.js";
import { accessOf, type HubOptions } from "./hub-settings.js";
import { isCommit } from "./model-name.js";
import { openCache } from "./open-cache.js";
import { similarNames } from "./similar-names.js";

/** The models in the cache, whoever fetched them, by name. Throws `HubError` where there is no cache. */
export async function listCachedModels(options: HubOptions = {}): Promise<CachedModel[]> {
  return (await openCache(await accessOf(options))).list();
}

/** A model, or one revision of it, that is no longer in the cache. */
export interface RemovedModel {
  readonly name: string;
  readonly commits: readonly string[];
  /** How much room that made. */
  readonly bytes: number;
}

/**
 * Removes a model from the cache, or with `namespace/name@revision` one commit of it; bytes that another commit needs
 * stay. Throws `HubError` `not-found` where the cache has no such model.
 */
export async function removeCachedModel(model: string, options: HubOptions = {}): Promise<RemovedModel> {
  const { repo, name, commits, commit } = await inCache(model, options);
  const bytes = await repo.remove(commit);
  return { name, commits: commit === undefined ? commits : [commit], bytes };
}

/**
 * Hashes every file that the cache has of a model, or of one revision of it, and says how each is. Throws `HubError`
 * `not-found` where the cache has no such model.
 */
export async function verifyCachedModel(model: string, options: HubOptions = {}): Promise<VerifiedFile[]> {
  const { repo, commit } = await inCache(model, options);
  return repo.verify(commit);
}

async function inCache(model: string, options: HubOptions) {
  const { name, revision } = expectModelName(model);
  const cache = await openCache(await accessOf(options));
  const models = await cache.list();
  const commits = models.find((one) => one.name === name)?.commits.map(({ commit }) => commit);
  if (commits === undefined) {
    const others = models.map((one) => one.name);
    const suggestions = similarNames(name, others);
    throw new HubError("not-found", `${name} is not in the cache ${cache.place}`, { suggestions });
  }
  const repo = cache.model(name);
  if (!model.includes("@")) return { repo, name, commits, commit: undefined };
  const commit = isCommit(revision) ? revision : await repo.commitOf(revision);
  if (commit === undefined || !commits.includes(commit)) {
    throw new HubError("not-found", `${name} is in the cache ${cache.place}, but not its revision ${revision}`);
  }
  return { repo, name, commits, commit };
}

import type { CachedRepo } from "./cache/model-cache.js";
import { type FetchPlan, type FetchProgress, fetchOnline } from "./fetch-online.js";
import { HubError } from "./hub-error.js";
import { type Access, accessOf, type HubOptions } from "./hub-settings.js";
import { isCommit, type ModelName, parseModelName } from "./model-name.js";
import { environmentFetch } from "./network/environment-fetch.js";
import { searchModels } from "./network/hub-client.js";
import { defaultPatience, type Patience, type Retry } from "./network/patience.js";
import { Transport } from "./network/transport.js";
import { openCache } from "./open-cache.js";
import { type CachedSelection, type SelectFiles, selectCached } from "./repo-view.js";
import { similarNames } from "./similar-names.js";

export interface FetchModelOptions extends HubOptions {
  /** Says which of the repository's files are needed. */
  readonly select: SelectFiles;
  /** Whether to ask the hub for a newer commit although the cache has all that is needed. Offline, this asks nobody. */
  readonly refresh?: boolean | undefined;
  /** Instead of the global `fetch`; proxies are then its concern. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told what will be fetched before it is; not called where the cache has everything. */
  readonly onPlan?: ((plan: FetchPlan) => void) | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** Told when something failed that may pass, before the pause and the next try. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  /** How long to try, where it isn't the usual. */
  readonly patience?: Partial<Patience> | undefined;
}

/** A model whose files are in the cache. */
export interface FetchedModel extends ModelName {
  readonly commit: string;
  /** The folder of its files; undefined in browsers. */
  readonly folder: string | undefined;
  /** The paths that were selected. */
  readonly files: readonly string[];
  /** One of these files; its bytes are read when needed. */
  open(path: string): Promise<Blob>;
}

/**
 * The files of a model, `namespace/name@revision`, that `select` asks for: from the cache where they are in it, without
 * any request; else from the hub, into the cache.
 *
 * @throws HubError in all its codes; the signal's reason where it stops the fetching.
 */
export async function fetchModel(model: string, options: FetchModelOptions): Promise<FetchedModel> {
  const name = expectModelName(model);
  const access = await accessOf(options);
  const cache = await openCache(access);
  const repo = cache.model(name.name);
  const { revision } = name;
  const commit = isCommit(revision) ? revision : await repo.commitOf(revision);
  let cached: CachedSelection | undefined;
  if (commit !== undefined && (!options.refresh || access.offline)) {
    cached = await selectCached(repo, commit, options.select);
    if ("files" in cached) return fetched({ ...name, commit, files: cached.files }, repo);
  }
  if (access.offline) throw offlineError({ name, cached, place: cache.place, others: await namesIn(cache) });
  const opened = options.fetch ? { fetch: options.fetch, close: async () => {} } : await environmentFetch();
  const patience = { ...defaultPatience, ...options.patience };
  const connection = { access, patience, fetch: opened.fetch, signal: options.signal, onRetry: options.onRetry };
  try {
    const job = { ...options, ...connection, name, repo, place: cache.place };
    // The commit that is known stays: a newer one is looked for when asked only.
    const found = await fetchOnline({
      ...job,
      transport: new Transport(connection),
      commit: options.refresh ? undefined : commit,
    });
    return fetched({ ...name, ...found }, repo);
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== "not-found") throw error;
    const others = [...(await namesIn(cache)), ...(await searched(name, connection))];
    throw withSuggestions(error, name.name, others);
  } finally {
    await opened.close();
  }
}

/** Takes a model's name apart. Throws `HubError` `name` for what cannot be one. */
export function expectModelName(model: string): ModelName {
  const parsed = parseModelName(model);
  if (parsed !== undefined) return parsed;
  const shown = JSON.stringify(model.length > 200 ? `${model.slice(0, 200)}…` : model);
  throw new HubError("name", `${shown} is not the name of a model on the hub`, {
    hint: "Names look like sentence-transformers/all-MiniLM-L6-v2, with @revision after it where one is meant.",
  });
}

function fetched(found: ModelName & { commit: string; files: readonly string[] }, repo: CachedRepo): FetchedModel {
  const { name, revision, commit, files } = found;
  const open = async (path: string): Promise<Blob> => {
    if (files.includes(path)) return repo.open(commit, path);
    throw new HubError("argument", `${path} is not one of the files that were selected of ${name}`);
  };
  return { name, revision, commit, folder: repo.folderOf(commit), files, open };
}

interface OfflineFacts {
  readonly name: ModelName;
  readonly cached: CachedSelection | undefined;
  readonly place: string;
  readonly others: readonly string[];
}

function offlineError({ name: { name, revision }, cached, place, others }: OfflineFacts): HubError {
  const model = revision === "main" ? name : `${name}@${revision}`;
  if (cached && "isDamaged" in cached && cached.isDamaged) {
    const message = `${cached.missing} of ${model} in the cache ${place} is damaged, and the network is not to be used`;
    return new HubError("corrupt", message, {
      hint: "Run once online (without --offline and HF_HUB_OFFLINE) to fetch it again.",
    });
  }
  const what = cached && "missing" in cached ? `${cached.missing} of ${model}` : model;
  const message = `${what} is not in the cache ${place}, and the network is not to be used`;
  const hint =
    "Run once online (without --offline and HF_HUB_OFFLINE), or let HF_HUB_CACHE name the cache that has it.";
  return new HubError("offline", message, { hint, suggestions: cached ? [] : similarNames(name, others) });
}

/** Suggestions are a courtesy: what goes wrong with them is not told. */
async function namesIn(cache: { list(): Promise<readonly { name: string }[]> }): Promise<string[]> {
  return (await cache.list().catch(() => [])).map(({ name }) => name);
}

type Connection = ConstructorParameters<typeof Transport>[0] & { readonly access: Access };

async function searched({ name }: ModelName, connection: Connection): Promise<string[]> {
  const hurried = new Transport({
    ...connection,
    onRetry: undefined,
    patience: { ...connection.patience, attempts: 1, stall: 3000 },
  });
  const { endpoint } = connection.access;
  const query = name.slice(name.indexOf("/") + 1);
  return searchModels({ endpoint, transport: hurried }, query, 20).catch(() => []);
}

function withSuggestions(error: HubError, name: string, others: readonly string[]): HubError {
  // Where the model is known, it is a revision or a file that is missing.
  const suggestions = others.includes(name) ? [] : similarNames(name, others);
  return suggestions.length === 0 ? error : new HubError(error.code, error.message, { hint: error.hint, suggestions });
}

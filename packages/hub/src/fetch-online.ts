import type { CachedRepo } from "./cache/model-cache.js";
import { download } from "./download.js";
import { HubError } from "./hub-error.js";
import type { Access } from "./hub-settings.js";
import type { ModelName } from "./model-name.js";
import { addressOf, listCommit, newestCommit } from "./network/hub-client.js";
import type { PersistOptions } from "./network/patience.js";
import type { Transport } from "./network/transport.js";
import type { RepoFile } from "./repo-file.js";
import { expectSafePath } from "./repo-path.js";
import { type SelectFiles, textOf } from "./repo-view.js";

/** What is about to be fetched. */
export interface FetchPlan extends ModelName {
  readonly commit: string;
  readonly endpoint: string;
  /** The cache that it goes to: a folder's path, or a name for the browser's. */
  readonly place: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** Of all these files. */
  readonly bytes: number;
  /** Files that were in the cache and are fetched again because their bytes had changed. */
  readonly damaged: readonly string[];
}

export interface FetchProgress {
  /** Of the plan's bytes, those that are there, whatever attempt brought them. */
  readonly bytes: number;
  readonly total: number;
}

/** One model's way into the cache. */
export interface OnlineJob extends PersistOptions {
  readonly name: ModelName;
  /** Undefined for the one that the revision is at now. */
  readonly commit: string | undefined;
  readonly repo: CachedRepo;
  readonly place: string;
  readonly access: Access;
  readonly transport: Transport;
  readonly select: SelectFiles;
  readonly onPlan?: ((plan: FetchPlan) => void) | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
}

const atOnce = 4;

/**
 * Fetches what is selected and not in the cache. Only when all of it is there does the revision stand for the commit.
 */
export async function fetchOnline(job: OnlineJob): Promise<{ commit: string; files: readonly string[] }> {
  const { name, repo } = job;
  const { commit, listing } = await findCommit(job);
  const need: Need = { missing: [], brought: [], damaged: [], absent: new Set() };
  const files = await selectOnline(job, { commit, listing, need });
  const wanted = files.map((path) => expectListed(listing, path, name));
  for (const file of wanted) if (await lacks(repo, commit, { file, need })) need.missing.push(file);
  if (need.missing.length + need.damaged.length > 0) job.onPlan?.(planOf(job, commit, need));
  await downloadAll(job, commit, need);
  for (const file of wanted) await repo.add(commit, file);
  for (const path of need.absent) await repo.markAbsent(commit, path);
  await repo.setCommit(name.revision, commit);
  return { commit, files };
}

/** What a selection found out. */
interface Need {
  readonly missing: RepoFile[];
  /** Fetched already, for they had to be read. */
  readonly brought: RepoFile[];
  readonly damaged: string[];
  /** Paths that were asked for and that the commit does not have. */
  readonly absent: Set<string>;
}

interface Selection {
  readonly commit: string;
  readonly listing: ReadonlyMap<string, RepoFile>;
  readonly need: Need;
}

async function findCommit(job: OnlineJob): Promise<Omit<Selection, "need">> {
  const hub = { endpoint: job.access.endpoint, transport: job.transport };
  if (job.commit !== undefined) {
    try {
      return { commit: job.commit, listing: await listCommit(hub, job.name, job.commit) };
    } catch (error) {
      // A branch's owner may rewrite its history: then what the branch was at is gone.
      const isGone = error instanceof HubError && error.code === "not-found" && job.commit !== job.name.revision;
      if (!isGone) throw error;
    }
  }
  const commit = await newestCommit(hub, job.name);
  return { commit, listing: await listCommit(hub, job.name, commit) };
}

/** Picks files by the hub's listing. What is read on the way is small, and fetched at once. */
async function selectOnline(job: OnlineJob, { commit, listing, need }: Selection): Promise<readonly string[]> {
  const { repo, select } = job;
  const listed = (path: string): RepoFile | undefined => {
    const file = listing.get(expectSafePath(path));
    if (file === undefined) need.absent.add(path);
    return file;
  };
  const files = await select({
    has: async (path) => listed(path) !== undefined,
    async readText(path) {
      const file = listed(path);
      if (file === undefined) return undefined;
      if (await lacks(repo, commit, { file, need })) {
        await downloadOne(job, commit, { file, onBytes: () => {} });
        need.brought.push(file);
      }
      await repo.add(commit, file);
      return textOf(repo, commit, path);
    },
  });
  return [...new Set(files)];
}

/** Whether a file's bytes have to be fetched; notes where that is because the ones in the cache are damaged. */
async function lacks(
  repo: CachedRepo,
  commit: string,
  { file, need }: { file: RepoFile; need: Need },
): Promise<boolean> {
  if (await repo.holds(file)) return false;
  if ((await repo.stateOf(commit, file.path)) === "present") need.damaged.push(file.path);
  return true;
}

function expectListed(listing: ReadonlyMap<string, RepoFile>, path: string, { name, revision }: ModelName): RepoFile {
  const file = listing.get(expectSafePath(path));
  if (file !== undefined) return file;
  throw new HubError("not-found", `${name}@${revision} has no file ${path}`);
}

function planOf({ name, access, place }: OnlineJob, commit: string, { brought, missing, damaged }: Need): FetchPlan {
  const files = [...brought, ...missing].map(({ path, size }) => ({ path, size }));
  return { ...name, commit, endpoint: access.endpoint, place, files, bytes: sizeOf(files), damaged };
}

/** A few at a time; the first that fails stops the others. */
async function downloadAll(job: OnlineJob, commit: string, { missing, brought }: Need): Promise<void> {
  const stop = new AbortController();
  const signal = job.signal ? AbortSignal.any([job.signal, stop.signal]) : stop.signal;
  const done = new Map(brought.map(({ path, size }) => [path, size]));
  const total = sizeOf([...brought, ...missing]);
  const waiting = missing.values();
  const work = async (): Promise<void> => {
    for (const file of waiting) {
      await downloadOne({ ...job, signal }, commit, {
        file,
        onBytes(bytes) {
          done.set(file.path, bytes);
          job.onProgress?.({ bytes: [...done.values()].reduce((sum, part) => sum + part, 0), total });
        },
      });
    }
  };
  const workers = Array.from({ length: atOnce }, () =>
    work().catch((error: unknown) => {
      stop.abort();
      throw error;
    }),
  );
  const results = await Promise.allSettled(workers);
  job.signal?.throwIfAborted();
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const cause = failures.find((error) => error !== stop.signal.reason);
  if (failures.length > 0) throw cause;
}

function downloadOne(
  { name, repo, access, transport, patience, signal, onRetry }: OnlineJob,
  commit: string,
  { file, onBytes }: { file: RepoFile; onBytes: (bytes: number) => void },
): Promise<void> {
  const { path } = file;
  const address = addressOf(access.endpoint, name.name, { commit, path });
  const read = (from: number) => transport.read(address, from, { subject: { ...name, path }, signal });
  return download({ repo, file, read, patience, signal, onRetry, onBytes });
}

const sizeOf = (files: readonly { readonly size: number }[]): number =>
  files.reduce((bytes, { size }) => bytes + size, 0);

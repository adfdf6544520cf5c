import { HubError } from "../hub-error.js";
import { isCommit, type ModelName } from "../model-name.js";
import type { RepoFile } from "../repo-file.js";
import { isSafePath } from "../repo-path.js";
import type { Transport } from "./transport.js";

/** A hub and how to ask it. */
export interface HubAddress {
  readonly endpoint: string;
  readonly transport: Transport;
}

// A listing is read whole; no model has as many files.
const mostFiles = 100_000;

/** The commit that a revision is at now. */
export async function newestCommit({ endpoint, transport }: HubAddress, model: ModelName): Promise<string> {
  const { modelInfo } = await client();
  const { name, revision } = model;
  const options = { name, revision, hubUrl: endpoint, additionalFields: ["sha" as const] };
  const found = await speaking(modelInfo({ ...options, fetch: transport.fetchFor(model) }));
  if (typeof found.sha !== "string" || !isCommit(found.sha)) throw notAHub();
  return found.sha;
}

/**
 * The files of a commit by path. A path that could lead out of a folder is not among them, so nothing can ask for it.
 */
export async function listCommit(
  { endpoint, transport }: HubAddress,
  model: ModelName,
  commit: string,
): Promise<ReadonlyMap<string, RepoFile>> {
  const { listFiles } = await client();
  const options = { repo: model.name, revision: commit, recursive: true, hubUrl: endpoint };
  const entries = listFiles({ ...options, fetch: transport.fetchFor(model) });
  const files = new Map<string, RepoFile>();
  for (;;) {
    const { done, value: entry } = await speaking(entries.next());
    if (done) return files;
    if (entry.type !== "file" || typeof entry.path !== "string" || !isSafePath(entry.path)) continue;
    const [etag, size] = entry.lfs ? [entry.lfs.oid, entry.lfs.size] : [entry.oid, entry.size];
    if (!Number.isSafeInteger(size) || size < 0 || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(String(etag))) throw notAHub();
    files.set(entry.path, { path: entry.path, size, etag: etag as string });
    if (files.size > mostFiles) throw new HubError("protocol", `${model.name} has over ${mostFiles} files`);
  }
}

/** Names of models that a search for a text finds on the hub. */
export async function searchModels(
  { endpoint, transport }: HubAddress,
  query: string,
  limit: number,
): Promise<string[]> {
  const { listModels } = await client();
  const fetch = transport.fetchFor({ name: query, revision: "main" });
  const names: string[] = [];
  for await (const { name } of listModels({ search: { query }, limit, hubUrl: endpoint, fetch })) names.push(name);
  return names;
}

/** The address of a file of a commit. */
export function addressOf(endpoint: string, name: string, { commit, path }: { commit: string; path: string }): string {
  return `${endpoint}/${name}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Loaded only when the network is needed: a model in the cache shouldn't wait for it. */
const client = (): Promise<typeof import("@huggingface/hub")> => import("@huggingface/hub");

/** What the client trips over that is no failure of the transport is an answer it did not expect. */
async function speaking<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer;
  } catch (error) {
    // Its own errors speak of a page's text where JSON was expected; the signal's reason is not its own.
    const isItsOwn =
      typeof error === "object" &&
      error !== null &&
      "name" in error &&
      ["SyntaxError", "TypeError"].includes(String(error.name));
    throw isItsOwn ? notAHub() : error;
  }
}

const notAHub = (): HubError =>
  new HubError("protocol", "what answered does not speak as a hub does", {
    hint: "Check HF_ENDPOINT, and that no proxy or sign-in page of a network answers instead.",
  });

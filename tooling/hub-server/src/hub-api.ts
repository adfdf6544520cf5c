import { type Exchange, refuse, sendJson } from "./exchange.js";
import { commitOf, type Repository } from "./repositories.js";

/** Everything that the API's answers are made of. */
export interface Library {
  readonly repositories: ReadonlyMap<string, Repository>;
  /** The one token that opens private models; none does where it is undefined. */
  readonly token: string | undefined;
  /** Entries of a listing in one answer. */
  readonly pageSize: number;
  /** The address of the host for large files. */
  readonly cdn: () => string;
}

/** Answers `/api/models…`. */
export function answerApi(exchange: Exchange, library: Library): void {
  const path = exchange.entry.path.slice("/api/models".length);
  if (path === "") {
    search(exchange, library);
    return;
  }
  const [, name = "", verb, rest = ""] = /^\/([^/]+(?:\/[^/]+)??)(?:\/(revision|tree)\/(.+))?$/.exec(path) ?? [];
  const found = seen(exchange, library, name);
  if (!found) return;
  const revision = verb === undefined ? "main" : rest;
  const sha = commitOf(found, revision);
  if (sha === undefined) unknownRevision(exchange, revision);
  else if (verb === "tree") list(exchange, found, sha, library.pageSize);
  else describe(exchange, found, sha);
}

/** The model of that name, as far as who asks may know of it; undefined where a refusal was sent. */
export function seen(exchange: Exchange, { repositories, token }: Library, name: string): Repository | undefined {
  const { authorization } = exchange.entry;
  const known = authorization !== undefined && authorization === `Bearer ${token}`;
  if (authorization !== undefined && !known) {
    refuse(exchange, 401, { message: "Invalid credentials in Authorization header" });
    return undefined;
  }
  const found = repositories.get(name);
  if (found && (known || !found.private)) return found;
  // Whoever has not said who they are can't be told whether there is a private model of that name.
  refuse(exchange, known ? 404 : 401, { code: "RepoNotFound", message: "Repository not found" });
  return undefined;
}

function search(exchange: Exchange, { repositories }: Library): void {
  const { searchParams } = exchange.url;
  const wanted = (searchParams.get("search") ?? "").toLowerCase();
  const names = [...repositories.values()].filter((one) => !one.private && one.name.toLowerCase().includes(wanted));
  const limit = Number(searchParams.get("limit") ?? 100);
  sendJson(exchange, names.slice(0, limit).map(summary));
}

function describe(exchange: Exchange, found: Repository, sha: string): void {
  const siblings = Array.from(found.commits.get(sha)!.keys(), (rfilename) => ({ rfilename }));
  sendJson(exchange, { ...summary(found), sha, siblings });
}

/** One page of a commit's tree, with a Link header to the next. */
function list(exchange: Exchange, found: Repository, sha: string, pageSize: number): void {
  const files = Array.from(found.commits.get(sha)!.values(), ({ path, size, oid, sha256 }) => ({
    type: "file",
    oid,
    size,
    path,
    ...(sha256 && { lfs: { oid: sha256, size, pointerSize: 134 } }),
  }));
  const folders = new Set(files.flatMap(({ path }) => foldersAround(path)));
  const entries = [...Array.from(folders, (path) => ({ type: "directory", oid: sha, size: 0, path })), ...files];
  const from = Number(exchange.url.searchParams.get("cursor") ?? 0);
  const next = new URL(exchange.url);
  next.searchParams.set("cursor", String(from + pageSize));
  const more = from + pageSize < entries.length;
  const link: Record<string, string> = more ? { link: `<${next.href}>; rel="next"` } : {};
  sendJson(exchange, entries.slice(from, from + pageSize), link);
}

/** The folders that a path leads through: `a/b/c.txt` through `a` and `a/b`. */
const foldersAround = (path: string): string[] =>
  path.split("/").flatMap((_, depth, parts) => (depth === 0 ? [] : parts.slice(0, depth).join("/")));

/** Says that the model has no such branch, tag or commit. */
export function unknownRevision(exchange: Exchange, revision: string): void {
  refuse(exchange, 404, { code: "RevisionNotFound", message: `Invalid rev id: ${revision}` });
}

const summary = ({ name, private: isPrivate, gated }: Repository) => ({
  _id: "621ffdc036468d709f174338",
  id: name,
  modelId: name,
  author: name.split("/")[0],
  private: isPrivate,
  gated: gated && "manual",
  pipeline_tag: "sentence-similarity",
  downloads: 1000,
  likes: 10,
  tags: [],
  createdAt: "2022-03-02T23:29:05.000Z",
  lastModified: "2025-03-06T13:37:44.000Z",
});

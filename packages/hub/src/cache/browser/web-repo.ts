import { HubError } from "../../hub-error.js";
import { isCommit } from "../../model-name.js";
import { gitHeader, hashOf, type RepoFile } from "../../repo-file.js";
import type { CachedCommit, CachedRepo, ClaimWatch, FileState, PartialBlob, VerifiedFile } from "../model-cache.js";
import { claimParts, partsOf } from "./web-parts.js";

/*
 * Entries of the cache, by addresses that nothing answers:
 *
 *     …/NAME/refs/REVISION          the commit, as text
 *     …/NAME/snapshots/COMMIT/PATH  the file as JSON: { size, etag }, or null where the commit has none
 *     …/NAME/blobs/ETAG             the size, once the bytes were hashed
 *     …/NAME/parts/ETAG/NUMBER      the bytes, cut into parts
 */

/** The address of an entry. */
export const keyOf = (name: string, ...parts: readonly string[]): string =>
  `https://bertkit.invalid/${[name, ...parts].map(encodeURIComponent).join("/")}`;

/** The end of an entry's address, read back. */
const lastOf = (url: string): string => decodeURIComponent(url.slice(url.lastIndexOf("/") + 1));

type Entry = Pick<RepoFile, "size" | "etag"> | null;

/** One model's entries in the Cache API. */
export class WebRepo implements CachedRepo {
  readonly #cache: Cache;
  readonly #name: string;

  constructor(cache: Cache, name: string) {
    this.#cache = cache;
    this.#name = name;
  }

  folderOf(): undefined {
    return undefined;
  }

  async commitOf(revision: string): Promise<string | undefined> {
    const text = await (await this.#cache.match(keyOf(this.#name, "refs", revision)))?.text();
    return text !== undefined && isCommit(text) ? text : undefined;
  }

  async setCommit(revision: string, commit: string): Promise<void> {
    if (revision !== commit) await this.#cache.put(keyOf(this.#name, "refs", revision), new Response(commit));
  }

  async stateOf(commit: string, path: string): Promise<FileState> {
    const entry = await this.#entryOf(commit, path);
    if (entry === null) return "absent";
    return entry && (await this.#isWhole(entry)) ? "present" : "unknown";
  }

  /** What a browser stores it guards itself; `verify` hashes all the same. */
  async isSound(commit: string, path: string): Promise<boolean> {
    return (await this.stateOf(commit, path)) === "present";
  }

  async open(commit: string, path: string): Promise<Blob> {
    const entry = await this.#entryOf(commit, path);
    if (entry) return this.#bytesOf(entry);
    throw new HubError("argument", `${path} of ${this.#name} is not in the browser's cache`);
  }

  holds(file: RepoFile): Promise<boolean> {
    return this.#isWhole(file);
  }

  async claim(file: RepoFile, watch: ClaimWatch): Promise<PartialBlob | undefined> {
    const parts = (number: number) => keyOf(this.#name, "parts", file.etag, String(number));
    const claimed = await claimParts({ cache: this.#cache, key: parts, lock: keyOf(this.#name, file.etag), watch });
    if (await this.#isWhole(file)) {
      await claimed.release();
      return undefined;
    }
    return {
      get size() {
        return claimed.size;
      },
      write: (at, bytes) => claimed.write(at, bytes),
      empty: () => claimed.empty(),
      release: () => claimed.release(),
      keep: async () => {
        await claimed.flush();
        if (claimed.size !== file.size || (await etagOf(await this.#bytesOf(file), file.etag)) !== file.etag)
          return false;
        await this.#cache.put(keyOf(this.#name, "blobs", file.etag), new Response(String(file.size)));
        return true;
      },
    };
  }

  async add(commit: string, { path, size, etag }: RepoFile): Promise<void> {
    const entry: Entry = { size, etag };
    await this.#cache.put(keyOf(this.#name, "snapshots", commit, path), Response.json(entry));
  }

  async markAbsent(commit: string, path: string): Promise<void> {
    await this.#cache.put(keyOf(this.#name, "snapshots", commit, path), Response.json(null));
  }

  async verify(commit?: string): Promise<VerifiedFile[]> {
    const files: VerifiedFile[] = [];
    for (const file of await this.#files()) {
      if (commit !== undefined && file.commit !== commit) continue;
      const isHere = await this.#isWhole(file);
      const isRight = isHere && (await etagOf(await this.#bytesOf(file), file.etag)) === file.etag;
      const state = !isHere ? "missing" : isRight ? "ok" : "wrong";
      files.push({ commit: file.commit, path: file.path, bytes: file.size, state });
      // So that it is fetched again when it is next needed.
      if (state === "wrong") await this.#cache.delete(keyOf(this.#name, "blobs", file.etag));
    }
    return files;
  }

  async remove(commit?: string): Promise<number> {
    const files = await this.#files();
    const isGone = (one: string) => commit === undefined || one === commit;
    const kept = new Set(files.filter((file) => !isGone(file.commit)).map(({ etag }) => etag));
    for (const [revision, at] of await this.#revisions()) {
      if (isGone(at)) await this.#cache.delete(keyOf(this.#name, "refs", revision));
    }
    const freed = new Map<string, number>();
    for (const file of files) if (isGone(file.commit) && !kept.has(file.etag)) freed.set(file.etag, file.size);
    for (const url of await this.#urls()) {
      const [, , kind, second = ""] = new URL(url).pathname.split("/");
      const isOfCommit = kind === "snapshots" && isGone(second);
      const isFreed = (kind === "blobs" || kind === "parts") && (commit === undefined || freed.has(second));
      if (isOfCommit || isFreed) await this.#cache.delete(url);
    }
    return sum(freed.values());
  }

  /** Each commit with its names, and the bytes of all of them together. */
  async describe(): Promise<{ commits: CachedCommit[]; bytes: number }> {
    const [files, names] = [await this.#files(), await this.#revisions()];
    const commits = Array.from(new Set(files.map(({ commit }) => commit)), (commit): CachedCommit => {
      const own = files.filter((file) => file.commit === commit);
      const revisions = [...names].filter(([, at]) => at === commit).map(([name]) => name);
      return { commit, revisions, files: own.length, bytes: bytesIn(own) };
    });
    return { commits, bytes: bytesIn(files) };
  }

  async #entryOf(commit: string, path: string): Promise<Entry | undefined> {
    const stored = await this.#cache.match(keyOf(this.#name, "snapshots", commit, path));
    return stored && ((await stored.json()) as Entry);
  }

  async #isWhole({ size, etag }: NonNullable<Entry>): Promise<boolean> {
    const stored = await this.#cache.match(keyOf(this.#name, "blobs", etag));
    return stored !== undefined && (await stored.text()) === String(size);
  }

  async #bytesOf({ etag }: NonNullable<Entry>): Promise<Blob> {
    return new Blob(await partsOf(this.#cache, (number) => keyOf(this.#name, "parts", etag, String(number))));
  }

  async #urls(): Promise<string[]> {
    const inside = `${keyOf(this.#name)}/`;
    return (await this.#cache.keys()).map(({ url }) => url).filter((url) => url.startsWith(inside));
  }

  async #files(): Promise<(RepoFile & { commit: string })[]> {
    const start = `${keyOf(this.#name, "snapshots")}/`;
    const found: (RepoFile & { commit: string })[] = [];
    for (const url of await this.#urls()) {
      if (!url.startsWith(start)) continue;
      const commit = url.slice(start.length, url.lastIndexOf("/"));
      const entry = await this.#entryOf(commit, lastOf(url));
      if (entry) found.push({ ...entry, commit, path: lastOf(url) });
    }
    return found;
  }

  async #revisions(): Promise<Map<string, string>> {
    const start = `${keyOf(this.#name, "refs")}/`;
    const names = new Map<string, string>();
    for (const url of await this.#urls()) {
      if (url.startsWith(start)) names.set(lastOf(url), (await this.commitOf(lastOf(url))) ?? "");
    }
    return names;
  }
}

/** What the hub would name these bytes by. */
async function etagOf(bytes: Blob, like: string): Promise<string> {
  const isGit = hashOf(like) === "git";
  const hashed = await (isGit ? new Blob([gitHeader(bytes.size), bytes]) : bytes).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest(isGit ? "SHA-1" : "SHA-256", hashed));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const bytesIn = (files: readonly RepoFile[]): number =>
  sum(new Map(files.map(({ etag, size }) => [etag, size])).values());

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

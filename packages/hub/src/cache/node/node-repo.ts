import { codeOf, HubError } from "../../hub-error.js";
import { isCommit } from "../../model-name.js";
import type { RepoFile } from "../../repo-file.js";
import type { CachedRepo, ClaimWatch, FileState, PartialBlob, VerifiedFile } from "../model-cache.js";
import { checkBlob, hashBlob } from "./blob-marks.js";
import { diskError, type NodePlace } from "./node-place.js";
import { claimPartial } from "./partial-file.js";
import { blobOf, removeSnapshots, snapshotFiles, snapshotsIn } from "./snapshots.js";

/** A model's folder in the cache that Python's huggingface_hub shares. */
export class NodeRepo implements CachedRepo {
  readonly #place: NodePlace;

  constructor(place: NodePlace) {
    this.#place = place;
  }

  folderOf(commit: string): string {
    return this.#place.node.path.join(this.#place.snapshots, commit);
  }

  async commitOf(revision: string): Promise<string | undefined> {
    const { node, refs } = this.#place;
    const content = await node.files.readFile(node.path.join(refs, revision), "utf8").catch(() => "");
    return isCommit(content.trim()) ? content.trim() : undefined;
  }

  async setCommit(revision: string, commit: string): Promise<void> {
    if (revision === commit) return;
    await this.#writing(() => this.#writeWhole(this.#place.node.path.join(this.#place.refs, revision), commit));
  }

  async stateOf(commit: string, path: string): Promise<FileState> {
    const { node, noExist } = this.#place;
    const exists = async (file: string) => (await node.files.stat(file).catch(() => undefined))?.isFile() ?? false;
    if (await exists(this.#fileOf(commit, path))) return "present";
    if (await exists(node.path.join(noExist, commit, path))) return "absent";
    // A link without its blob says that the commit has the file.
    const link = await node.files.lstat(this.#fileOf(commit, path)).catch(() => undefined);
    if (link === undefined && (await this.#isListedWithout(commit, path))) return "absent";
    return "unknown";
  }

  async isSound(commit: string, path: string): Promise<boolean> {
    const etag = await blobOf(this.#place, this.#fileOf(commit, path));
    return etag === undefined || (await checkBlob(this.#place, etag)) !== "wrong";
  }

  async open(commit: string, path: string): Promise<Blob> {
    const { openAsBlob } = globalThis.process.getBuiltinModule("node:fs");
    return openAsBlob(this.#fileOf(commit, path));
  }

  async holds({ etag }: RepoFile): Promise<boolean> {
    return (await checkBlob(this.#place, etag)) === "ok";
  }

  async claim(file: RepoFile, watch: ClaimWatch): Promise<PartialBlob | undefined> {
    return this.#writing(async () => {
      // Without this folder huggingface_hub takes what is there for a broken cache.
      await this.#place.node.files.mkdir(this.#place.snapshots, { recursive: true });
      return claimPartial(this.#place, file, watch);
    });
  }

  async add(commit: string, { path, etag }: RepoFile): Promise<void> {
    const { node, blobs } = this.#place;
    const [link, blob] = [this.#fileOf(commit, path), node.path.join(blobs, etag)];
    const target = node.path.relative(node.path.dirname(link), blob);
    await this.#writing(async () => {
      await node.files.mkdir(node.path.dirname(link), { recursive: true });
      if ((await node.files.readlink(link).catch(() => undefined)) === target) return;
      await this.#replace(link, async (fresh) => {
        try {
          await node.files.symlink(target, fresh);
        } catch (error) {
          if (codeOf(error) === "ENOSPC") throw error;
          // Windows lets few people make links, and some file systems have none.
          await node.files.copyFile(blob, fresh);
        }
      });
    });
  }

  async markAbsent(commit: string, path: string): Promise<void> {
    const { node, noExist } = this.#place;
    const marker = node.path.join(noExist, commit, path);
    await this.#writing(async () => {
      await node.files.mkdir(node.path.dirname(marker), { recursive: true });
      await node.files.writeFile(marker, "");
    });
  }

  async verify(commit?: string): Promise<VerifiedFile[]> {
    const files: VerifiedFile[] = [];
    const known = new Map<string, VerifiedFile["state"]>();
    for (const one of await snapshotsIn(this.#place)) {
      if (commit !== undefined && one !== commit) continue;
      for (const { path, etag, bytes } of await snapshotFiles(this.#place, one)) {
        const state = etag === undefined ? "unknown" : (known.get(etag) ?? (await hashBlob(this.#place, etag)));
        if (etag !== undefined) known.set(etag, state);
        files.push({ commit: one, path, bytes, state });
      }
    }
    return files;
  }

  remove(commit?: string): Promise<number> {
    return this.#writing(() => removeSnapshots(this.#place, commit));
  }

  #fileOf(commit: string, path: string): string {
    return this.#place.node.path.join(this.#place.snapshots, commit, path);
  }

  /** Whether huggingface_hub fetched the whole commit, or listed it, and there was no such file. */
  async #isListedWithout(commit: string, path: string): Promise<boolean> {
    const { node, trees } = this.#place;
    if (await node.files.lstat(this.#fileOf(commit, ".gitattributes")).catch(() => undefined)) return true;
    const text = await node.files.readFile(node.path.join(trees, `${commit}.json`), "utf8").catch(() => "null");
    try {
      const tree: unknown = JSON.parse(text);
      const files = tree && typeof tree === "object" && "files" in tree ? tree.files : undefined;
      return typeof files === "object" && files !== null && !Object.hasOwn(files, path);
    } catch {
      return false;
    }
  }

  #writeWhole(path: string, content: string): Promise<void> {
    return this.#replace(path, (fresh) => this.#place.node.files.writeFile(fresh, content));
  }

  /** Makes a file elsewhere and then moves it into place, so that nobody sees half of it. */
  async #replace(path: string, make: (fresh: string) => Promise<void>): Promise<void> {
    const { node, own } = this.#place;
    const fresh = node.path.join(own, "new", node.crypto.randomUUID());
    await node.files.mkdir(node.path.dirname(fresh), { recursive: true });
    await node.files.mkdir(node.path.dirname(path), { recursive: true });
    try {
      await make(fresh);
      await node.files.rename(fresh, path);
    } catch (error) {
      await node.files.rm(fresh, { force: true });
      throw error;
    }
  }

  async #writing<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof HubError) throw error;
      throw diskError(error, `the cache ${this.#place.folder} cannot be changed`);
    }
  }
}
